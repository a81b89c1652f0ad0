/**
 * The Debian packages that tests use as the real thing to compare with or run against. A test names
 * what it needs with `needs("sysstat")` (test/support/needs.ts); add the package here, too.
 */
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Package name to a program that only this package brings; the program tells whether it is there. */
export const testPackages = {
  sysstat: "iostat",
  procps: "free",
  ifstat: "ifstat",
  iotop: "iotop",
  "user-mode-linux": "linux.uml",
  kmod: "modprobe",
  dmsetup: "dmsetup",
  iproute2: "nstat",
  ethtool: "ethtool",
  "openjdk-17-jdk-headless": "jstat",
  busybox: "busybox",
  gawk: "gawk",
  mawk: "mawk",
  chromium: "chromium",
  e2fsprogs: "mkfs.ext4",
  "openssh-server": "/usr/sbin/sshd",
  "openssh-client": "ssh",
};

const SYSTEM_FOLDERS = ["/usr/sbin", "/sbin", "/usr/bin", "/bin"];

/** @returns {string[]} packages of the list that are not installed */
export function missingPackages(packages = Object.keys(testPackages)) {
  return packages.filter((name) => {
    const program = testPackages[name];
    if (program === undefined) throw new Error(`scripts/test-packages.mjs does not list ${name}`);
    return !isInstalled(program);
  });
}

/** The one line that installs packages. */
export function installLine(packages) {
  return `apt-get install -y --no-install-recommends ${packages.join(" ")}`;
}

function isInstalled(program) {
  if (program.startsWith("/")) return existsSync(program);
  const folders = [...(process.env.PATH ?? "").split(delimiter), ...SYSTEM_FOLDERS];
  return folders.some((folder) => folder !== "" && existsSync(join(folder, program)));
}
