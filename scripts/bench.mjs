/**
 * `npm run bench [-- NAME...]`: runs every benchmark in bench/, or those named, one after the other;
 * each prints its method and a table. Fails when one of them fails.
 */
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { ensureBuilt, ensureInstalled, projectRoot, requireNode } from "./bootstrap.mjs";

requireNode();
ensureInstalled();
ensureBuilt();
const wanted = process.argv.slice(2);
const benches = readdirSync(join(projectRoot, "bench"))
  .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
  .filter((name) => wanted.length === 0 || wanted.includes(name.replace(/\.ts$/, "")))
  .sort();
if (benches.length === 0) {
  console.error(`perfmon: no benchmark named ${wanted.join(", ")} in bench/`);
  process.exitCode = 2;
}
for (const name of benches) {
  console.log(`\n# bench/${name}\n`);
  const result = spawnSync(
    join(projectRoot, "node_modules", ".bin", "tsx"),
    [join(projectRoot, "bench", name)],
    { cwd: projectRoot, stdio: "inherit" },
  );
  if (result.status !== 0) process.exitCode = 1;
}
