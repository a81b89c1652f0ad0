/** Where the built programs are: beside the command line, or in `dist/` when that runs from source. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { UserError } from "../../util/errors.ts";

/** The one-file agent. @throws UserError when it was not built */
export function agentFile(): string {
  return builtFile("agent.cjs");
}

/** The command line as a program for Node. @throws UserError when it was not built */
export function programFile(): string {
  return builtFile("cli/main.js");
}

function builtFile(name: string): string {
  for (const folder of ["../../", "../../../dist/"]) {
    const path = fileURLToPath(new URL(`${folder}${name}`, import.meta.url));
    if (existsSync(path)) return path;
  }
  throw new UserError(
    `${name} is not there.`,
    "In a clone: npm run build. Else install perfmon again.",
  );
}
