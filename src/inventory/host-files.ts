/**
 * Files of the system outside of /proc and /sys (configuration, installed programs), which may lie
 * on a network file system that no longer answers: reading there can block for good. So links are
 * followed by hand, and whatever lies on such a mount is read by a child process with a time limit.
 */
import { closeSync, fstatSync, openSync, readdirSync, readlinkSync, readSync } from "node:fs";
import { naturalOrder } from "../util/natural-order.ts";
import { mountOf, type Mount } from "./mounts.ts";

/**
 * Runs a program and gives its output, empty when there is no such program or it fails; `undefined`
 * when it does not end in time.
 */
export type RunTool = (program: string, args: readonly string[]) => string | undefined;

const MAX_BYTES = 1 << 20;
const MAX_LINKS = 40;

/** File systems that answer from elsewhere: another machine, or a program. */
const REMOTE =
  /^(nfs4?|cifs|smb3|smbfs|ncpfs|ceph|lustre|beegfs|gpfs|afs|9p|autofs|orangefs|pvfs2|virtiofs|davfs|coda|fuse(\..*)?)$/;

interface Place {
  readonly path: string;
  /** Where it lies on a mount that may not answer. */
  readonly remote?: string;
}

export class HostFiles {
  private readonly root: string;
  private readonly mounts: readonly Mount[];
  private readonly notes: Set<string>;
  private readonly runTool: RunTool | undefined;
  private readonly silent = new Set<string>();

  /**
   * @param root stands before every path: empty, or a process's `/proc/PID/root`
   * @param mounts as seen from that root
   * @param notes takes what could not be read
   */
  constructor(
    root: string,
    mounts: readonly Mount[],
    notes: Set<string>,
    runTool: RunTool | undefined,
  ) {
    this.root = root;
    this.mounts = mounts;
    this.notes = notes;
    this.runTool = runTool;
  }

  /** The text of a plain file of at most 1 MiB; `undefined` when it cannot be had. */
  read(path: string): string | undefined {
    const place = this.resolve(path);
    if (!place) return undefined;
    if (place.remote !== undefined) return this.ask(place, "cat") || undefined;
    try {
      return readPlainFile(this.root + place.path);
    } catch {
      return undefined;
    }
  }

  /** Names in a folder, sorted; empty when there is no such folder. */
  list(path: string): string[] {
    const place = this.resolve(path);
    if (!place) return [];
    if (place.remote !== undefined) {
      return (this.ask(place, "ls") ?? "").split("\n").filter(Boolean).sort(naturalOrder);
    }
    try {
      return readdirSync(this.root + place.path).sort(naturalOrder);
    } catch {
      return [];
    }
  }

  /** Where a path leads to, links followed as far as that is safe; `undefined` for nowhere. */
  realPath(path: string): string | undefined {
    return this.resolve(path)?.path;
  }

  private ask(place: Place, program: string): string | undefined {
    const mount = place.remote!;
    if (this.silent.has(mount)) return undefined;
    const text = this.runTool?.(program, ["--", this.root + place.path]);
    if (text === undefined) {
      this.silent.add(mount);
      this.notes.add(`${mount} is on a network file system that did not answer in time`);
    }
    return text;
  }

  private resolve(path: string): Place | undefined {
    if (!path.startsWith("/")) return undefined;
    let todo = path.split("/");
    let done = "";
    for (let links = 0; todo.length > 0;) {
      const part = todo.shift()!;
      if (part === "" || part === ".") continue;
      if (part === "..") {
        done = done.slice(0, Math.max(0, done.lastIndexOf("/")));
        continue;
      }
      const next = `${done}/${part}`;
      const mount = mountOf(this.mounts, next);
      if (mount && REMOTE.test(mount.type)) {
        return { path: [next, ...todo].join("/"), remote: mount.point };
      }
      const target = readLink(this.root + next);
      if (target === null) return undefined;
      if (target === undefined) done = next;
      else {
        if (++links > MAX_LINKS) return undefined;
        if (target.startsWith("/")) done = "";
        todo = [...target.split("/"), ...todo];
      }
    }
    return { path: done || "/" };
  }
}

/** @returns `undefined` for what is no link, `null` for what is not there */
function readLink(path: string): string | undefined | null {
  try {
    return readlinkSync(path);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EINVAL" ? undefined : null;
  }
}

function readPlainFile(path: string): string | undefined {
  // A named pipe would block the opening; O_NONBLOCK (0x800) opens it, and it is no file.
  const file = openSync(path, 0x800);
  try {
    const stat = fstatSync(file);
    if (!stat.isFile() || stat.size > MAX_BYTES) return undefined;
    const buffer = Buffer.alloc(stat.size);
    return buffer.toString("utf8", 0, readSync(file, buffer, 0, buffer.length, 0));
  } finally {
    closeSync(file);
  }
}
