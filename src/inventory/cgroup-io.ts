/** Limits of bytes and requests per second that control groups set for disks. */
import type { Membership } from "./cgroup.ts";
import { linkName, readWhole } from "./read-text.ts";

/** By disk, in version 2's words: `rbps=1048576 wbps=max riops=max wiops=max`. */
type IoLimits = Readonly<Record<string, string>>;

/** Version 2: `io.max` of every group from the own one up; the inner one is told first. */
export function readIoLimits(mount: string, path: string, sysRoot: string): IoLimits | undefined {
  const limits: Record<string, string> = {};
  for (const folder of upwards(mount, path)) {
    for (const line of readWhole(`${folder}/io.max`).split("\n")) {
      const match = /^(\d+:\d+) (.*)$/.exec(line);
      if (match) add(limits, diskName(sysRoot, match[1]!), match[2]!);
    }
  }
  return some(limits);
}

const THROTTLES: readonly (readonly [string, string])[] = [
  ["blkio.throttle.read_bps_device", "rbps"],
  ["blkio.throttle.write_bps_device", "wbps"],
  ["blkio.throttle.read_iops_device", "riops"],
  ["blkio.throttle.write_iops_device", "wiops"],
];

/** Version 1: a file for each kind of limit, `8:0 1048576`. */
export function readThrottles(
  mount: string,
  of: Membership | undefined,
  sysRoot: string,
): IoLimits | undefined {
  if (!of) return undefined;
  const limits: Record<string, string> = {};
  for (const folder of upwards(`${mount}/${of.mount}`, of.path)) {
    for (const [file, word] of THROTTLES) {
      for (const line of readWhole(`${folder}/${file}`).split("\n")) {
        const match = /^(\d+:\d+) (\d+)$/.exec(line);
        if (match) add(limits, diskName(sysRoot, match[1]!), `${word}=${match[2]}`);
      }
    }
  }
  return some(limits);
}

function upwards(root: string, path: string): string[] {
  const parts = path.split("/").filter((part) => part !== "" && part !== "..");
  const folders = parts.map((_, i) => [root, ...parts.slice(0, parts.length - i)].join("/"));
  // In a container its own limits may stand at the root of what is mounted.
  return [...folders, root];
}

function add(limits: Record<string, string>, disk: string, words: string): void {
  limits[disk] = limits[disk] === undefined ? words : `${limits[disk]} ${words}`;
}

/** `8:0` as `sda`. */
function diskName(sysRoot: string, number: string): string {
  return linkName(`${sysRoot}/dev/block/${number}`) ?? number;
}

function some(limits: Record<string, string>): IoLimits | undefined {
  return Object.keys(limits).length > 0 ? limits : undefined;
}
