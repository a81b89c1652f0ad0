/** A volume of this host's own for a job: a loop device on a file. Needs root. */
import { execFileSync } from "node:child_process";
import { truncateSync, writeFileSync } from "node:fs";

export interface LoopVolume {
  /** `/dev/loop3` */
  readonly device: string;
  remove(): void;
}

export function attachVolume(image: string, sizeMib: number): LoopVolume {
  writeFileSync(image, "");
  truncateSync(image, sizeMib * 2 ** 20);
  const run = (...args: string[]) => execFileSync("losetup", args, { encoding: "utf8" }).trim();
  const device = run("--find", "--show", image);
  return { device, remove: () => void run("--detach", device) };
}
