/**
 * The devices in /proc/diskstats as they come and go. Most samples find the lines of the sample
 * before: then a line costs a comparison of its name's bytes. Only when the set of lines changes,
 * or a device does its first I/O, is /sys asked what is what.
 */
import { DISKSTATS_COLUMNS, DiskstatsScanner } from "../procfs/diskstats.ts";
import type { ByteScanner } from "../util/byte-scanner.ts";
import { describeBlockDevice, type BlockDevice } from "./block-devices.ts";
import type { HostContext } from "./collector.ts";
import { openShared, type SharedSource } from "./shared-source.ts";

export interface DiskLine {
  readonly name: string;
  readonly nameBytes: Uint8Array;
  device: BlockDevice;
  /** Whether it has read or written anything since boot. */
  used: boolean;
  /** The numbers of the current sample, as `DISKSTATS_COLUMNS`. */
  readonly reading: Float64Array;
}

const READ_IOS = DISKSTATS_COLUMNS.indexOf("read_ios");
const WRITE_IOS = DISKSTATS_COLUMNS.indexOf("write_ios");

/** The devices, shared by the collectors of disks and of partitions. */
export function openDiskLines(host: HostContext): SharedSource<DiskLines> | undefined {
  return openShared(host, "diskstats", "pieces", () => new DiskLines(host.sysRoot));
}

export class DiskLines {
  /** In the order of the file. */
  readonly lines: DiskLine[] = [];
  /** Raised when devices came or went or were used for the first time; all descriptions are new. */
  version = 0;
  /** Numbers per line that this kernel gives; 0 before the first line was seen. */
  columns = 0;
  private readonly sysRoot: string;
  private readonly scanner = new DiskstatsScanner();

  constructor(sysRoot: string) {
    this.sysRoot = sysRoot;
  }

  read(content: ByteScanner): void {
    const { scanner, lines } = this;
    scanner.reset(content.bytes, content.end);
    let position = 0;
    let changed = false;
    // A host without disks has an empty file.
    if (!content.atEnd && !scanner.next()) throw new Error("no device is in it");
    scanner.reset(content.bytes, content.end);
    for (; scanner.next(); position++) {
      let line = lines[position];
      if (!line || !scanner.isNamed(line.nameBytes)) {
        line = this.moveHere(position);
        changed = true;
      }
      line.reading.set(scanner.values);
      if (!line.used && line.reading[READ_IOS]! + line.reading[WRITE_IOS]! > 0) {
        line.used = true;
        changed = true;
      }
      if (scanner.count > this.columns) this.columns = scanner.count;
    }
    if (lines.length > position) {
      lines.length = position;
      changed = true;
    }
    if (!changed) return;
    this.version++;
    const names = new Set(lines.map((line) => line.name));
    for (const line of lines) line.device = describeBlockDevice(this.sysRoot, line.name, names);
  }

  /** Puts the current line's device at this position; those in between may still be found later. */
  private moveHere(position: number): DiskLine {
    const { scanner, lines } = this;
    for (let i = position + 1; i < lines.length; i++) {
      const line = lines[i]!;
      if (!scanner.isNamed(line.nameBytes)) continue;
      lines.splice(i, 1);
      lines.splice(position, 0, line);
      return line;
    }
    const name = scanner.name();
    const line: DiskLine = {
      name,
      nameBytes: Buffer.from(name, "latin1"),
      // Described when all names are known.
      device: { name, kind: "disk", shownWhenUsed: true, attributes: {} },
      used: false,
      reading: new Float64Array(DISKSTATS_COLUMNS.length),
    };
    lines.splice(position, 0, line);
    return line;
  }
}
