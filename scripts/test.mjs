/**
 * `npm test`: installs and builds what is missing, installs the Debian packages that tests compare
 * with when it is root, runs every test, and says at the end what was skipped and how to change that.
 * Arguments go to Vitest. With PERFMON_TEST_STRICT=1 a skip for want of a package is a failure.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureBuilt, ensureInstalled, projectRoot, requireNode } from "./bootstrap.mjs";
import { installLine, missingPackages } from "./test-packages.mjs";
import { installNodeVersions } from "../test/agent/node-versions/install.mjs";

requireNode();
ensureInstalled();
ensureBuilt();
installPackages();
installNodeVersions();

const folder = mkdtempSync(join(tmpdir(), "perfmon-test-"));
const results = join(folder, "results.json");
const vitest = spawnSync(
  join(projectRoot, "node_modules", ".bin", "vitest"),
  ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${results}`].concat(
    process.argv.slice(2),
  ),
  { cwd: projectRoot, stdio: "inherit" },
);
let exitCode = vitest.status ?? 1;
let passed = 0;
let failed = 0;
if (existsSync(results)) {
  const report = JSON.parse(readFileSync(results, "utf8"));
  const tests = report.testResults.flatMap((file) => file.assertionResults);
  passed = tests.filter((test) => test.status === "passed").length;
  failed = tests.filter((test) => test.status === "failed").length;
  // A file that does not load has no tests to count.
  failed += report.testResults.filter(
    (file) => file.status === "failed" && !file.assertionResults.some((t) => t.status === "failed"),
  ).length;
  const skipped = tests.filter((test) => test.status === "pending" || test.status === "skipped");
  reportSkipped(skipped.map((test) => test.fullName));
}
rmSync(folder, { recursive: true, force: true });
if (exitCode === 0 && (failed > 0 || passed === 0)) exitCode = 1;
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = exitCode;

function installPackages() {
  const missing = missingPackages();
  if (missing.length === 0 || process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) return;
  console.log(`Installing Debian packages for the tests: ${missing.join(" ")}`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const apt = (...args) => spawnSync("apt-get", ["-qq", ...args], { env, stdio: "inherit" });
  const [, ...install] = installLine(missing).split(" ");
  if (apt(...install).status !== 0) {
    apt("update");
    if (apt(...install).status !== 0) console.error("apt-get failed; going on without");
  }
}

function reportSkipped(names) {
  const forWant = names.filter((name) => / \[needs [^\]]+\]/.test(name));
  const others = names.length - forWant.length;
  if (others > 0) console.log(`${others} skipped for other reasons (see above)`);
  if (forWant.length === 0) return;
  console.log(`\n${forWant.length} skipped because something is not there:`);
  for (const name of forWant) console.log(`  ${name}`);
  const missing = missingPackages();
  if (missing.length > 0) console.log(`To run them, as root: ${installLine(missing)}`);
  else console.log("To run them: be root");
  if (process.env.PERFMON_TEST_STRICT === "1") {
    console.error("A skip for want of a package is a failure here (PERFMON_TEST_STRICT=1).");
    exitCode = 1;
    failed += forWant.length;
  }
}
