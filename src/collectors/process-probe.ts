/** What this kernel tells of processes: learned once, from the agent's own and from a few others. */
import { readdirSync, readFileSync } from "../util/host-files.ts";
import { PID_IO_COLUMNS, PidIo } from "../procfs/pid-io.ts";
import { PID_STAT_COLUMNS } from "../procfs/pid-stat.ts";
import { PID_STATUS_COLUMNS, PidStatus } from "../procfs/pid-status.ts";
import { pathExists, readAttribute } from "./sysfs.ts";

/** Kernel threads, which come first, lack most lines of `status`. */
const MAX_PROBES = 200;

/** @returns names of the fields of processes that can be had on this host */
export function probeProcessFields(procRoot: string, pss: boolean): ReadonlySet<string> {
  const fields = new Set([...PID_STAT_COLUMNS, "ended", "ended_ticks"]);
  if (pathExists(`${procRoot}/self/schedstat`)) fields.add("run_delay_usec");
  if (pathExists(`${procRoot}/self/fd`)) fields.add("handles");
  if (pss) for (const id of ["Pss", "SwapPss"]) fields.add(id);
  // Since Linux 5.14 it stays 0 unless switched on: a field that looks like "no delay" but is not.
  if (readAttribute(`${procRoot}/sys/kernel/task_delayacct`) === "0") {
    fields.delete("delayacct_blkio_ticks");
  }
  const probes = ["self", ...someProcesses(procRoot)];
  let present = 0;
  for (const pid of probes) {
    present |= statusColumns(`${procRoot}/${pid}/status`);
    if (present === (1 << PID_STATUS_COLUMNS.length) - 1) break;
  }
  PID_STATUS_COLUMNS.forEach((id, i) => {
    if ((present & (1 << i)) !== 0) fields.add(id);
  });
  if (probes.some((pid) => hasIo(`${procRoot}/${pid}/io`))) {
    for (const id of PID_IO_COLUMNS) fields.add(id);
  }
  return fields;
}

/** Size of the host's memory, or 0 when it is not known. */
export function readMemoryBytes(procRoot: string): number {
  const kib = /^MemTotal:\s+(\d+) kB/m.exec(readAttribute(`${procRoot}/meminfo`) ?? "")?.[1];
  return kib === undefined ? 0 : Number(kib) * 1024;
}

function someProcesses(procRoot: string): string[] {
  const pids = readdirSync(procRoot).filter((name) => name >= "0" && name < ":");
  return pids.slice(0, MAX_PROBES);
}

function statusColumns(path: string): number {
  const bytes = readBytes(path);
  const status = new PidStatus();
  if (bytes) status.parse(bytes, bytes.length);
  return status.present;
}

function hasIo(path: string): boolean {
  const bytes = readBytes(path);
  return bytes !== undefined && new PidIo().parse(bytes, bytes.length);
}

function readBytes(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    // Ended meanwhile, or another user's.
    return undefined;
  }
}
