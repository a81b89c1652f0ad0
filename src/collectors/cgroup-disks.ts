/** What a control group did on each disk, where there are several: an instance per disk, below the group's. */
import type { RecordedObject } from "../counter/recorded.ts";
import type { InstanceIdentity, SampleRow, Unit } from "../counter/sample-row.ts";
import type { DeviceIo } from "../procfs/cgroup-io.ts";
import type { DisksOnly } from "./cgroup-devices.ts";
import { IO_DISK } from "./cgroup-files.ts";

/** Groups times disks are many on hosts that have many of both. */
const MOST_UNITS = 1000;

export class GroupDisks {
  private readonly object: RecordedObject;
  private readonly devices: DisksOnly;
  private readonly units = new Map<InstanceIdentity, Map<number, Unit>>();
  private count = 0;

  constructor(object: RecordedObject, devices: DisksOnly) {
    this.object = object;
    this.devices = devices;
  }

  /** @param group the same object each time */
  write(row: SampleRow, group: InstanceIdentity, disks: ReadonlyMap<number, DeviceIo>): void {
    if (this.object.groups[IO_DISK]!.fields.length === 0) return;
    for (const [device, { values, isThere }] of disks) {
      if (!isThere) continue;
      const unit = this.units.get(group)?.get(device) ?? this.add(row, group, device, values);
      if (!unit) continue;
      row.values.set(values, unit.slot);
      row.read(unit);
    }
  }

  forget(row: SampleRow, group: InstanceIdentity): void {
    const units = this.units.get(group);
    if (!units) return;
    for (const unit of units.values()) row.remove(unit);
    this.count -= units.size;
    this.units.delete(group);
  }

  /** None for a disk that the group has not used, as version 1 lists all of them. */
  private add(
    row: SampleRow,
    group: InstanceIdentity,
    device: number,
    values: Float64Array,
  ): Unit | undefined {
    const name = this.devices.nameOf(device);
    if (name === undefined || this.count >= MOST_UNITS || values.every((value) => value === 0)) {
      return undefined;
    }
    const parent = group.parent === undefined ? group.name : `${group.parent}/${group.name}`;
    const attributes = { kind: "disk", label: `${group.attributes?.["label"] ?? parent} ${name}` };
    const unit = row.add(this.object, IO_DISK, { name, parent, attributes });
    const units = this.units.get(group) ?? new Map<number, Unit>();
    this.units.set(group, units.set(device, unit));
    this.count++;
    return unit;
  }
}
