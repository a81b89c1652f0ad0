/** /proc/PID/mountinfo, see proc(5). */

export interface Mount {
  readonly point: string;
  readonly type: string;
  /** `/dev/sda1`, `server:/export`, `tmpfs`. */
  readonly device: string;
  /** Of the mount and of the file system, each once, in the kernel's order. */
  readonly options: readonly string[];
  /** The part of the file system that is mounted; `/` for all of it. */
  readonly subtree: string;
}

/** @param text the whole file. Lines that are not understood are left out. */
export function parseMounts(text: string): Mount[] {
  const mounts: Mount[] = [];
  for (const line of text.split("\n")) {
    // A variable number of optional fields ends with a dash.
    const match = /^\d+ \d+ \d+:\d+ (\S+) (\S+) (\S+) (?:\S+ )*?- (\S+) (\S*) (\S+)$/.exec(line);
    if (!match) continue;
    const [, subtree = "", point = "", own = "", type = "", device = "", shared = ""] = match;
    mounts.push({
      point: unescaped(point),
      type,
      device: unescaped(device),
      options: [...new Set([...own.split(","), ...shared.split(",")])],
      subtree: unescaped(subtree),
    });
  }
  return mounts;
}

/** The mount that a path lies on: the longest mount point; of several there, the last covers. */
export function mountOf(mounts: readonly Mount[], path: string): Mount | undefined {
  let found: Mount | undefined;
  for (const mount of mounts) {
    const { point } = mount;
    const holds = point === "/" || path === point || path.startsWith(`${point}/`);
    if (holds && point.length >= (found?.point.length ?? 0)) found = mount;
  }
  return found;
}

/** The kernel writes blanks, tabs, line ends and backslashes as `\040`. */
function unescaped(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
}
