/** `PhysicalDisk`: whole disks and what is built of them, from /proc/diskstats. */
import type { CounterObject } from "../counter/declaration.ts";
import { recordedObject, type RecordedObject } from "../counter/recorded.ts";
import type { SampleRow, Unit } from "../counter/sample-row.ts";
import { DISKSTATS_COLUMNS } from "../procfs/diskstats.ts";
import { countedInTotal } from "./block-devices.ts";
import type { Collector, HostContext, OpenCollector } from "./collector.ts";
import { DISK_COUNTERS, DISK_FIELDS, DISK_GROUP } from "./disk-counters.ts";
import { openDiskLines, type DiskLine, type DiskLines } from "./diskstats-devices.ts";
import { RunningTotal, totalMember, type TotalMember } from "./running-total.ts";
import type { SharedSource } from "./shared-source.ts";
import { ShownLines, writeUnit } from "./shown-lines.ts";
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
    const source = openDiskLines(host);
    return source && new OpenPhysicalDisk(host, source);
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
  private readonly source: SharedSource<DiskLines>;
  private readonly allBlockDevices: boolean;
  private readonly shown: ShownLines<DiskLine>;
  private version = -1;
  /** The disks that make up the total, with what it remembers of them. */
  private counted = new Map<DiskLine, TotalMember>();
  private readonly total = new RunningTotal(DISK_FIELDS);
  private totalUnit: Unit | undefined;
  /** Milliseconds with I/O under way, the mean over disks. */
  private meanIoTicks = 0;

  constructor(host: HostContext, source: SharedSource<DiskLines>) {
    this.source = source;
    this.allBlockDevices = host.options.allBlockDevices;
    this.object = recordedDiskObject(OBJECT, host, source.parser.columns);
    this.shown = new ShownLines(this.object);
  }

  collect(row: SampleRow): void {
    const devices = this.source.refresh(row);
    if (devices.version !== this.version) this.follow(row, devices);
    this.shown.write(row);
    const { total } = this;
    total.begin();
    const ioTicksBefore = total.values[IO_TICKS]!;
    for (const [line, member] of this.counted) total.add(member, line.reading);
    total.end();
    if (total.members === 0) return;
    const ioTicks = total.values[IO_TICKS]! - ioTicksBefore;
    // Negative when the total starts again after a reset.
    this.meanIoTicks = ioTicks < 0 ? 0 : this.meanIoTicks + ioTicks / total.members;
    this.totalUnit ??= row.add(this.object, 0, { name: "_Total" });
    writeUnit(row, this.totalUnit, total.values);
    row.values[this.totalUnit.slot + IO_TICKS] = Math.floor(this.meanIoTicks);
  }

  close(): void {
    this.source.release();
  }

  private follow(row: SampleRow, { lines, version }: DiskLines): void {
    this.version = version;
    const shown = lines.filter((line) => this.isShown(line));
    this.shown.show(row, shown, ({ name, device }) => ({ name, attributes: device.attributes }));
    const names = countedInTotal(shown);
    const before = this.counted;
    this.counted = new Map();
    for (const line of shown) {
      if (!names.has(line.name)) continue;
      this.counted.set(line, before.get(line) ?? totalMember(DISK_FIELDS.length));
    }
  }

  private isShown({ device, used }: DiskLine): boolean {
    if (device.kind === "partition") return false;
    const isRealDisk = device.kind !== "loop" && device.kind !== "memory";
    return (isRealDisk || this.allBlockDevices) && (used || !device.shownWhenUsed);
  }
}
