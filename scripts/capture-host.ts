/**
 * Captures this machine as a fixture host: two snapshots of the files of /proc and /sys that the
 * collectors and the inventory read, some seconds apart, anonymised (no command lines, environment,
 * host names, addresses or serial numbers).
 *
 *     npx tsx scripts/capture-host.ts test/hosts/<name> [seconds between, 5]
 *
 * Put the machine under some load meanwhile, so that counters move. `1/` is the first snapshot, `2/`
 * holds what had changed by the second, `gone.txt` lists what was not there any more.
 */
import { spawnSync } from "node:child_process";
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { localStatFileSystem } from "../src/collectors/file-system-space.ts";
import { redactCommandLine } from "../src/inventory/redact.ts";
import { parseMountinfo } from "../src/procfs/mountinfo.ts";
import { answerPath, SPACES, spaceLine } from "../test/hosts/fixture-answers.ts";
import {
  BLOCK_DEVICE,
  CGROUP,
  ETC,
  FOLDERS,
  PID,
  PROC,
  SYS,
  SYS_ATTRIBUTES,
  SYS_NET,
  SYSTEM_DEVICES,
} from "./capture-list.ts";

type Entry = Buffer | { readonly link: string };
type Tree = Map<string, Entry>;

const [target, secondsText = "5"] = process.argv.slice(2);
if (!target) {
  console.error("usage: capture-host.ts FOLDER [SECONDS]");
  process.exit(2);
}

const pids = choosePids(10);
const first = snapshot(pids);
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(secondsText) * 1000);
const second = snapshot(pids);
const gone = [...first.keys()].filter((path) => !second.has(path)).sort();
for (const [path, content] of second) if (same(content, first.get(path))) second.delete(path);
write(first, join(target, "1"));
write(second, join(target, "2"));
// Git keeps no empty folders, and the second snapshot says what went as well as what changed.
writeFileSync(join(target, "gone.txt"), gone.map((path) => `${path}\n`).join(""));
console.log(
  `${target}: ${first.size} files, of which ${second.size} changed and ${gone.length} went`,
);

/** Everything is read before anything is written: writing would show in the numbers. */
function snapshot(pids: readonly string[]): Tree {
  const tree: Tree = new Map();
  for (const file of PROC) take(tree, file);
  for (const pid of pids) for (const file of PID) take(tree, `proc/${pid}/${file}`);
  for (const file of PID) take(tree, `proc/self/${file}`);
  for (const file of SYS) take(tree, file);
  for (const [folder, depth] of FOLDERS) takeFolder(tree, folder, depth);
  for (const [place, names, files] of SYSTEM_DEVICES) {
    const folder = `sys/devices/system/${place}`;
    for (const name of list(folder).filter((name) => names.test(name))) {
      for (const file of files) take(tree, `${folder}/${name}/${file}`);
    }
  }
  for (const [folder, file] of SYS_ATTRIBUTES) takeAttributes(tree, folder, file);
  for (const device of list("sys/block")) takeBlockDevice(tree, `sys/block/${device}`);
  for (const name of list("sys/class/net")) takeInterface(tree, `sys/class/net/${name}`);
  for (const name of list("proc/net/bonding")) take(tree, `proc/net/bonding/${name}`);
  for (const device of list("sys/class/infiniband")) {
    for (const port of list(`sys/class/infiniband/${device}/ports`)) {
      takePort(tree, `sys/class/infiniband/${device}/ports/${port}`);
    }
  }
  for (const file of ETC) take(tree, file);
  takeCgroups(tree, "sys/fs/cgroup", CGROUP_DEPTH);
  takeAnswers(tree);
  return tree;
}

function takeFolder(tree: Tree, folder: string, depth: number): void {
  for (const name of list(folder)) {
    take(tree, `${folder}/${name}`);
    if (depth > 1) takeFolder(tree, `${folder}/${name}`, depth - 1);
  }
}

/** @param folder with `*` for the name of any folder */
function takeAttributes(tree: Tree, folder: string, file: RegExp): void {
  const star = folder.indexOf("*");
  if (star < 0) {
    for (const name of list(folder)) if (file.test(name)) take(tree, `${folder}/${name}`);
    return;
  }
  for (const name of list(folder.slice(0, star - 1))) {
    takeAttributes(tree, folder.slice(0, star) + name + folder.slice(star + 1), file);
  }
}

/** A tree per controller, and slices with services and containers below it. */
const CGROUP_DEPTH = 5;

function takeCgroups(tree: Tree, folder: string, depth: number): void {
  for (const name of list(folder)) {
    const path = `${folder}/${name}`;
    if (CGROUP.has(name)) take(tree, path);
    else if (depth > 0 && isFolder(`/${path}`)) takeCgroups(tree, path, depth - 1);
  }
}

function takeBlockDevice(tree: Tree, folder: string): void {
  for (const file of BLOCK_DEVICE) take(tree, `${folder}/${file}`);
  for (const name of list(folder)) {
    if (!isFile(`/${folder}/${name}/partition`)) continue;
    for (const file of ["partition", "size", "start", "stat", "dev", "inflight"]) {
      take(tree, `${folder}/${name}/${file}`);
    }
  }
  for (const slave of list(`${folder}/slaves`)) {
    tree.set(`${folder}/slaves/${slave}`, { link: `../../${slave}` });
  }
}

function takeInterface(tree: Tree, folder: string): void {
  for (const file of SYS_NET) take(tree, `${folder}/${file}`);
  for (const name of list(folder)) {
    if (name === "master" || name.startsWith("lower_") || name.startsWith("upper_")) {
      takeLink(tree, `${folder}/${name}`, (to) => `../${to.split("/").pop()}`);
    }
  }
  takeLink(tree, `${folder}/device/driver`, (to) => to);
}

/** What no file tells: how full the file systems are, and what drivers tell through ethtool. */
function takeAnswers(tree: Tree): void {
  const mountinfo = tree.get("proc/self/mountinfo");
  const mounts = Buffer.isBuffer(mountinfo) ? parseMountinfo(mountinfo.toString("latin1")) : [];
  const statFileSystem = localStatFileSystem()!;
  const spaces = mounts.flatMap(({ mountPoint }) => {
    const space = statFileSystem(mountPoint);
    return space && space.blocks > 0 ? spaceLine(space, mountPoint) : [];
  });
  tree.set(SPACES, Buffer.from(spaces.join(""), "latin1"));
  for (const name of list("sys/class/net")) {
    const command = ["ethtool", "-S", name];
    const { status, stdout } = spawnSync(command[0]!, command.slice(1));
    if (status === 0) tree.set(answerPath(command), stdout);
  }
}

function takePort(tree: Tree, folder: string): void {
  for (const file of ["link_layer", "rate", "state"]) take(tree, `${folder}/${file}`);
  for (const kind of ["counters", "hw_counters"]) {
    for (const name of list(`${folder}/${kind}`)) take(tree, `${folder}/${kind}/${name}`);
  }
}

function takeLink(tree: Tree, path: string, rewrite: (to: string) => string): void {
  try {
    tree.set(path, { link: rewrite(readlinkSync(`/${path}`)) });
  } catch {
    // Not there: nothing to take.
  }
}

/** A file that is missing or may not be read is left out, as a collector would find it. */
function take(tree: Tree, path: string): void {
  try {
    if (isFile(`/${path}`)) tree.set(path, anonymise(path, readFileSync(`/${path}`)));
  } catch {
    // Left out.
  }
}

function anonymise(path: string, content: Buffer): Buffer {
  const text = content.toString("latin1");
  if (path.endsWith("/cgroup"))
    return Buffer.from(text.replace(/[0-9a-f]{32,}/g, (id) => "0".repeat(id.length)));
  if (path === "proc/sys/kernel/hostname") return Buffer.from("fixture\n");
  if (path === "proc/sys/kernel/random/boot_id")
    return Buffer.from("00000000-0000-4000-8000-000000000000\n");
  if (path === "proc/version")
    return Buffer.from(text.replace(/ \([^)]*@[^)]*\)/, " (builder@host)"));
  if (path === "etc/passwd")
    return Buffer.from(
      lines(text, (line) => /^(root|nobody|daemon):/.test(line)),
      "latin1",
    );
  if (path === "proc/cmdline") return Buffer.from(`${redactCommandLine(text)}\n`, "latin1");
  if (path.startsWith("proc/net/bonding/") || path.endsWith("/mountstats")) {
    return Buffer.from(withoutAddresses(text), "latin1");
  }
  if (path.endsWith("/mountinfo")) return Buffer.from(lines(text, isOrdinaryMountinfo), "latin1");
  if (path.endsWith("/mounts")) return Buffer.from(lines(text, isOrdinaryMount), "latin1");
  return content;
}

function isOrdinaryMount(line: string): boolean {
  return (
    /^\S+ \/((proc|sys|dev|run|tmp|boot|home|var)(\/\S*)?)? /.test(line) &&
    !line.includes("overlay")
  );
}

/** Hardware and IP addresses, and names of NFS servers. */
function withoutAddresses(text: string): string {
  return text
    .replace(/\b([0-9a-f]{2}:){5}[0-9a-f]{2}\b/gi, "00:00:5e:00:53:01")
    .replace(/\b\d+\.\d+\.\d+\.\d+\b/g, "192.0.2.1")
    .replace(/^device [^\s:/]+:/gm, "device server:");
}

/** As an ordinary mount, of a file whose fifth field is the mount point. */
function isOrdinaryMountinfo(line: string): boolean {
  const fields = line.split(" ");
  return isOrdinaryMount(`- ${fields[4] ?? ""} ${line}`);
}

function lines(text: string, keep: (line: string) => boolean): string {
  return text
    .split("\n")
    .filter(keep)
    .map((line) => `${line}\n`)
    .join("");
}

/** Process 1, a kernel thread, and those that used the most CPU time. */
function choosePids(count: number): string[] {
  const ticks = (pid: string): number => {
    try {
      const fields = readFileSync(`/proc/${pid}/stat`, "latin1").split(") ").pop()!.split(" ");
      return Number(fields[11]) + Number(fields[12]);
    } catch {
      return -1;
    }
  };
  const all = list("proc").filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  const busy = all
    .map((pid) => ({ pid, ticks: ticks(pid) }))
    .sort((a, b) => b.ticks - a.ticks || Number(a.pid) - Number(b.pid));
  return [...new Set(["1", "2", ...busy.map(({ pid }) => pid)])].slice(0, count);
}

function list(folder: string): string[] {
  try {
    return readdirSync(`/${folder}`).sort();
  } catch {
    return [];
  }
}

function isFolder(path: string): boolean {
  try {
    return lstatSync(path).isDirectory();
  } catch {
    return false;
  }
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function write(tree: Tree, folder: string): void {
  for (const [path, content] of tree) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    if (Buffer.isBuffer(content)) writeFileSync(file, content);
    else if (!exists(file)) symlinkSync(content.link, file);
  }
}

function same(a: Entry, b: Entry | undefined): boolean {
  if (b === undefined) return false;
  if (Buffer.isBuffer(a)) return Buffer.isBuffer(b) && a.equals(b);
  return !Buffer.isBuffer(b) && a.link === b.link;
}

function exists(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch {
    return false;
  }
}
