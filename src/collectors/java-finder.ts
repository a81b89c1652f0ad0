/**
 * Which processes are Java virtual machines, and where their performance data are: in /tmp by the
 * process's number, or in the /tmp of its container or service by the number that it has there.
 */
import {
  constants,
  closeSync,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  statSync,
} from "node:fs";
import { join } from "node:path";
import { readdirSync as listHost } from "../util/host-files.ts";
import type { HostContext } from "./collector.ts";
import { readAttribute } from "./sysfs.ts";

/** How often a new process is looked at: a shell may become a JVM (`exec java`) a little later. */
const LOOKS = 3;
/** A little less than a minute: timers are not exact. */
const TMP_SECONDS = 59;
const LAUNCHERS = /^(java|jsvc)/;
const FOLDER = /^hsperfdata_/;
/** HotSpot makes 32 kB unless told otherwise. */
export const MAX_PERF_DATA_BYTES = 2 ** 20;

export class JavaFinder {
  private readonly procRoot: string;
  private readonly tmp: string;
  private readonly seconds: () => number;
  private tmpDue = -Infinity;
  private tmpFolders: readonly string[] = [];
  private tmpChangedMs = NaN;
  /** Looks that are left for each process. */
  private readonly looks = new Map<string, number>();

  constructor({ procRoot, sysRoot, monotonicSeconds }: HostContext) {
    this.procRoot = procRoot;
    this.seconds = monotonicSeconds;
    this.tmp = join(sysRoot, "../tmp");
  }

  /** @returns file by process; of processes that are there */
  find(known: ReadonlyMap<string, unknown>): Map<string, string> {
    const pids = new Set(listHost(this.procRoot).filter(isNumber));
    const found = new Map<string, string>();
    for (const [pid, path] of filesIn(this.tmp, this.foldersOfTmp())) {
      if (pids.has(pid)) found.set(pid, path);
    }
    for (const pid of this.looks.keys()) if (!pids.has(pid)) this.looks.delete(pid);
    for (const pid of pids) {
      if (found.has(pid) || known.has(pid)) continue;
      const left = this.looks.get(pid) ?? LOOKS;
      if (left === 0) continue;
      this.looks.set(pid, left - 1);
      if (!LAUNCHERS.test(readAttribute(`${this.procRoot}/${pid}/comm`) ?? "")) continue;
      const path = this.fileInside(pid);
      if (path !== undefined) found.set(pid, path);
    }
    return found;
  }

  /**
   * Thousands of files may be in /tmp: it is listed only when something came or went, and not each
   * time on hosts where that is always so. Who calls itself `java` is found without.
   */
  private foldersOfTmp(): readonly string[] {
    if (this.seconds() < this.tmpDue) return this.tmpFolders;
    this.tmpDue = this.seconds() + TMP_SECONDS;
    const changedMs = changeTimeMs(this.tmp);
    // What is done within a tick of the clock has the same time.
    const settled = Date.now() - changedMs > 1000;
    if (!settled || changedMs !== this.tmpChangedMs) this.tmpFolders = foldersOf(this.tmp);
    this.tmpChangedMs = settled ? changedMs : NaN;
    return this.tmpFolders;
  }

  private fileInside(pid: string): string | undefined {
    const process = `${this.procRoot}/${pid}`;
    // Its number in its own namespace is the last one; the line came with Linux 4.1.
    const line = /^NSpid:\s+(.*)$/m.exec(readAttribute(`${process}/status`) ?? "")?.[1];
    const inner = line?.split(/\s+/).pop() ?? pid;
    const tmp = `${process}/root/tmp`;
    return new Map(filesIn(tmp, foldersOf(tmp))).get(inner);
  }
}

function isNumber(name: string): boolean {
  return /^\d+$/.test(name);
}

function foldersOf(tmp: string): string[] {
  return list(tmp).filter((name) => FOLDER.test(name));
}

/** Number and path of each file of performance data in folders of a /tmp. */
function filesIn(tmp: string, folders: readonly string[]): [string, string][] {
  const files: [string, string][] = [];
  for (const folder of folders) {
    if (!isRealFolder(`${tmp}/${folder}`)) continue;
    for (const pid of list(`${tmp}/${folder}`)) {
      if (isNumber(pid)) files.push([pid, `${tmp}/${folder}/${pid}`]);
    }
  }
  return files;
}

function changeTimeMs(folder: string): number {
  try {
    return statSync(folder).mtimeMs;
  } catch {
    return NaN;
  }
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    // Not there, or another user's.
    return [];
  }
}

/** Anybody may put something into /tmp: links out of it are not followed. */
function isRealFolder(path: string): boolean {
  try {
    return lstatSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** Opens a file of performance data; `undefined` for what is none, or may not be read. */
export function openPerfData(path: string): number | undefined {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
  try {
    // A pipe in its place must not hold us up.
    const fd = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    const status = fstatSync(fd);
    if (status.isFile() && status.size <= MAX_PERF_DATA_BYTES) return fd;
    closeSync(fd);
    return undefined;
  } catch {
    return undefined;
  }
}
