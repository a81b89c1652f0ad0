import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { rulesDoc } from "../scripts/rules-doc.ts";

describe("docs/rules.md", () => {
  it("is what the rules and thresholds say (stale? npm run docs)", () => {
    const page = readFileSync(new URL("../docs/rules.md", import.meta.url), "utf8");
    expect(page).toBe(rulesDoc());
  });
});
