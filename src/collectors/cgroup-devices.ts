/** Which devices count in the I/O of a control group, and what they are called. */
import { type CountedDevices, deviceKey } from "../procfs/cgroup-io.ts";
import { type BlockDevice, describeBlockDevice } from "./block-devices.ts";
import { listFolder, readAttribute } from "./sysfs.ts";

/**
 * Disks count; what is made of them (device mapper, md, loop devices) would count their bytes again.
 * Where there is no disk (a container) loop devices do. An unknown device counts.
 */
export class DisksOnly implements CountedDevices {
  private readonly sysRoot: string;
  areSeveral = false;
  private readonly known = new Map<number, boolean>();
  private readonly names = new Map<number, string>();

  constructor(sysRoot: string) {
    this.sysRoot = sysRoot;
    this.learn();
  }

  nameOf(device: number): string | undefined {
    return this.names.get(device);
  }

  counts(device: number): boolean {
    const known = this.known.get(device);
    if (known !== undefined) return known;
    this.learn();
    if (!this.known.has(device)) this.known.set(device, true);
    return this.known.get(device)!;
  }

  /** All devices that there are now; a number may have been given to another one. */
  private learn(): void {
    this.known.clear();
    this.names.clear();
    const files = listFolder(`${this.sysRoot}/block`);
    // A volume is built of a partition, most often.
    const partitions = files.flatMap((disk) =>
      listFolder(`${this.sysRoot}/block/${disk}`).filter((name) => name.startsWith(disk)),
    );
    const names = new Set([...files, ...partitions].map((name) => name.replace(/!/g, "/")));
    const devices = files.map((file) =>
      describeBlockDevice(this.sysRoot, file.replace(/!/g, "/"), names),
    );
    const wanted = devices.some(({ kind }) => kind === "disk") ? "disk" : "loop";
    for (const device of devices) {
      const key = this.keyOf(device);
      if (key === undefined) continue;
      this.known.set(key, device.kind === wanted);
      if (device.kind === wanted) this.names.set(key, device.name);
    }
    this.areSeveral = wanted === "disk" && this.names.size > 1;
  }

  private keyOf({ name }: BlockDevice): number | undefined {
    const file = `${this.sysRoot}/block/${name.replace(/\//g, "!")}/dev`;
    const numbers = /^(\d+):(\d+)$/.exec(readAttribute(file) ?? "");
    return numbers ? deviceKey(Number(numbers[1]), Number(numbers[2])) : undefined;
  }
}
