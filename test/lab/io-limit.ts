/**
 * Limits what processes may write to a device, by a control group: what a cloud does to a volume.
 * The wait is above the device, so its own times stay short. Needs root.
 */
import { existsSync, mkdirSync, readFileSync, rmdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const V1 = "/sys/fs/cgroup/blkio";
const V2 = "/sys/fs/cgroup";

/** Whether this kernel can throttle block I/O. */
export function canLimitIo(): boolean {
  if (existsSync(join(V1, "blkio.throttle.write_bps_device"))) return true;
  const controllers = join(V2, "cgroup.controllers");
  return existsSync(controllers) && readFileSync(controllers, "utf8").split(/\s+/).includes("io");
}

export interface IoLimit {
  /** What a process writes its id into to fall under the limit. */
  readonly procsFile: string;
  /** Its processes must have ended. */
  remove(): void;
}

/** @param device `/dev/loop0` */
export function limitWrites(device: string, bytesPerSecond: number): IoLimit {
  const { rdev } = statSync(device);
  const number = `${(rdev >> 8) & 0xfff}:${(rdev & 0xff) | ((rdev >> 12) & 0xfff00)}`;
  const version1 = existsSync(join(V1, "blkio.throttle.write_bps_device"));
  const group = join(version1 ? V1 : V2, `perfmon-lab-io-${process.pid}`);
  if (!version1) writeFileSync(join(V2, "cgroup.subtree_control"), "+io");
  mkdirSync(group);
  if (version1)
    writeFileSync(join(group, "blkio.throttle.write_bps_device"), `${number} ${bytesPerSecond}`);
  else writeFileSync(join(group, "io.max"), `${number} wbps=${bytesPerSecond}`);
  return { procsFile: join(group, "cgroup.procs"), remove: () => rmdirSync(group) };
}
