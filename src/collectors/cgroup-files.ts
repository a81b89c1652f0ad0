/** Which files of a control group are read, in both versions, and where their numbers go. */
import { CgroupIo, type CountedDevices, type DeviceIo } from "../procfs/cgroup-io.ts";
import { KeyedNumbers, NO_LIMIT, firstNumber, secondNumber } from "../procfs/keyed-numbers.ts";
import { Pressure } from "../procfs/pressure.ts";
import { ByteScanner } from "../util/byte-scanner.ts";
import { pathExists } from "./sysfs.ts";
import type { CgroupController, CgroupLayout } from "./cgroup-layout.ts";
import {
  CGROUP_GROUPS,
  MEMORY_COUNTERS,
  MEMORY_EVENTS,
  MEMORY_GAUGES,
  cgroupGroup,
} from "./control-group-declare.ts";

/**
 * When a file is read: `usage` in every sample, since it tells whether anything was done, the first
 * that there is; `moved` when something was; `limit` now and then.
 */
export type ReadWhen = "usage" | "moved" | "limit";

export interface CgroupFile {
  readonly tree: number;
  readonly name: string;
  readonly when: ReadWhen;
  /** Puts what the file says into `CgroupReading`. */
  readonly take: (reading: CgroupReading, bytes: Buffer, length: number) => void;
}

/** What was read of one control group, by field group as declared. */
export class CgroupReading {
  readonly values = CGROUP_GROUPS.map(({ fields }) => new Float64Array(fields.length));
  /** 1 where the group's numbers were read. */
  readonly present = new Uint8Array(CGROUP_GROUPS.length);
  /** Where several disks count: of `IO`, what each of them did. */
  disks: ReadonlyMap<number, DeviceIo> | undefined;
  /** The file that was taken last holds something else than it should. */
  isGarbled = false;

  begin(): void {
    this.present.fill(0);
    this.isGarbled = false;
  }

  /** Sets a group of one number or two; no group where there is no limit. */
  set(group: number, first: number, second = 0): void {
    if (Number.isNaN(first)) this.isGarbled = true;
    if (!(first >= 0)) return;
    const values = this.values[group]!;
    values[0] = first;
    if (values.length > 1) values[1] = second;
    this.present[group] = 1;
  }
}

export const CPU = cgroupGroup("cpu");
export const THROTTLING = cgroupGroup("throttling");
const CPU_LIMIT = cgroupGroup("cpu_limit");
const CPU_WEIGHT = cgroupGroup("cpu_weight");
const MEMORY = cgroupGroup("memory");
const MEMORY_LIMIT = cgroupGroup("memory_limit");
const MEMORY_HIGH = cgroupGroup("memory_high");
const SWAP = cgroupGroup("swap");
const MEMORY_STAT = cgroupGroup("memory_stat");
const EVENTS = cgroupGroup("memory_events");
export const IO = cgroupGroup("io");
export const IO_DISK = cgroupGroup("io_disk");
const PIDS = cgroupGroup("pids");
const PIDS_LIMIT = cgroupGroup("pids_limit");
export const GROUPS = cgroupGroup("groups");

const NANOSECONDS_PER_MICROSECOND = 1000;
/** Version 1 writes "no limit" as the largest number of pages. */
const V1_NO_LIMIT = 2 ** 60;

const cpuStat = new KeyedNumbers(
  "usage_usec user_usec system_usec nr_periods nr_throttled throttled_usec".split(" "),
);
const cpuStatV1 = new KeyedNumbers("nr_periods nr_throttled throttled_time".split(" "));
const cpuacctStat = new KeyedNumbers(["user", "system"]);
const events = new KeyedNumbers(MEMORY_EVENTS);
const oomControl = new KeyedNumbers(["oom_kill"]);
const pressure = new Pressure();
const scanner = new ByteScanner();

const STAT_WIDTH = MEMORY_GAUGES.length + MEMORY_COUNTERS.length;
const INACTIVE_FILE = STAT_WIDTH;
const SWAP_V1 = STAT_WIDTH + 1;
/** Before Linux 5.9 only pages of files were told apart from new ones. */
const OLD_REFAULT = STAT_WIDTH + 2;
const REFAULT_FILE = MEMORY_GAUGES.length + MEMORY_COUNTERS.indexOf("workingset_refault_file");
const V1_NAMES: Readonly<Record<string, string>> = {
  anon: "rss",
  file: "cache",
  file_dirty: "dirty",
  file_writeback: "writeback",
};
const STAT_KEYS = [
  ...MEMORY_GAUGES,
  ...MEMORY_COUNTERS,
  "inactive_file",
  "swap",
  "workingset_refault",
];
/** `memory.stat` of version 2 and of version 1, in the order of the declared fields and some more. */
const memoryStat = {
  1: new KeyedNumbers(STAT_KEYS.map((key) => `total_${V1_NAMES[key] ?? key}`)),
  2: new KeyedNumbers(STAT_KEYS),
} as const;

/** Fields of memory.stat that a kernel has, found by parsing a file of it. */
export function memoryStatFields(version: 1 | 2, bytes: Buffer): Set<string> {
  const table = memoryStat[version];
  table.parse(bytes, bytes.length);
  const fields = [...MEMORY_GAUGES, ...MEMORY_COUNTERS].filter((_, i) => table.has(i));
  if (table.has(OLD_REFAULT)) fields.push("workingset_refault_file");
  if (version === 1 && table.has(SWAP_V1)) fields.push("swap_current");
  return new Set(fields);
}

function takeMemoryStat(version: 1 | 2): CgroupFile["take"] {
  const table = memoryStat[version];
  return (reading, bytes, length) => {
    table.parse(bytes, length);
    reading.isGarbled = table.present === 0;
    if (reading.isGarbled) return;
    const values = reading.values[MEMORY_STAT]!;
    for (let i = 0; i < values.length; i++) values[i] = table.values[i]!;
    if (table.has(OLD_REFAULT)) values[REFAULT_FILE] = table.values[OLD_REFAULT]!;
    reading.present[MEMORY_STAT] = 1;
    // Before memory.stat the size was read, if this group has one.
    reading.values[MEMORY]![1] = table.values[INACTIVE_FILE]!;
    if (version === 1 && table.has(SWAP_V1)) reading.set(SWAP, table.values[SWAP_V1]!);
  };
}

function takePressure(resource: "cpu" | "memory" | "io"): CgroupFile["take"] {
  const some = cgroupGroup(`${resource}_some`);
  const full = cgroupGroup(`${resource}_full`);
  return (reading, bytes, length) => {
    scanner.bytes = bytes;
    scanner.position = 0;
    scanner.end = length;
    pressure.read(scanner);
    if (pressure.some.isThere) reading.set(some, pressure.some.totalUs);
    if (pressure.full.isThere) reading.set(full, pressure.full.totalUs);
    reading.isGarbled = !pressure.some.isThere && !pressure.full.isThere;
  };
}

function takeCpuStat(reading: CgroupReading, bytes: Buffer, length: number): void {
  cpuStat.parse(bytes, length);
  reading.isGarbled = cpuStat.present === 0;
  if (cpuStat.has(0)) {
    for (let i = 0; i < 3; i++) reading.values[CPU]![i] = cpuStat.values[i]!;
    reading.present[CPU] = 1;
  }
  if (!cpuStat.has(3)) return;
  for (let i = 0; i < 3; i++) reading.values[THROTTLING]![i] = cpuStat.values[3 + i]!;
  reading.present[THROTTLING] = 1;
}

function takeCpuStatV1(reading: CgroupReading, bytes: Buffer, length: number): void {
  cpuStatV1.parse(bytes, length);
  reading.isGarbled = cpuStatV1.present === 0;
  if (reading.isGarbled) return;
  const values = reading.values[THROTTLING]!;
  values.set(cpuStatV1.values);
  values[2] = Math.floor(values[2]! / NANOSECONDS_PER_MICROSECOND);
  reading.present[THROTTLING] = 1;
}

/** What a limit of version 1 says; `NO_LIMIT` for the largest number there is. */
function limitV1(bytes: Buffer, length: number): number {
  const value = firstNumber(bytes, length);
  return value < V1_NO_LIMIT ? value : NO_LIMIT;
}

/**
 * The files to read, in the order in which they are to be read: sizes before memory.stat, both parts
 * of a pair one after the other.
 */
export function cgroupFiles(
  layout: CgroupLayout,
  devices: CountedDevices,
  clockTicksPerSecond: number,
): CgroupFile[] {
  const files: CgroupFile[] = [];
  const io = new CgroupIo(devices);
  const microsecondsPerTick = 1e6 / clockTicksPerSecond;
  const versionOf = (controller: CgroupController): 1 | 2 | undefined => {
    const tree = layout.controllers.get(controller);
    return tree === undefined ? undefined : layout.trees[tree]!.version;
  };
  const add = (
    controller: CgroupController,
    name: string,
    when: ReadWhen,
    take: CgroupFile["take"],
  ): void => {
    files.push({ tree: layout.controllers.get(controller)!, name, when, take });
  };

  if (layout.controllers.has("cpuacct")) {
    add("cpuacct", "cpuacct.usage", "usage", (reading, bytes, length) => {
      const usage = Math.floor(firstNumber(bytes, length) / NANOSECONDS_PER_MICROSECOND);
      reading.set(CPU, usage);
    });
    add("cpuacct", "cpuacct.stat", "moved", (reading, bytes, length) => {
      cpuacctStat.parse(bytes, length);
      // Without them, what was used would be of neither kind.
      reading.isGarbled = cpuacctStat.present === 0;
      if (reading.isGarbled) reading.present[CPU] = 0;
      for (let i = 0; i < 2; i++) {
        reading.values[CPU]![1 + i] = Math.round(cpuacctStat.values[i]! * microsecondsPerTick);
      }
    });
  }
  // Also of groups without the controller, and where it is in a tree of version 1.
  if (layout.controllers.has("pressure")) add("pressure", "cpu.stat", "usage", takeCpuStat);
  if (versionOf("cpu") === 1) {
    add("cpu", "cpu.stat", "moved", takeCpuStatV1);
    add("cpu", "cpu.cfs_quota_us", "limit", (reading, bytes, length) => {
      reading.set(CPU_LIMIT, firstNumber(bytes, length), 100_000);
    });
    add("cpu", "cpu.cfs_period_us", "limit", (reading, bytes, length) => {
      reading.values[CPU_LIMIT]![1] = firstNumber(bytes, length);
    });
    add("cpu", "cpu.shares", "limit", (reading, bytes, length) => {
      reading.set(CPU_WEIGHT, Math.round((firstNumber(bytes, length) * 100) / 1024));
    });
  } else if (versionOf("cpu") === 2) {
    add("cpu", "cpu.max", "limit", (reading, bytes, length) => {
      reading.set(CPU_LIMIT, firstNumber(bytes, length), secondNumber(bytes, length));
    });
    add("cpu", "cpu.weight", "limit", (reading, bytes, length) => {
      reading.set(CPU_WEIGHT, firstNumber(bytes, length));
    });
  }

  if (versionOf("memory") === 1) {
    add("memory", "memory.usage_in_bytes", "moved", (reading, bytes, length) => {
      reading.set(MEMORY, firstNumber(bytes, length));
    });
    add("memory", "memory.stat", "moved", takeMemoryStat(1));
    add("memory", "memory.failcnt", "moved", (reading, bytes, length) => {
      reading.values[EVENTS]!.fill(0);
      reading.values[EVENTS]![MEMORY_EVENTS.indexOf("max")] = firstNumber(bytes, length);
      reading.present[EVENTS] = 1;
    });
    add("memory", "memory.oom_control", "moved", (reading, bytes, length) => {
      oomControl.parse(bytes, length);
      reading.values[EVENTS]![MEMORY_EVENTS.indexOf("oom_kill")] = oomControl.values[0]!;
    });
    add("memory", "memory.limit_in_bytes", "limit", (reading, bytes, length) => {
      reading.set(MEMORY_LIMIT, limitV1(bytes, length));
    });
  } else if (versionOf("memory") === 2) {
    add("memory", "memory.current", "moved", (reading, bytes, length) => {
      reading.set(MEMORY, firstNumber(bytes, length));
    });
    add("memory", "memory.stat", "moved", takeMemoryStat(2));
    add("memory", "memory.swap.current", "moved", (reading, bytes, length) => {
      reading.set(SWAP, firstNumber(bytes, length));
    });
    add("memory", "memory.events", "moved", (reading, bytes, length) => {
      events.parse(bytes, length);
      reading.isGarbled = events.present === 0;
      if (reading.isGarbled) return;
      reading.values[EVENTS]!.set(events.values);
      reading.present[EVENTS] = 1;
    });
    add("memory", "memory.max", "limit", (reading, bytes, length) => {
      reading.set(MEMORY_LIMIT, firstNumber(bytes, length));
    });
    add("memory", "memory.high", "limit", (reading, bytes, length) => {
      reading.set(MEMORY_HIGH, firstNumber(bytes, length));
    });
  }

  const takeIo = (add: "addStat" | "addServiceBytes" | "addServiced"): CgroupFile["take"] => {
    return (reading, bytes, length) => {
      if (add !== "addServiced") io.reset();
      io[add](bytes, length);
      reading.isGarbled = io.isGarbled;
      // With version 1 it takes both files.
      reading.present[IO] = Number(!io.isGarbled);
      reading.values[IO]!.set(io.values);
      reading.disks = io.byDevice;
    };
  };
  if (versionOf("io") === 1) {
    // With the groups below, which older kernels do not sum up.
    const root = layout.trees[layout.controllers.get("io")!]!.folder;
    const name = "blkio.throttle.io_serviced_recursive";
    const sum = pathExists(`${root}/${name}`) ? "_recursive" : "";
    add("io", `blkio.throttle.io_service_bytes${sum}`, "moved", takeIo("addServiceBytes"));
    add("io", `blkio.throttle.io_serviced${sum}`, "moved", takeIo("addServiced"));
  } else if (versionOf("io") === 2) add("io", "io.stat", "moved", takeIo("addStat"));

  if (layout.controllers.has("pids")) {
    add("pids", "pids.current", "moved", (reading, bytes, length) => {
      reading.set(PIDS, firstNumber(bytes, length));
    });
    add("pids", "pids.max", "limit", (reading, bytes, length) => {
      reading.set(PIDS_LIMIT, firstNumber(bytes, length));
    });
  }
  if (layout.controllers.has("pressure")) {
    for (const resource of ["cpu", "memory", "io"] as const) {
      add("pressure", `${resource}.pressure`, "moved", takePressure(resource));
    }
  }
  return files;
}

/** Groups that are read now and then, and hold in between. */
export const LIMIT_GROUPS: readonly number[] = [
  CPU_LIMIT,
  CPU_WEIGHT,
  MEMORY_LIMIT,
  MEMORY_HIGH,
  PIDS_LIMIT,
];

/** Puts what is used beside what is allowed, so that their ratio can be taken. */
export function pairLimits(reading: CgroupReading): void {
  if (reading.present[MEMORY] === 1) {
    reading.values[MEMORY_LIMIT]![1] = reading.values[MEMORY]![0]!;
  } else reading.present[MEMORY_LIMIT] = 0;
  if (reading.present[PIDS] === 1) reading.values[PIDS_LIMIT]![1] = reading.values[PIDS]![0]!;
  else reading.present[PIDS_LIMIT] = 0;
}
