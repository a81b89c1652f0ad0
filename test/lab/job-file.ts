import { join } from "node:path";
import { projectRoot } from "../support/source-files.ts";

/** A program of the lab's jobs, by its name in `test/lab/job/`. */
export function jobFile(name: string): string {
  return join(projectRoot, "test", "lab", "job", name);
}
