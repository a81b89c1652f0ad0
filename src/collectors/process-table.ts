/**
 * All processes, read once per sample for both `Process` and `Kernel Thread`. In the steady state a
 * process costs one positioned read of its open `stat` and a parse of its bytes; `status` and `io`
 * are read when CPU time or faults moved, and of each process every 10 seconds, spread over the
 * samples, as are files that are read then only. Kernel threads that did nothing rest for as long.
 */
import { readdirSync } from "../util/host-files.ts";
import type { SampleRow, Unit } from "../counter/sample-row.ts";
import { PidIo } from "../procfs/pid-io.ts";
import {
  CHILDREN_SYSTEM,
  CHILDREN_USER,
  PARENT,
  PID_STAT_COLUMNS,
  PidStat,
} from "../procfs/pid-stat.ts";
import { effectiveUid, PidStatus } from "../procfs/pid-status.ts";
import type { HostContext } from "./collector.ts";
import { ended, isOwed, type Kin, newKin, seen, settle } from "./ended-processes.ts";
import { CLOSED, DENIED, InstanceFiles } from "./instance-files.ts";
import { GROUP } from "./process-counters.ts";
import { ProcessExtras } from "./process-extras.ts";
import { ProcessIdentities, stableName } from "./process-identity.ts";
import type { ProcessKind, ProcessObjects } from "./process-objects.ts";

const FULL_SECONDS = 10;
/** Of a process that did nothing, memory is read every 10 s (others may take it), the rest less often. */
const IDLE_ROUNDS = 6;
const MAX_OPEN = 3000;
const OPEN_SHARE = 0.6;
/** A process that renames itself again and again keeps its instance from then on. */
const MAX_RENAMES = 5;

const MINFLT = PID_STAT_COLUMNS.indexOf("minflt");
const MAJFLT = PID_STAT_COLUMNS.indexOf("majflt");
const UTIME = PID_STAT_COLUMNS.indexOf("utime");
const STIME = PID_STAT_COLUMNS.indexOf("stime");
const STARTTIME = PID_STAT_COLUMNS.indexOf("starttime");
const BLKIO = PID_STAT_COLUMNS.indexOf("delayacct_blkio_ticks");

interface Tracked extends Kin {
  readonly pid: string;
  nameBytes: Uint8Array;
  kernelThread: boolean;
  startTime: number;
  renames: number;
  seenAt: number;
  /** Sum of what moves when the process does anything. */
  activity: number;
  /** When everything is read next even if nothing moved. */
  fullDue: number;
  /** Times that `fullDue` came. */
  rounds: number;
  /** Did something since the files that are read every 10 s only were read. */
  stale: boolean;
  /** A kernel thread that did nothing: not read before `fullDue`. */
  rests: boolean;
  /** May not be looked at (a /proc mounted with hidepid). */
  hidden: boolean;
  ioDenied: boolean;
  statFd: number;
  statusFd: number;
  ioFd: number;
  /** By field group; the one of stat is there as long as the process is recorded. */
  readonly units: (Unit | undefined)[];
}

export class ProcessTable {
  private readonly host: HostContext;
  private readonly files: InstanceFiles;
  private readonly identities: ProcessIdentities;
  private readonly extras: ProcessExtras;
  private readonly objects: ProcessObjects;
  private readonly processes = new Map<string, Tracked>();
  private readonly gone: Tracked[] = [];
  /** Processes that were charged for children, or will be. */
  private readonly unsettled = new Set<Tracked>();
  private readonly stat = new PidStat();
  private readonly status = new PidStatus();
  private readonly io = new PidIo();
  private readRow: SampleRow | undefined;
  private readSample = 0;
  private total: Unit | undefined;
  private endedCount = 0;
  private endedTicks = 0;

  constructor(host: HostContext, objects: ProcessObjects) {
    this.host = host;
    this.objects = objects;
    this.files = new InstanceFiles(host.procRoot, MAX_OPEN, OPEN_SHARE);
    this.identities = new ProcessIdentities(host);
    this.extras = new ProcessExtras(host, this.files);
  }

  /** Reads all processes, unless that was done for this sample. */
  collect(row: SampleRow): void {
    if (this.readRow === row && this.readSample === row.sample) return;
    this.readRow = row;
    this.readSample = row.sample;
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
    const { sample } = row;
    let present = 0;
    for (const name of readdirSync(this.host.procRoot)) {
      const first = name.charCodeAt(0);
      if (first < 48 || first > 57) continue;
      let process = this.processes.get(name);
      if (!process) this.processes.set(name, (process = newProcess(name)));
      const rests = process.rests && now < process.fullDue;
      // In this order: reading tells whether it is hidden.
      if (rests || process.hidden || this.readProcess(row, process, now) || process.hidden) {
        process.seenAt = sample;
        present++;
      }
    }
    if (present < this.processes.size) this.dropGone(row);
    this.settleAccounts(row);
  }

  private dropGone(row: SampleRow): void {
    const { sample } = row;
    for (const process of this.processes.values()) {
      if (process.seenAt === sample) continue;
      this.account(process, sample);
      this.forget(row, process);
      this.gone.push(process);
    }
    // Their parents are looked for among those that ended as well.
    for (const { pid } of this.gone) this.processes.delete(pid);
    this.gone.length = 0;
  }

  /** @returns false when the process is gone or cannot be seen */
  private readProcess(row: SampleRow, process: Tracked, now: number): boolean {
    const { stat } = this;
    if (!this.readStat(process)) {
      if (!isRecorded(process)) return false;
      // Gone; but its number may be another's already.
      this.end(row, process);
      if (!this.readStat(process)) return false;
    }
    const { values } = stat;
    const started = values[STARTTIME]!;
    if (isRecorded(process) && this.isOther(process, started)) {
      const sameStart = started === process.startTime;
      if (sameStart) this.forget(row, process);
      else this.end(row, process);
      process.renames = sameStart ? process.renames + 1 : 0;
      if (!this.readStat(process)) return false;
    }
    const activity =
      values[MINFLT]! +
      values[MAJFLT]! +
      values[UTIME]! +
      values[STIME]! +
      values[BLKIO]! +
      values[CHILDREN_USER]! +
      values[CHILDREN_SYSTEM]!;
    const moved = activity !== process.activity;
    process.activity = activity;
    process.parent = values[PARENT]!;
    if (moved && seen(process, values)) this.unsettled.add(process);
    const isNew = !isRecorded(process);
    if (isNew) this.welcome(row, process, now);
    const kind = this.objects.of(process.kernelThread);
    process.rests = !kind || (process.kernelThread && !moved);
    if (kind) kind.write(row, process.units[GROUP.stat]!, values);
    const due = now >= process.fullDue;
    if (moved) process.stale = true;
    else if (!due) return true;
    if (due) {
      process.rounds++;
      while (process.fullDue <= now) process.fullDue += FULL_SECONDS;
    }
    if (kind) this.readMore(row, process, kind, moved, isNew, due);
    return true;
  }

  /** Reads what is not read in every sample. */
  private readMore(
    row: SampleRow,
    process: Tracked,
    kind: ProcessKind,
    moved: boolean,
    isNew: boolean,
    due: boolean,
  ): void {
    const status = process.units[GROUP.status];
    const isRead = isNew || this.readStatus(process, moved) > 0;
    // What has none of its lines is no `status`.
    if (isRead && status && this.status.present !== 0) {
      kind.write(row, status, this.status.values);
    }
    const all = due && process.rounds % IDLE_ROUNDS === 0;
    if (moved || all) this.readIo(row, process, kind, moved && !isNew);
    if (!due || !(process.stale || all)) return;
    process.stale = false;
    this.extras.read(row, process, kind, process.rounds);
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

  /** @returns bytes in the buffer, or what `InstanceFiles.read` says */
  private readStatus(process: Tracked, keep: boolean): number {
    const { files } = this;
    const path = process.statusFd === CLOSED ? this.path(process, "status") : "";
    const length = files.read(process.statusFd, path, keep);
    process.statusFd = files.fd;
    if (length > 0) this.status.parse(files.buffer, length);
    return length;
  }

  private readIo(row: SampleRow, process: Tracked, kind: ProcessKind, keep: boolean): void {
    if (process.ioDenied || kind.width(GROUP.io) === 0) return;
    const { files } = this;
    const path = process.ioFd === CLOSED ? this.path(process, "io") : "";
    const length = files.read(process.ioFd, path, keep);
    process.ioFd = files.fd;
    // Another user's process: normal, and asking again would not help.
    if (length === DENIED) process.ioDenied = true;
    if (length <= 0 || !this.io.parse(files.buffer, length)) return;
    kind.write(row, kind.unit(row, process.units, GROUP.io), this.io.values);
  }

  /** Adds a process that is seen for the first time; its stat is in the buffer. */
  private welcome(row: SampleRow, process: Tracked, now: number): void {
    const { stat, files } = this;
    process.nameBytes = Buffer.from(files.buffer.subarray(stat.nameStart, stat.nameEnd));
    process.kernelThread = stat.kernelThread;
    process.startTime = stat.values[STARTTIME]!;
    // Spread over the samples to come, so that none of them has to read them all.
    process.fullDue = now + 1 + (Number(process.pid) % FULL_SECONDS);
    const kind = this.objects.of(stat.kernelThread);
    if (!kind) return;
    const length = this.readStatus(process, false);
    const name = Buffer.from(process.nameBytes).toString("utf8");
    const identity = this.identities.identity({
      pid: process.pid,
      name: stableName(name, stat.kernelThread),
      kernelThread: stat.kernelThread,
      startTime: process.startTime,
      uid: length > 0 ? effectiveUid(files.buffer, length) : undefined,
    });
    const unit = row.add(kind.object, GROUP.stat, identity);
    process.units[GROUP.stat] = unit;
    // It may have had another name before.
    if (!process.kernelThread) row.values[unit.slot + unit.width - 1] = process.unseen;
    if (length > 0 && kind.width(GROUP.status) > 0) {
      process.units[GROUP.status] = row.add(kind.object, GROUP.status, identity);
    }
  }

  /** The process ended, though its number lives on. */
  private end(row: SampleRow, process: Tracked): void {
    // Not all were looked at yet in this sample.
    this.account(process, row.sample - 1);
    this.forget(row, process);
    // Who looks for an ancestor may still come by here.
    Object.assign(process, newKin(), { parent: process.parent });
  }

  /** @param aliveSince the sample in which those that live were seen last, or later */
  private account(process: Tracked, aliveSince: number): void {
    if (process.kernelThread || !isRecorded(process)) return;
    this.endedCount++;
    const ancestor = ended(
      process,
      (pid) => this.processes.get(String(pid)),
      ({ seenAt }) => seenAt >= aliveSince,
    );
    if (ancestor) this.unsettled.add(ancestor);
  }

  private settleAccounts(row: SampleRow): void {
    const { user } = this.objects;
    if (!user) return;
    for (const process of this.unsettled) {
      const unseen = settle(process);
      if (!isOwed(process) || !this.processes.has(process.pid)) this.unsettled.delete(process);
      const unit = process.units[GROUP.stat];
      this.endedTicks += unseen;
      if (unseen === 0 || !unit || process.kernelThread) continue;
      row.values[unit.slot + unit.width - 1] = process.unseen;
    }
    const total = (this.total ??= row.add(user.object, GROUP.ended, { name: "_Total" }));
    row.values[total.slot] = this.endedCount;
    row.values[total.slot + 1] = this.endedTicks;
    row.read(total);
  }

  private forget(row: SampleRow, process: Tracked): void {
    this.closeFiles(process);
    for (const unit of process.units) if (unit) row.remove(unit);
    process.units.fill(undefined);
    process.startTime = -1;
    process.ioDenied = false;
    process.rests = false;
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

/** A kernel thread that nobody wants is known all the same, so that it can be left alone. */
function isRecorded(process: Tracked): boolean {
  return process.startTime >= 0;
}

function newProcess(pid: string): Tracked {
  return {
    pid,
    ...newKin(),
    nameBytes: Buffer.alloc(0),
    kernelThread: false,
    startTime: -1,
    renames: 0,
    seenAt: 0,
    activity: -1,
    fullDue: 0,
    rounds: 0,
    stale: true,
    rests: false,
    hidden: false,
    ioDenied: false,
    statFd: CLOSED,
    statusFd: CLOSED,
    ioFd: CLOSED,
    units: [],
  };
}
