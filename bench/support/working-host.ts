/**
 * What a host of a Hadoop cluster counts while it works, second by second: raw kernel numbers of the
 * collectors' own declarations. A second is idle, or reads (map), or exchanges (shuffle), or computes
 * (reduce); how fast the disk is decides how long reading takes, so that two such clusters differ for a
 * reason. What has no meaning here goes with the load, or, for half of the fields as on real hosts,
 * never changes.
 */
import { collectors } from "../../src/collectors/all.ts";
import { recordedObject } from "../../src/counter/recorded.ts";
import { SampleRow, type Unit } from "../../src/counter/sample-row.ts";
import { seededRandom } from "../../test/support/synthetic-log.ts";

export interface HostModel {
  readonly seed: number;
  readonly diskMbPerSecond: number;
  /** Bytes that each host has to read and to compute on. */
  readonly workMb: number;
}

const CPUS = 2;
const MEMORY_KIB = 16 * 2 ** 20;
const LINK_BYTES = 125e6;
/** Threads of the job on a host. */
const THREADS = 4;
/** CPU time that a megabyte takes. */
const CPU_SECONDS_PER_MB = 0.006;

/** Which instances a host has: about 500 series, as a small node without its many processes. */
const INSTANCES: Readonly<Record<string, readonly string[]>> = {
  Processor: ["0", "1", "_Total"],
  System: [""],
  Memory: [""],
  Paging: [""],
  PhysicalDisk: ["sda", "_Total"],
  "Network Interface": ["eth0", "_Total"],
  Pressure: ["cpu", "io", "memory"],
  TCP: [""],
  UDP: [""],
  IP: [""],
  "Perfmon Agent": ["_Total"],
  Process: ["java:4242"],
};

/** What goes on in one second. */
interface Second {
  /** CPUs' worth of computing; share of them in the kernel; CPUs' worth that wait for the disk. */
  readonly computing: number;
  readonly waiting: number;
  readonly readMb: number;
  readonly writtenMb: number;
  readonly sentMb: number;
  /** Share of the second in which some task waited for the disk. */
  readonly stalled: number;
}

const IDLE: Second = {
  computing: 0.03,
  waiting: 0,
  readMb: 0,
  writtenMb: 0.02,
  sentMb: 0.005,
  stalled: 0.001,
};

type Rates = Readonly<Record<string, number>>;

export class WorkingHost {
  readonly row = new SampleRow();
  private readonly random: () => number;
  private readonly model: HostModel;
  private readonly units: readonly Unit[];
  private readonly habits: readonly Habit[];
  private left: number;
  private level = 0;

  constructor(model: HostModel) {
    this.model = model;
    this.random = seededRandom(model.seed);
    this.left = model.workMb;
    const objects = collectors.map(({ object }) => object);
    this.units = Object.entries(INSTANCES).flatMap(([name, instances]) => {
      const object = recordedObject(objects.find((one) => one.name === name)!);
      return instances.flatMap((instance) =>
        object.groups.flatMap((group, position) => {
          if (group.fields.length === 0) return [];
          const attributes = name === "Process" ? { role: "DataNode", user: "hdfs" } : undefined;
          const identity = { name: instance, ...(attributes ? { attributes } : {}) };
          return [this.row.add(object, position, identity)];
        }),
      );
    });
    this.habits = this.units.flatMap(({ object, group, instance, slot }) => {
      const known = ratesOf(object.name, instance.name, IDLE) ?? {};
      return object.groups[group]!.fields.flatMap((field, i) =>
        field.id in known ? [] : [habitOf(object.name, field, slot + i)],
      );
    });
  }

  /** Whether the job still has something to do. */
  get busy(): boolean {
    return this.left > 0;
  }

  /** Fills the row with the next second. */
  step(): void {
    const { row } = this;
    row.begin();
    // Neighboring seconds resemble each other.
    this.level = 0.8 * this.level + 0.1 * (this.random() - 0.5);
    const second = this.busy ? this.working() : IDLE;
    const load = (second.computing + second.waiting) / CPUS;
    for (const habit of this.habits) habit(row.values, load * (0.5 + this.random()), this.random());
    for (const unit of this.units) {
      this.put(unit, second);
      row.read(unit);
    }
  }

  /** Threads read, then compute: the slower of the two sets the pace (operational analysis). */
  private working(): Second {
    const pace = Math.exp(this.level + 0.04 * (this.random() - 0.5));
    const disk = this.model.diskMbPerSecond * pace;
    const byCpu = CPUS / CPU_SECONDS_PER_MB;
    const alone = THREADS / (1 / disk + CPU_SECONDS_PER_MB);
    const mb = Math.min(this.left, disk, byCpu, alone);
    this.left -= mb;
    const computing = mb * CPU_SECONDS_PER_MB;
    const waiting = Math.max(0, Math.min(THREADS - computing, (mb / disk) * 2));
    return {
      computing: computing + 0.05,
      waiting,
      readMb: mb,
      writtenMb: mb * 0.2,
      sentMb: mb * 0.3,
      stalled: Math.min(0.97, waiting / 2),
    };
  }

  private put({ object, group, instance, slot }: Unit, second: Second): void {
    const { values } = this.row;
    const rates = ratesOf(object.name, instance.name, second);
    if (!rates) return;
    object.groups[group]!.fields.forEach((field, i) => {
      const rate = rates[field.id];
      if (rate === undefined) return;
      // Whole numbers whose fractions are not lost on average.
      const whole = Math.floor(rate + this.random());
      values[slot + i] = field.kind === "gauge" ? whole : values[slot + i]! + whole;
    });
  }
}

/** Changes one slot, a second on. */
type Habit = (values: Float64Array, load: number, chance: number) => void;

function habitOf(object: string, field: { id: string; kind: string }, slot: number): Habit {
  const kind = hash(`${object} ${field.id}`);
  const size = 2 ** (kind % 13);
  if (field.kind === "gauge") {
    if (kind % 4 < 2) return (values) => void (values[slot] = size);
    return (values, load) => {
      const before = values[slot]!;
      values[slot] = Math.round(before + 0.1 * (size * 100 * (1 + load) - before));
    };
  }
  if (kind % 4 < 2) return () => undefined;
  // Some only now and then.
  if (kind % 4 === 2)
    return (values, load, chance) =>
      void (values[slot]! += chance < 0.05 ? 1 + Math.round(load * size) : 0);
  return (values, load) => void (values[slot]! += Math.round(load * size * 20));
}

function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return (value >>> 0) >>> 5;
}

/** What fields that mean something change by in a second (counters), or are (gauges). */
function ratesOf(object: string, instance: string, second: Second): Rates | undefined {
  const { computing, waiting, readMb, writtenMb, sentMb, stalled } = second;
  switch (object) {
    case "Processor": {
      // Per CPU jiffies of a second.
      const cpus = instance === "_Total" ? CPUS : 1;
      const used = Math.min(1, computing / CPUS);
      const waited = Math.min(1 - used, waiting / CPUS);
      return {
        user: 85 * used * cpus,
        nice: 0,
        system: 15 * used * cpus,
        idle: 100 * (1 - used - waited) * cpus,
        iowait: 100 * waited * cpus,
        irq: 0,
        softirq: 0,
        steal: 0,
        guest: 0,
        guest_nice: 0,
        elapsed: 100_000 * cpus,
      };
    }
    case "System":
      return {
        procs_running: 1 + computing,
        procs_blocked: waiting,
        cpus: CPUS,
        ctxt: 800 + 4000 * computing,
        intr: 500 + 2000 * computing,
      };
    case "Memory":
      return { MemTotal: MEMORY_KIB, MemAvailable: MEMORY_KIB * (0.7 - 0.1 * computing) };
    case "Paging":
      return {
        pgpgin: readMb * 1000,
        pgpgout: writtenMb * 1000,
        pswpin: 0,
        pswpout: 0,
        pgmajfault: 0.1,
        pgfault: 500 + 5000 * computing,
        pgscan_direct: 0,
        allocstall: 0,
        oom_kill: 0,
        workingset_refault: 0,
        workingset_refault_file: 0,
        workingset_refault_anon: 0,
      };
    case "PhysicalDisk":
      return {
        read_ios: readMb * 4,
        read_sectors: readMb * 1953,
        read_ticks: stalled * 1800,
        write_ios: writtenMb * 4,
        write_sectors: writtenMb * 1953,
        write_ticks: stalled * 200,
        in_flight: waiting,
        io_ticks: Math.min(1000, stalled * 1000),
        time_in_queue: stalled * 2000,
      };
    case "Network Interface":
      return {
        rx_bytes: sentMb * 1e6,
        tx_bytes: sentMb * 1e6,
        rx_packets: 10 + sentMb * 700,
        tx_packets: 10 + sentMb * 700,
        rx_errors: 0,
        tx_errors: 0,
        rx_dropped: 0,
        tx_dropped: 0,
        rx_fifo_errors: 0,
        rx_frame_errors: 0,
        tx_fifo_errors: 0,
        tx_carrier_errors: 0,
        collisions: 0,
        speed_bits: 8 * LINK_BYTES,
        busier_bytes: sentMb * 1e6,
        capacity_bytes: LINK_BYTES,
      };
    case "Pressure": {
      const share = instance === "cpu" ? 0.05 * computing : instance === "io" ? stalled : 0;
      return {
        some: share * 1e6,
        full: share * 3e5,
        some_avg10: share * 10_000,
        some_avg60: share * 10_000,
        some_avg300: share * 10_000,
        full_avg10: share * 3000,
        full_avg60: share * 3000,
        full_avg300: share * 3000,
      };
    }
    case "TCP":
      return {
        InSegs: 10 + sentMb * 700,
        OutSegs: 10 + sentMb * 700,
        RetransSegs: 0,
        TCPTimeouts: 0,
        ListenOverflows: 0,
      };
    case "Perfmon Agent":
      return { utime_us: 700, stime_us: 500, late_us: 300, dropped_samples: 0 };
    case "Process":
      return { utime: 80 * computing, stime: 14 * computing, read_bytes: readMb * 1e6 };
    default:
      return undefined;
  }
}
