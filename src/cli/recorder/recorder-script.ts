/** The recorder for nodes without Node: `recorder.sh`, which the build puts beside this file. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { VERSION } from "../../util/version.ts";

export function recorderScript(): string {
  const path = fileURLToPath(new URL("recorder.sh", import.meta.url));
  return readFileSync(path, "utf8").split("@VERSION@").join(VERSION);
}
