/**
 * What `npm run demo`, `npm test` and `bin/perfmon` need before they can start on a fresh clone:
 * installed dependencies and a current build. Only Node's own modules, because none other may be
 * there yet.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const projectRoot = dirname(dirname(fileURLToPath(import.meta.url)));

const NODE_FLOOR = [20, 19];

/** Ends the process with one sentence when this Node is too old to run the workstation side. */
export function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > NODE_FLOOR[0] || (major === NODE_FLOOR[0] && minor >= NODE_FLOOR[1])) return;
  console.error(
    `perfmon: this is Node ${process.versions.node}; it needs Node ${NODE_FLOOR.join(".")} or newer`,
  );
  process.exit(1);
}

/**
 * Runs a command in the project's folder and shows its output; ends the process with its exit code
 * when it fails. With `quiet`, output goes to stderr, so that stdout stays clean for a pipe.
 */
export function run(command, args, { quiet = false, env = {} } = {}) {
  const result = spawnSync(command, args, {
    cwd: projectRoot,
    stdio: quiet ? ["ignore", 2, 2] : "inherit",
    env: { ...process.env, ...env },
  });
  if (result.error) throw result.error;
  if (result.status !== 0) process.exit(result.status ?? 1);
}

/** `npm ci` when a package of the lock file is not installed, or in another version. */
export function ensureInstalled({ quiet = false } = {}) {
  if (isInstalled()) return;
  console.error("Installing dependencies (npm ci) ...");
  run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], { quiet });
}

function isInstalled() {
  const record = join(projectRoot, "node_modules", ".package-lock.json");
  if (!existsSync(record)) return false;
  const read = (path) => JSON.parse(readFileSync(path, "utf8")).packages;
  const installed = read(record);
  return Object.entries(read(join(projectRoot, "package-lock.json"))).every(
    // Optional ones may be for another kind of machine.
    ([path, { version, optional }]) =>
      path === "" || optional || installed[path]?.version === version,
  );
}

/** Builds when a source is newer than the last build. */
export function ensureBuilt({ quiet = false } = {}) {
  const stamp = join(projectRoot, "dist", ".built");
  if (existsSync(stamp)) {
    const builtMs = statSync(stamp).mtimeMs;
    const inputs = [
      "package.json",
      "tsconfig.json",
      "tsconfig.build.json",
      "rolldown.config.ts",
      "scripts/without-help.ts",
    ];
    const newest = Math.max(
      newestMs(join(projectRoot, "src")),
      ...inputs.map((name) => statSync(join(projectRoot, name)).mtimeMs),
    );
    if (newest <= builtMs) return;
  }
  console.error("Building ...");
  run(process.execPath, [join(projectRoot, "scripts", "build.mjs")], { quiet });
}

function newestMs(folder) {
  let newest = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) newest = Math.max(newest, newestMs(path));
    else if (!entry.name.endsWith(".test.ts")) newest = Math.max(newest, statSync(path).mtimeMs);
  }
  return newest;
}
