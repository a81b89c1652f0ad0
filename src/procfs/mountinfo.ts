/**
 * `/proc/self/mountinfo`: the mounts that this process sees, a line each. Unlike `/proc/mounts` it
 * tells which of them show the same file system. See proc_pid_mountinfo(5).
 */

export interface Mount {
  readonly mountPoint: string;
  /** Device number `major:minor`: the same for every mount of one file system. */
  readonly device: string;
  /** What of the file system is mounted: `/`, or the folder of a bind mount or subvolume. */
  readonly root: string;
  readonly type: string;
  /** `/dev/sda1`, `server:/export`, `tmpfs`. */
  readonly source: string;
  /** Of this mount, or of the whole file system (which is what an error of the disk brings). */
  readonly readOnly: boolean;
}

/** Lines that are no mounts are left out. */
export function parseMountinfo(text: string): Mount[] {
  const mounts: Mount[] = [];
  for (const line of text.split("\n")) {
    // Optional fields of any number stand before the dash.
    const dash = line.indexOf(" - ");
    if (dash < 0) continue;
    const [, , device, root, mountPoint, options] = line.slice(0, dash).split(" ");
    const [type, source, superOptions] = line.slice(dash + 3).split(" ");
    if (!device || !root || !mountPoint || !options || !type) continue;
    mounts.push({
      mountPoint: unescape(mountPoint),
      device,
      root: unescape(root),
      type,
      source: unescape(source ?? ""),
      readOnly: isReadOnly(options) || isReadOnly(superOptions ?? ""),
    });
  }
  return mounts;
}

function isReadOnly(options: string): boolean {
  return options === "ro" || options.startsWith("ro,");
}

/** Blanks, tabs, line feeds and backslashes stand as `\040` and the like. */
function unescape(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) =>
    String.fromCharCode(parseInt(octal, 8)),
  );
}
