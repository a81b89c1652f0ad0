/**
 * `npm run lab [-- NAME...]`: plants causes in clusters of guests, has them compared, and adds what
 * came out to test/lab/results.tsv (docs/lab.md).
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { ensureBuilt, ensureInstalled, projectRoot, requireNode } from "./bootstrap.mjs";

requireNode();
ensureInstalled();
ensureBuilt();
const result = spawnSync(
  join(projectRoot, "node_modules", ".bin", "tsx"),
  [join(projectRoot, "test", "lab", "main.ts")].concat(process.argv.slice(2)),
  { cwd: projectRoot, stdio: "inherit" },
);
process.exitCode = result.status ?? 1;
