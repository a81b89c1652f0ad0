/** What is read of a process every 10 s only: run-queue delay, handles and, if wanted, PSS. */
import { readdirSync, statSync } from "node:fs";
import type { SampleRow, Unit } from "../counter/sample-row.ts";
import { KeyedNumbers } from "../procfs/keyed-numbers.ts";
import type { HostContext } from "./collector.ts";
import { CLOSED, type InstanceFiles } from "./instance-files.ts";
import { GROUP } from "./process-counters.ts";
import type { ProcessKind } from "./process-objects.ts";

const NANOSECONDS_PER_MICROSECOND = 1000;
const SPACE = 32;
/** Where handles must be listed to be counted, they are once a minute. */
const LISTING_ROUNDS = 6;

export interface ExtrasOf {
  readonly pid: string;
  readonly units: (Unit | undefined)[];
}

export class ProcessExtras {
  private readonly host: HostContext;
  private readonly files: InstanceFiles;
  private readonly rollup = new KeyedNumbers(["Pss:", "SwapPss:"]);
  private readonly one = new Float64Array(1);
  /** The kernel tells the number of descriptors as the size of their folder: since Linux 6.2. */
  private readonly countsHandles: boolean;

  constructor(host: HostContext, files: InstanceFiles) {
    this.host = host;
    this.files = files;
    const own = `${host.procRoot}/self/fd`;
    // Listing opens one more.
    this.countsHandles = Math.abs(folderSize(own) - entries(own)) <= 1;
  }

  /** @param round number of 10 s that the process has been seen */
  read(row: SampleRow, process: ExtrasOf, kind: ProcessKind, round: number): void {
    const folder = `${this.host.procRoot}/${process.pid}`;
    if (kind.width(GROUP.schedstat) > 0) this.readRunDelay(row, process, kind, folder);
    if (kind.width(GROUP.fd) > 0) this.readHandles(row, process, kind, folder, round);
    if (kind.width(GROUP.pss) > 0) this.readPss(row, process, kind, folder);
  }

  private readRunDelay(row: SampleRow, process: ExtrasOf, kind: ProcessKind, folder: string): void {
    const { files } = this;
    const length = files.read(CLOSED, `${folder}/schedstat`, false);
    if (length <= 0) return;
    let p = 0;
    while (p < length && files.buffer[p] !== SPACE) p++;
    const first = ++p;
    let value = 0;
    for (; p < length && files.buffer[p]! > SPACE; p++) {
      const digit = files.buffer[p]! - 48;
      if (digit < 0 || digit > 9) return;
      value = value * 10 + digit;
    }
    if (p === first) return;
    this.write(
      row,
      process,
      kind,
      GROUP.schedstat,
      Math.floor(value / NANOSECONDS_PER_MICROSECOND),
    );
  }

  private readHandles(
    row: SampleRow,
    process: ExtrasOf,
    kind: ProcessKind,
    folder: string,
    round: number,
  ): void {
    const path = `${folder}/fd`;
    let count: number;
    if (this.countsHandles) count = folderSize(path);
    else {
      // Costs a microsecond for each, and the largest processes have thousands.
      if (process.units[GROUP.fd] && round % LISTING_ROUNDS !== 0) return;
      count = entries(path);
    }
    if (count >= 0) this.write(row, process, kind, GROUP.fd, count);
  }

  private readPss(row: SampleRow, process: ExtrasOf, kind: ProcessKind, folder: string): void {
    const { files, rollup } = this;
    const length = files.read(CLOSED, `${folder}/smaps_rollup`, false);
    if (length <= 0) return;
    rollup.parse(files.buffer, length);
    if (rollup.has(0)) kind.write(row, kind.unit(row, process.units, GROUP.pss), rollup.values);
  }

  private write(
    row: SampleRow,
    process: ExtrasOf,
    kind: ProcessKind,
    group: number,
    value: number,
  ): void {
    this.one[0] = value;
    kind.write(row, kind.unit(row, process.units, group), this.one);
  }
}

/** Size of a folder, or -1 when it may not be looked at. */
function folderSize(path: string): number {
  try {
    return statSync(path).size;
  } catch {
    // Another user's, or gone.
    return -1;
  }
}

function entries(path: string): number {
  try {
    return readdirSync(path).length;
  } catch {
    return -1;
  }
}
