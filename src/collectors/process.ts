/**
 * `Process`: all processes, every sample. In the steady state a process costs one positioned read
 * of its open `stat` and a parse of its bytes; `status` and `io` are read when CPU time or faults
 * moved, and of each process every 10 seconds, spread over the samples.
 */
import { readdirSync } from "../util/host-files.ts";
import { recordedObject, type RecordedObject } from "../counter/recorded.ts";
import type { SampleRow, Unit } from "../counter/sample-row.ts";
import { PidIo } from "../procfs/pid-io.ts";
import { PID_STAT_COLUMNS, PidStat } from "../procfs/pid-stat.ts";
import { effectiveUid, PidStatus } from "../procfs/pid-status.ts";
import type { Collector, HostContext, OpenCollector } from "./collector.ts";
import { processObject } from "./process-counters.ts";
import { CLOSED, DENIED, ProcessFiles } from "./process-files.ts";
import { ProcessIdentities, stableName } from "./process-identity.ts";
import { probeProcessFields, readMemoryBytes } from "./process-probe.ts";

export const processes: Collector = {
  object: processObject({ clockTicksPerSecond: 100, pageSizeBytes: 4096, memoryBytes: 0 }),
  open: (host) => new OpenProcess(host),
};

const STAT = 0;
const STATUS = 1;
const IO = 2;
const FULL_SECONDS = 10;
/** A process that renames itself again and again keeps its instance from then on. */
const MAX_RENAMES = 5;

const MINFLT = PID_STAT_COLUMNS.indexOf("minflt");
const MAJFLT = PID_STAT_COLUMNS.indexOf("majflt");
const UTIME = PID_STAT_COLUMNS.indexOf("utime");
const STIME = PID_STAT_COLUMNS.indexOf("stime");
const STARTTIME = PID_STAT_COLUMNS.indexOf("starttime");
const BLKIO = PID_STAT_COLUMNS.indexOf("delayacct_blkio_ticks");

interface Tracked {
  readonly pid: string;
  nameBytes: Uint8Array;
  kernelThread: boolean;
  startTime: number;
  renames: number;
  seenAt: number;
  /** Sum of what moves when the process does anything. */
  activity: number;
  /** When status and io are read next even if nothing moved. */
  fullDue: number;
  /** May not be looked at (a /proc mounted with hidepid). */
  hidden: boolean;
  ioDenied: boolean;
  statFd: number;
  statusFd: number;
  ioFd: number;
  statUnit: Unit | undefined;
  statusUnit: Unit | undefined;
  ioUnit: Unit | undefined;
}

class OpenProcess implements OpenCollector {
  readonly object: RecordedObject;
  private readonly host: HostContext;
  private readonly files: ProcessFiles;
  private readonly identities: ProcessIdentities;
  private readonly processes = new Map<string, Tracked>();
  private readonly stat = new PidStat();
  private readonly status = new PidStatus();
  private readonly io = new PidIo();
  /** Positions in the parsers' values of the fields that are recorded. */
  private readonly positions: readonly Int32Array[];

  constructor(host: HostContext) {
    this.host = host;
    this.files = new ProcessFiles(host.procRoot);
    this.identities = new ProcessIdentities(host);
    const memoryBytes = readMemoryBytes(host.procRoot);
    const declared = processObject({ ...host, memoryBytes });
    const present = probeProcessFields(host.procRoot);
    const recorded = recordedObject(declared, (id) => present.has(id));
    this.object = {
      ...recorded,
      counters: recorded.counters.filter(({ name }) => memoryBytes > 0 || name !== "% Memory"),
    };
    this.positions = declared.groups.map((group, g) =>
      Int32Array.from(this.object.groups[g]!.fields, (field) =>
        group.fields.findIndex(({ id }) => id === field.id),
      ),
    );
  }

  collect(row: SampleRow): void {
    try {
      this.readAll(row);
    } catch (error) {
      // Out of descriptors: give some back, so that the next sample can be read.
      for (const process of this.processes.values()) this.closeFiles(process);
      throw error;
    }
  }

  close(): void {
    for (const process of this.processes.values()) this.closeFiles(process);
    this.processes.clear();
  }

  private readAll(row: SampleRow): void {
    const now = this.host.monotonicSeconds();
    for (const name of readdirSync(this.host.procRoot)) {
      const first = name.charCodeAt(0);
      if (first < 48 || first > 57) continue;
      let process = this.processes.get(name);
      if (!process) this.processes.set(name, (process = newProcess(name)));
      if (process.hidden || this.readProcess(row, process, now)) process.seenAt = row.sample;
    }
    for (const process of this.processes.values()) {
      if (process.seenAt === row.sample) continue;
      this.forget(row, process);
      this.processes.delete(process.pid);
    }
  }

  /** @returns false when the process is gone or cannot be seen */
  private readProcess(row: SampleRow, process: Tracked, now: number): boolean {
    const { stat } = this;
    if (!this.readStat(process)) {
      if (process.statUnit === undefined) return false;
      // Gone; but its number may be another's already.
      this.forget(row, process);
      if (!this.readStat(process)) return false;
    }
    const { values } = stat;
    const started = values[STARTTIME]!;
    if (process.statUnit && this.isOther(process, started)) {
      const sameStart = started === process.startTime;
      this.forget(row, process);
      process.renames = sameStart ? process.renames + 1 : 0;
      if (!this.readStat(process)) return false;
    }
    const activity =
      values[MINFLT]! + values[MAJFLT]! + values[UTIME]! + values[STIME]! + values[BLKIO]!;
    const moved = activity !== process.activity;
    process.activity = activity;
    const isNew = process.statUnit === undefined;
    if (isNew) this.welcome(row, process, now);
    this.write(row, process.statUnit!, STAT, values);
    if (!moved && now < process.fullDue) return true;
    while (process.fullDue <= now) process.fullDue += FULL_SECONDS;
    if (isNew || this.readStatus(process, moved) > 0) {
      if (process.statusUnit) this.write(row, process.statusUnit, STATUS, this.status.values);
    }
    this.readIo(row, process, moved && !isNew);
    return true;
  }

  /** The number was given to another process, or the process runs another program now. */
  private isOther(process: Tracked, started: number): boolean {
    const { stat } = this;
    if (started !== process.startTime) return true;
    if (stat.kernelThread !== process.kernelThread) return true;
    if (process.kernelThread || process.renames >= MAX_RENAMES) return false;
    return !stat.isNamed(this.files.buffer, process.nameBytes);
  }

  private readStat(process: Tracked): boolean {
    const { files } = this;
    const path = process.statFd === CLOSED ? this.path(process, "stat") : "";
    const length = files.read(process.statFd, path, true);
    process.statFd = files.fd;
    process.hidden = length === DENIED;
    return length > 0 && this.stat.parse(files.buffer, length);
  }

  /** @returns bytes in the buffer, or what `ProcessFiles.read` says */
  private readStatus(process: Tracked, keep: boolean): number {
    const { files } = this;
    const path = process.statusFd === CLOSED ? this.path(process, "status") : "";
    const length = files.read(process.statusFd, path, keep);
    process.statusFd = files.fd;
    if (length > 0) this.status.parse(files.buffer, length);
    return length;
  }

  private readIo(row: SampleRow, process: Tracked, keep: boolean): void {
    if (process.ioDenied || this.positions[IO]!.length === 0) return;
    const { files } = this;
    const path = process.ioFd === CLOSED ? this.path(process, "io") : "";
    const length = files.read(process.ioFd, path, keep);
    process.ioFd = files.fd;
    // Another user's process: normal, and asking again would not help.
    if (length === DENIED) process.ioDenied = true;
    if (length <= 0 || !this.io.parse(files.buffer, length)) return;
    process.ioUnit ??= row.add(this.object, IO, process.statUnit!.instance);
    this.write(row, process.ioUnit, IO, this.io.values);
  }

  /** Adds a process that is seen for the first time; its stat is in the buffer. */
  private welcome(row: SampleRow, process: Tracked, now: number): void {
    const { stat, files } = this;
    process.nameBytes = Buffer.from(files.buffer.subarray(stat.nameStart, stat.nameEnd));
    process.kernelThread = stat.kernelThread;
    process.startTime = stat.values[STARTTIME]!;
    const length = this.readStatus(process, false);
    const name = Buffer.from(process.nameBytes).toString("utf8");
    const identity = this.identities.identity({
      pid: process.pid,
      name: stableName(name, stat.kernelThread),
      kernelThread: stat.kernelThread,
      startTime: process.startTime,
      uid: length > 0 ? effectiveUid(files.buffer, length) : undefined,
    });
    process.statUnit = row.add(this.object, STAT, identity);
    if (length > 0 && this.positions[STATUS]!.length > 0) {
      process.statusUnit = row.add(this.object, STATUS, identity);
    }
    // Spread over the samples to come, so that none of them has to read them all.
    process.fullDue = now + 1 + (Number(process.pid) % FULL_SECONDS);
  }

  private write(row: SampleRow, unit: Unit, group: number, values: Float64Array): void {
    const positions = this.positions[group]!;
    const { slot } = unit;
    for (let i = 0; i < positions.length; i++) row.values[slot + i] = values[positions[i]!]!;
    row.read(unit);
  }

  private forget(row: SampleRow, process: Tracked): void {
    this.closeFiles(process);
    if (process.statUnit) row.remove(process.statUnit);
    if (process.statusUnit) row.remove(process.statusUnit);
    if (process.ioUnit) row.remove(process.ioUnit);
    process.statUnit = process.statusUnit = process.ioUnit = undefined;
    process.ioDenied = false;
  }

  private closeFiles(process: Tracked): void {
    this.files.close(process.statFd);
    this.files.close(process.statusFd);
    this.files.close(process.ioFd);
    process.statFd = process.statusFd = process.ioFd = CLOSED;
  }

  private path(process: Tracked, file: string): string {
    return `${this.host.procRoot}/${process.pid}/${file}`;
  }
}

function newProcess(pid: string): Tracked {
  return {
    pid,
    nameBytes: Buffer.alloc(0),
    kernelThread: false,
    startTime: 0,
    renames: 0,
    seenAt: 0,
    activity: -1,
    fullDue: 0,
    hidden: false,
    ioDenied: false,
    statFd: CLOSED,
    statusFd: CLOSED,
    ioFd: CLOSED,
    statUnit: undefined,
    statusUnit: undefined,
    ioUnit: undefined,
  };
}
