/** Where the demo puts its files. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemErrorCode, UsageError, UserError } from "../../util/errors.ts";

export interface Workplace {
  readonly folder: string;
  readonly kept: boolean;
  /** Takes a temporary folder away. */
  remove(): void;
}

/** @throws UserError when the folder to keep things in is in use or cannot be made */
export function makeWorkplace(keep: string | undefined): Workplace {
  if (keep === undefined) {
    const folder = mkdtempSync(join(tmpdir(), "perfmon-demo-"));
    const remove = () => rmSync(folder, { recursive: true, force: true });
    process.once("exit", remove);
    return { folder, kept: false, remove };
  }
  if (existsSync(keep) && readdirSync(keep).length > 0) {
    throw new UsageError(`${keep} is not empty.`, "Give --keep a new folder.");
  }
  try {
    mkdirSync(keep, { recursive: true });
  } catch (error) {
    throw new UserError(`${keep} cannot be made (${systemErrorCode(error) ?? String(error)}).`);
  }
  return { folder: keep, kept: true, remove: () => undefined };
}
