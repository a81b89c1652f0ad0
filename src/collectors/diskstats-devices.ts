/**
 * The devices in /proc/diskstats as they come and go. Most samples find the lines of the sample
 * before: then a line costs a comparison of its name's bytes. Only when the set of lines changes,
 * or a device does its first I/O, is /sys asked what is what.
 */
import type { Unit } from "../counter/sample-row.ts";
import { DISKSTATS_COLUMNS, DiskstatsScanner } from "../procfs/diskstats.ts";
import { describeBlockDevice, type BlockDevice } from "./block-devices.ts";
import { totalMember, type TotalMember } from "./running-total.ts";

export interface DiskLine {
  readonly name: string;
  readonly nameBytes: Uint8Array;
  device: BlockDevice | undefined;
  /** Whether it has read or written anything since boot. */
  used: boolean;
  /** Whether it is part of the total. */
  counted: boolean;
  readonly member: TotalMember;
  /** The numbers of the current sample. */
  readonly reading: Float64Array;
  unit: Unit | undefined;
}

const READ_IOS = DISKSTATS_COLUMNS.indexOf("read_ios");
const WRITE_IOS = DISKSTATS_COLUMNS.indexOf("write_ios");

export class DiskLines {
  /** In the order of the file. */
  readonly lines: DiskLine[] = [];
  /** Numbers per line that this kernel gives; 0 before the first line was seen. */
  columns = 0;
  private readonly sysRoot: string;
  private readonly gone: (line: DiskLine) => void;
  private readonly scanner = new DiskstatsScanner();

  /** @param gone told of each device that is not there any more */
  constructor(sysRoot: string, gone: (line: DiskLine) => void) {
    this.sysRoot = sysRoot;
    this.gone = gone;
  }

  /**
   * Reads the file's content of one sample.
   *
   * @returns true when devices came or went or were used for the first time; all descriptions are
   *   then new.
   */
  read(content: Uint8Array): boolean {
    const { scanner, lines } = this;
    scanner.reset(content);
    let position = 0;
    let changed = false;
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
    for (; lines.length > position; changed = true) this.gone(lines.pop()!);
    if (changed) {
      const names = new Set(lines.map((line) => line.name));
      for (const line of lines) line.device = describeBlockDevice(this.sysRoot, line.name, names);
    }
    return changed;
  }

  /** Puts the current line's device at this position; those in between may still be found later. */
  private moveHere(position: number): DiskLine {
    const { scanner } = this;
    for (let i = position + 1; i < this.lines.length; i++) {
      const line = this.lines[i]!;
      if (!scanner.isNamed(line.nameBytes)) continue;
      this.lines.splice(i, 1);
      this.lines.splice(position, 0, line);
      return line;
    }
    const name = scanner.name();
    const line: DiskLine = {
      name,
      nameBytes: Buffer.from(name, "latin1"),
      device: undefined,
      used: false,
      counted: false,
      member: totalMember(DISKSTATS_COLUMNS.length),
      reading: new Float64Array(DISKSTATS_COLUMNS.length),
      unit: undefined,
    };
    this.lines.splice(position, 0, line);
    return line;
  }
}
