/**
 * Tests that need more than Node: a Debian package, or root. Without it they are skipped by name,
 * and the run says what to install; CI counts such a skip as a failure.
 *
 * @example needs("sysstat").describe("agreement with iostat", () => { ... });
 */
import { describe, it } from "vitest";
import { missingPackages } from "../../scripts/test-packages.mjs";

/** What stands in the name of a skipped test; `scripts/test.mjs` looks for it. */
const SKIP_MARK = "needs";

export interface Needs {
  /** Nothing is missing. */
  readonly met: boolean;
  /** `sysstat, root`; empty when nothing is missing. */
  readonly missing: string;
  describe(name: string, body: () => void): void;
  it(name: string, body: () => Promise<void> | void, timeoutMs?: number): void;
}

/** @param what names of Debian packages listed in `scripts/test-packages.mjs`, or `root` */
export function needs(...what: readonly string[]): Needs {
  const packages = missingPackages(what.filter((name) => name !== "root"));
  const root = what.includes("root") && process.getuid?.() !== 0 ? ["root"] : [];
  const missing = [...packages, ...root].join(", ");
  const met = missing === "";
  const title = (name: string) => (met ? name : `${name} [${SKIP_MARK} ${missing}]`);
  return {
    met,
    missing,
    describe: (name, body) => {
      if (met) describe(title(name), body);
      else describe.skip(title(name), body);
    },
    it: (name, body, timeoutMs) => {
      if (met) it(title(name), body, timeoutMs);
      else it.skip(title(name), body, timeoutMs);
    },
  };
}
