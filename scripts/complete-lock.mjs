/**
 * Completes package-lock.json after a change of dependencies: npm leaves out optional packages for
 * other platforms when it cannot look them up, and `npm ci` then refuses the lock file.
 *
 *     npm install ... && node scripts/complete-lock.mjs
 *
 * What is added is what the names say: version, operating system, processor, C library. npm looks at
 * those alone to leave a package out, and fetches it by name and version where it fits.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "./bootstrap.mjs";

const SYSTEMS = [
  "aix",
  "android",
  "darwin",
  "freebsd",
  "linux",
  "netbsd",
  "openbsd",
  "openharmony",
  "sunos",
  "win32",
];
const PROCESSORS = [
  "arm64",
  "arm",
  "ia32",
  "loong64",
  "mips64el",
  "ppc64",
  "riscv64",
  "s390x",
  "wasm32",
  "x64",
];
const FOR_SYSTEM = { fsevents: "darwin" };

const file = join(projectRoot, "package-lock.json");
const lock = JSON.parse(readFileSync(file, "utf8"));
let added = 0;
// A package that takes the place of another version makes that one go below its parent: look again.
for (
  let missing = missingPackages();
  Object.keys(missing).length > 0;
  missing = missingPackages()
) {
  added += Object.keys(missing).length;
  const entries = Object.entries({ ...lock.packages, ...missing });
  entries.sort(([a], [b]) => a.localeCompare(b, "en"));
  lock.packages = Object.fromEntries(entries);
}
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${added} added to package-lock.json`);

/** Path in the lock file to entry. */
function missingPackages() {
  const missing = {};
  for (const [parent, { optionalDependencies = {}, dev }] of Object.entries(lock.packages)) {
    const wanted = Object.entries(optionalDependencies);
    // Beside the ones that were found: a second version of a package has its own below it.
    const sibling = wanted
      .map(([name, version]) => findFrom(parent, name, version))
      .find((path) => path !== undefined);
    const folder = sibling?.replace(/node_modules\/(@[^/]+\/)?[^/]+$/, "") ?? "";
    for (const [name, range] of wanted) {
      const version = range.replace(/^[^\d]*/, "");
      const path = `${folder}node_modules/${name}`;
      if (findFrom(parent, name, version) || missing[path]) continue;
      missing[path] = { version, ...platformOf(name), ...(dev && { dev }), optional: true };
    }
  }
  return missing;
}

/** Where Node would find it, going up from the package that wants it; of one version, if given. */
function findFrom(parent, name, version) {
  for (let folder = parent; ; folder = folder.replace(/\/?node_modules\/(@[^/]+\/)?[^/]+$/, "")) {
    const path = `${folder === "" ? "" : `${folder}/`}node_modules/${name}`;
    const found = lock.packages[path];
    if (found && (!version || found.version === version || !/^\d/.test(version))) return path;
    if (folder === "") return undefined;
  }
}

function platformOf(name) {
  const words = name.split(/[/-]/);
  const os = SYSTEMS.find((system) => words.includes(system)) ?? FOR_SYSTEM[name];
  const cpu = PROCESSORS.find((processor) => words.some((word) => word.startsWith(processor)));
  const libc = words.includes("musl")
    ? "musl"
    : words.includes("gnu") && os === "linux"
      ? "glibc"
      : undefined;
  return { ...(cpu && { cpu: [cpu] }), ...(os && { os: [os] }), ...(libc && { libc: [libc] }) };
}
