/** Who used a run's resources: processes by role, disks, interfaces. */
import type { SeriesMean, SeriesPattern, SeriesStatistics } from "../source.ts";
import type { DiskUse, InterfaceUse, ProcessGroup } from "./run-report.ts";

const MOST_GROUPS = 10;
const MOST_DEVICES = 20;

export const TOP_PATTERNS: readonly SeriesPattern[] = [
  { object: "Process", counter: "% Processor Time" },
  { object: "Process", counter: "Working Set" },
  { object: "Process", counter: "IO Read Bytes/sec" },
  { object: "Process", counter: "IO Write Bytes/sec" },
  { object: "PhysicalDisk", counter: "% Disk Time" },
  { object: "PhysicalDisk", counter: "Disk Read Bytes/sec" },
  { object: "PhysicalDisk", counter: "Disk Write Bytes/sec" },
  { object: "PhysicalDisk", counter: "Disk Transfers/sec" },
  { object: "PhysicalDisk", counter: "Avg. Disk sec/Transfer" },
  { object: "PhysicalDisk", counter: "Avg. Disk Queue Length" },
  { object: "Network Interface", counter: "% Utilization" },
  { object: "Network Interface", counter: "Bytes Received/sec" },
  { object: "Network Interface", counter: "Bytes Sent/sec" },
  { object: "Network Interface", counter: "* Errors/sec" },
  { object: "Network Interface", counter: "* Drops/sec" },
];

const PROCESS_FIELDS = {
  "% processor time": "cpus",
  "working set": "memoryBytes",
  "io read bytes/sec": "readBytes",
  "io write bytes/sec": "writtenBytes",
} as const;

interface Group {
  readonly role: string;
  readonly users: Set<string>;
  readonly hosts: Set<number>;
  readonly processes: Set<string>;
  cpus: number;
  memoryBytes: number;
  readBytes: number;
  writtenBytes: number;
}

/** @param hostSeconds of all hosts together: means are over hosts and the whole time at work */
export function processGroups(means: readonly SeriesMean[], hostSeconds: number): ProcessGroup[] {
  const groups = new Map<string, Group>();
  for (const { series, mean, weight } of means) {
    const { object, counter, instance, attributes, hostId } = series;
    const field = PROCESS_FIELDS[counter.toLowerCase() as keyof typeof PROCESS_FIELDS];
    if (object !== "Process" || instance === "_Total" || field === undefined) continue;
    const role = attributes["role"] || instance.replace(/:\d+$/, "");
    let group = groups.get(role);
    if (!group) {
      group = {
        role,
        users: new Set(),
        hosts: new Set(),
        processes: new Set(),
        cpus: 0,
        memoryBytes: 0,
        readBytes: 0,
        writtenBytes: 0,
      };
      groups.set(role, group);
    }
    if (attributes["user"]) group.users.add(attributes["user"]);
    group.hosts.add(hostId);
    group.processes.add(`${hostId} ${instance}`);
    if (hostSeconds > 0) {
      group[field] += (mean * weight * (field === "cpus" ? 0.01 : 1)) / hostSeconds;
    }
  }
  return [...groups.values()].map(({ users, hosts, processes, ...rest }) => ({
    ...rest,
    users: [...users].sort(),
    hosts: hosts.size,
    processes: processes.size,
  }));
}

/** The largest by an amount; nothing that has none of it. */
export function largest(
  groups: readonly ProcessGroup[],
  amount: (group: ProcessGroup) => number,
): ProcessGroup[] {
  return groups
    .filter((group) => amount(group) > 0)
    .sort((a, b) => amount(b) - amount(a) || (a.role < b.role ? -1 : 1))
    .slice(0, MOST_GROUPS);
}

/** Numbers of each device, by host and instance. */
function devices<T extends SeriesMean>(
  means: readonly T[],
  object: string,
): {
  host: string;
  name: string;
  of: (counter: string) => T | undefined;
  all: T[];
}[] {
  const found = new Map<string, T[]>();
  for (const one of means) {
    if (one.series.object !== object || one.series.instance === "_Total") continue;
    const key = `${one.series.hostId}\n${one.series.instance}`;
    const list = found.get(key);
    if (list) list.push(one);
    else found.set(key, [one]);
  }
  return [...found.values()].map((all) => ({
    host: all[0]!.series.host,
    name: all[0]!.series.instance,
    of: (counter) => all.find(({ series }) => series.counter === counter),
    all,
  }));
}

/** Of which the 95th percentile is told, too. */
export const DISK_TIME: SeriesPattern = { object: "PhysicalDisk", counter: "% Disk Time" };

export function busiestDisks(
  means: readonly SeriesMean[],
  diskTime: readonly SeriesStatistics[],
): DiskUse[] {
  const busy = devices(diskTime, "PhysicalDisk");
  return devices(means, "PhysicalDisk")
    .map(({ host, name, of }): DiskUse => {
      const latency = of("Avg. Disk sec/Transfer")?.mean;
      return {
        host,
        disk: name,
        busy: of("% Disk Time")?.mean ?? null,
        busyP95: busy.find((one) => one.host === host && one.name === name)?.all[0]?.p95 ?? null,
        readBytes: of("Disk Read Bytes/sec")?.mean ?? null,
        writtenBytes: of("Disk Write Bytes/sec")?.mean ?? null,
        transfers: of("Disk Transfers/sec")?.mean ?? null,
        latencyMs: latency === undefined ? null : latency * 1000,
        queue: of("Avg. Disk Queue Length")?.mean ?? null,
      };
    })
    .sort((a, b) => (b.busy ?? -1) - (a.busy ?? -1) || order(a, b, "disk"))
    .slice(0, MOST_DEVICES);
}

export function busiestInterfaces(means: readonly SeriesMean[]): InterfaceUse[] {
  const moved = (use: InterfaceUse) => (use.receivedBytes ?? 0) + (use.sentBytes ?? 0);
  return devices(means, "Network Interface")
    .map(({ host, name, of, all }): InterfaceUse => {
      const sum = (ending: string) => {
        const some = all.filter(({ series }) => series.counter.endsWith(ending));
        return some.length > 0 ? some.reduce((total, { mean }) => total + mean, 0) : null;
      };
      return {
        host,
        interface: name,
        utilization: of("% Utilization")?.mean ?? null,
        receivedBytes: of("Bytes Received/sec")?.mean ?? null,
        sentBytes: of("Bytes Sent/sec")?.mean ?? null,
        errors: sum(" Errors/sec"),
        drops: sum(" Drops/sec"),
      };
    })
    .sort((a, b) => moved(b) - moved(a) || order(a, b, "interface"))
    .slice(0, MOST_DEVICES);
}

function order<K extends string>(
  a: { readonly host: string } & Readonly<Record<K, string>>,
  b: { readonly host: string } & Readonly<Record<K, string>>,
  key: K,
): number {
  return a.host < b.host || (a.host === b.host && a[key] < b[key]) ? -1 : 1;
}
