/**
 * Installs the Node binaries of package.json beside this file, when they are not there yet: some
 * 500 MB that only the agent's tests need, and that is why they are no dependency of the project.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = dirname(fileURLToPath(import.meta.url));

export const nodeMajors = [12, 18, 20, 24];

/** @returns {string | undefined} path of the binary of that major version, if it is installed */
export function nodeBinary(major) {
  const path = join(folder, "node_modules", `node-${major}`, "bin", "node");
  return existsSync(path) ? path : undefined;
}

/** Does nothing on processors for which there are no such packages. @returns {boolean} all there */
export function installNodeVersions() {
  if (nodeMajors.every((major) => nodeBinary(major) !== undefined)) return true;
  if (process.platform !== "linux" || process.arch !== "x64") return false;
  console.log("Installing the Node versions that the agent is tested with ...");
  spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: folder,
    stdio: "inherit",
  });
  return nodeMajors.every((major) => nodeBinary(major) !== undefined);
}
