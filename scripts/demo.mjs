/** `npm run demo`: installs and builds what is missing, then runs `perfmon demo`. Never needs root. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { ensureBuilt, ensureInstalled, projectRoot, requireNode } from "./bootstrap.mjs";

requireNode();
ensureInstalled();
ensureBuilt();
// The demo itself cleans up after Ctrl-C, which a terminal sends to both; wait for it to finish.
process.on("SIGINT", () => {});
const demo = spawnSync(
  process.execPath,
  [join(projectRoot, "dist", "cli", "main.js"), "demo", ...process.argv.slice(2)],
  { stdio: "inherit" },
);
process.exitCode = demo.status ?? 1;
