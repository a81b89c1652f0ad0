/**
 * Builds `dist/`: the program by `tsc`, and the one-file agent by rolldown. Everything goes to a
 * folder of its own first, so that a build that fails leaves the last one in place.
 */
import { chmodSync, copyFileSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot, requireNode, run } from "./bootstrap.mjs";

requireNode();
const started = new Date();
const bin = join(projectRoot, "node_modules", ".bin");
const fresh = join(projectRoot, `.dist-${process.pid}`);
const dist = join(projectRoot, "dist");
process.on("exit", () => rmSync(fresh, { recursive: true, force: true }));

run(join(bin, "tsc"), ["-p", "tsconfig.build.json", "--outDir", fresh]);
run(join(bin, "rolldown"), ["-c", "rolldown.config.ts", "--logLevel", "warn"], {
  env: { AGENT_BUNDLE_FOLDER: fresh },
});
for (const script of ["cli/recorder/recorder.sh", "cluster/node.sh"]) {
  copyFileSync(join(projectRoot, "src", script), join(fresh, script));
}
chmodSync(join(fresh, "cli", "main.js"), 0o755);
chmodSync(join(fresh, "agent.cjs"), 0o755);
// As old as the sources it was made from: what is edited during a build is newer.
writeFileSync(join(fresh, ".built"), "");
utimesSync(join(fresh, ".built"), started, started);
rmSync(dist, { recursive: true, force: true });
renameSync(fresh, dist);
