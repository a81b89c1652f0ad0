/** `PhysicalDisk`: whole disks and what is built of them, from /proc/diskstats. */
import type { CounterObject } from "../counter/declaration.ts";
import { recordedObject, type RecordedObject } from "../counter/recorded.ts";
import type { SampleRow, Unit } from "../counter/sample-row.ts";
import { DISKSTATS_COLUMNS } from "../procfs/diskstats.ts";
import { RereadFile } from "../util/reread-file.ts";
import { countedInTotal, type BlockDevice } from "./block-devices.ts";
import type { Collector, HostContext, OpenCollector } from "./collector.ts";
import { DISK_COUNTERS, DISK_FIELDS, DISK_GROUP } from "./disk-counters.ts";
import { DiskLines, type DiskLine } from "./diskstats-devices.ts";
import { RunningTotal } from "./running-total.ts";
import { readAttribute } from "./sysfs.ts";

const OBJECT: CounterObject = {
  name: "PhysicalDisk",
  help:
    "Block devices of this host as the kernel's block layer sees them: disks, and the device-mapper " +
    "(LVM, multipath, encryption) and md (RAID) volumes on top of them, each with its own instance. " +
    "The _Total counts each byte once: volumes built of other devices are left out of it, and an " +
    "NVMe multipath disk counts once. Loop, ram and zram devices are left out unless asked for. " +
    "What the page cache serves never shows here.",
  instances: { what: "one per disk or volume", total: true },
  cadence: "every-sample",
  groups: [DISK_GROUP],
  counters: DISK_COUNTERS,
};

const IO_TICKS = DISKSTATS_COLUMNS.indexOf("io_ticks");

export const physicalDisk: Collector = {
  object: OBJECT,
  open(host) {
    const file = RereadFile.openIfPresent(`${host.procRoot}/diskstats`);
    return file && new OpenPhysicalDisk(host, file);
  },
};

/** @returns the object with the fields that this kernel's /proc/diskstats has. */
export function recordedDiskObject(
  object: CounterObject,
  host: HostContext,
  columns: number,
): RecordedObject {
  const known = columns || columnsOfRelease(host);
  return recordedObject(object, (id) => DISKSTATS_COLUMNS.indexOf(id) < known);
}

/** Where there is no device yet, the kernel's release tells what its lines will look like. */
function columnsOfRelease(host: HostContext): number {
  const release = readAttribute(`${host.procRoot}/sys/kernel/osrelease`) ?? "";
  const [major = 0, minor = 0] = release.split(".").map((part) => parseInt(part, 10));
  const version = major * 1000 + minor;
  if (version >= 5005) return 17;
  return version >= 4018 ? 15 : 11;
}

class OpenPhysicalDisk implements OpenCollector {
  readonly object: RecordedObject;
  private readonly file: RereadFile;
  private readonly allBlockDevices: boolean;
  private readonly devices: DiskLines;
  private readonly width: number;
  private readonly total = new RunningTotal(DISK_FIELDS);
  private totalUnit: Unit | undefined;
  /** Milliseconds with I/O under way, the mean over disks. */
  private meanIoTicks = 0;
  private gone: Unit[] = [];

  constructor(host: HostContext, file: RereadFile) {
    this.file = file;
    this.allBlockDevices = host.options.allBlockDevices;
    this.devices = new DiskLines(host.sysRoot, (line) => {
      if (line.unit) this.gone.push(line.unit);
    });
    this.devices.read(file.read());
    this.object = recordedDiskObject(OBJECT, host, this.devices.columns);
    this.width = this.object.groups[0]!.fields.length;
    this.chooseCounted();
  }

  collect(row: SampleRow): void {
    if (this.devices.read(this.file.read())) this.chooseCounted();
    const { total, width } = this;
    total.begin();
    const ioTicksBefore = total.values[IO_TICKS]!;
    for (const line of this.devices.lines) {
      if (line.counted) total.add(line.member, line.reading);
      else line.member.counted = false;
      const shown = this.isShown(line);
      if (!shown && !line.unit) continue;
      if (shown) {
        line.unit ??= row.add(this.object, 0, identityOf(line.device!));
        const { slot } = line.unit;
        for (let i = 0; i < width; i++) row.values[slot + i] = line.reading[i]!;
        row.read(line.unit);
      } else {
        row.remove(line.unit!);
        line.unit = undefined;
      }
    }
    for (const unit of this.gone) row.remove(unit);
    this.gone.length = 0;
    total.end();
    this.writeTotal(row, total.values[IO_TICKS]! - ioTicksBefore);
  }

  close(): void {
    this.file.close();
  }

  private writeTotal(row: SampleRow, ioTicks: number): void {
    const { members, values } = this.total;
    if (members === 0) return;
    this.totalUnit ??= row.add(this.object, 0, { name: "_Total" });
    // Negative when the total starts again after a reset.
    this.meanIoTicks = ioTicks < 0 ? 0 : this.meanIoTicks + ioTicks / members;
    const { slot } = this.totalUnit;
    for (let i = 0; i < this.width; i++) row.values[slot + i] = values[i]!;
    row.values[slot + IO_TICKS] = Math.floor(this.meanIoTicks);
    row.read(this.totalUnit);
  }

  private isShown({ device, used }: DiskLine): boolean {
    if (!device || device.kind === "partition") return false;
    if (device.kind === "loop" || device.kind === "memory") {
      return this.allBlockDevices && (used || !device.shownWhenUsed);
    }
    return used || !device.shownWhenUsed;
  }

  private chooseCounted(): void {
    const shown = this.devices.lines.filter((line) => this.isShown(line));
    const counted = countedInTotal(
      shown.map((line) => ({ device: line.device!, used: line.used })),
    );
    for (const line of this.devices.lines) line.counted = counted.has(line.name);
  }
}

function identityOf(device: BlockDevice) {
  return { name: device.name, attributes: device.attributes };
}
