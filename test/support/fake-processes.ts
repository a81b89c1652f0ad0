/** Processes in a `FakeHost`, and questions about what was recorded of them. */
import { FakeHost, type RecordedHost, type Recording } from "./fake-host.ts";

export interface FakeProcess {
  readonly name?: string;
  readonly user?: number;
  readonly ticks?: number;
  readonly start?: number;
  readonly kernel?: boolean;
  readonly state?: string;
  readonly blkio?: number;
  readonly command?: string;
  readonly uid?: number;
  readonly read?: number;
  readonly switches?: number;
  readonly io?: boolean;
  readonly parent?: number;
  /** Ticks of children that it waited for. */
  readonly children?: number;
  readonly runDelayUs?: number;
}

/** A host with 4 MiB of memory and two users, without a process yet. */
export function hostOfProcesses(): FakeHost {
  const host = new FakeHost();
  host.write("proc/meminfo", "MemTotal:         4096 kB\nMemFree: 1 kB\n");
  host.write(
    "etc/passwd",
    "root:x:0:0:root:/root:/bin/bash\nhdfs:x:1001:1001::/home/hdfs:/bin/sh\n",
  );
  return host;
}

/** Writes a process's files as Linux 6.x has them. */
export function putProcess(host: FakeHost, pid: number, p: FakeProcess = {}): void {
  const flags = p.kernel ? 2129984 : 4194304;
  const rss = p.kernel ? 0 : 256;
  host.write(
    `proc/${pid}/stat`,
    `${pid} (${p.name ?? "java"}) ${p.state ?? "S"} ${p.parent ?? 1} 1 1 0 -1 ${flags} 100 7 3 0 ${p.ticks ?? 0} ${p.user ?? 0} ${p.children ?? 0} 0 20 -5 33 0 ${p.start ?? 5000} 1048576 ${rss} 18446744073709551615 94307784355840 94307784375721 140721815438832 0 0 0 0 4096 17663 1 0 0 17 1 0 0 ${p.blkio ?? 0} 0 0 94307784391728 94307784393344 94308404658176 140721815444192 140721815444212 140721815444212 140721815445483 0\n`,
  );
  const memory = p.kernel
    ? ""
    : "VmPeak:\t 3060 kB\nVmHWM:\t    1200 kB\nVmRSS:\t 1024 kB\nRssAnon:\t     700 kB\nRssFile:\t     300 kB\nRssShmem:\t      24 kB\nVmSwap:\t      40 kB\n";
  host.write(
    `proc/${pid}/status`,
    `Name:\t${p.name ?? "java"}\nUmask:\t0022\nUid:\t0\t${p.uid ?? 1001}\t0\t0\nVoid:\t9\n${memory}Threads:\t33\nvoluntary_ctxt_switches:\t${p.switches ?? 0}\nnonvoluntary_ctxt_switches:\t2\n`,
  );
  if (p.io !== false) {
    host.write(
      `proc/${pid}/io`,
      `rchar: 10\nwchar: 20\nsyscr: 1\nsyscw: 2\nread_bytes: ${p.read ?? 0}\nwrite_bytes: 0\ncancelled_write_bytes: 0\n`,
    );
  }
  host.write(`proc/${pid}/schedstat`, `123456789 ${(p.runDelayUs ?? 0) * 1000} 7\n`);
  host.write(`proc/${pid}/cmdline`, p.command ?? "");
  host.write(`proc/${pid}/cgroup`, "0::/system.slice/hadoop-datanode.service\n");
}

/** Which groups of an instance were read in the last sample. */
export function readGroups(recording: Recording, instance: string): string[] {
  return recording.row.units
    .filter((unit) => unit.instance.name === instance && recording.row.isRead(unit))
    .map((unit) => unit.object.groups[unit.group]!.id);
}

/** This machine's processes, on a clock of their own. */
export function thisMachine(host: FakeHost): RecordedHost {
  const monotonicSeconds = (): number => real.seconds;
  const context = { ...host.context, procRoot: "/proc", monotonicSeconds };
  const real: RecordedHost = { seconds: 1000, context };
  return real;
}

/** Names of the processes read in the last sample. */
export function names(recording: Recording): string[] {
  return recording.instances().filter((name) => name !== "_Total");
}
