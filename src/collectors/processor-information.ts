import { join } from "node:path";
import { type RecordedObject, recordedObject } from "../counter/recorded.ts";
import type { SampleRow } from "../counter/sample-row.ts";
import { CpuMhz } from "../procfs/cpu-mhz.ts";
import { CPU_KINDS, Interrupts } from "../procfs/interrupts.ts";
import { type AttributeInstance, AttributeUnits } from "./attribute-units.ts";
import type { Collector, HostContext, OpenCollector } from "./collector.ts";
import { CpuUnits } from "./cpu-units.ts";
import { KIND_FIELDS, PROCESSOR_INFORMATION } from "./processor-information-counters.ts";
import { ReadPace } from "./read-pace.ts";
import { type SharedSource, openShared } from "./shared-source.ts";
import { listFolder, pathExists, readNumber } from "./sysfs.ts";

/** Positions of the field groups. */
const FREQUENCY = 0;
const CORE = 1;
const PACKAGE = 2;
const INTERRUPTS = 3;

/** From these lengths on the files are read less often than every 10 s. */
const LONG_BYTES = 128 * 1024;

class OpenProcessorInformation implements OpenCollector {
  readonly object: RecordedObject;
  private readonly clock: SharedSource<CpuMhz> | undefined;
  private readonly clockUnits: CpuUnits;
  private readonly clockPace: ReadPace;
  /** Per CPU its highest clock in kHz; constant. */
  private readonly maxKhz: readonly number[];
  private readonly interrupts: SharedSource<Interrupts> | undefined;
  /** Per recorded field its number among those of a CPU. */
  private readonly kinds: Int32Array;
  private readonly interruptUnits: CpuUnits;
  private readonly interruptPace: ReadPace;
  private readonly attributes: AttributeUnits;

  constructor(host: HostContext, sources: Sources) {
    const { clock, interrupts, instances, maxKhz } = sources;
    const fieldsOf = (group: number): Set<string> =>
      new Set(instances.filter((i) => i.group === group).flatMap((i) => fieldNames(i)));
    const frequency = fieldsOf(FREQUENCY);
    if (clock) frequency.add("khz");
    if (clock && maxKhz.length > 0) frequency.add("max_khz");
    const core = fieldsOf(CORE);
    const ofPackage = fieldsOf(PACKAGE);
    this.object = recordedObject(PROCESSOR_INFORMATION, (field, group) => {
      if (group === "interrupts") return interrupts !== undefined && counts(interrupts, field);
      return (group === "core" ? core : group === "package" ? ofPackage : frequency).has(field);
    });
    this.clock = clock;
    this.clockUnits = new CpuUnits(this.object, FREQUENCY);
    this.clockPace = new ReadPace(host, 0, LONG_BYTES);
    this.maxKhz = maxKhz;
    this.interrupts = interrupts;
    this.kinds = Int32Array.from(
      this.object.groups[INTERRUPTS]!.fields,
      ({ id }) => 1 + KIND_FIELDS.indexOf(id),
    );
    this.interruptUnits = new CpuUnits(this.object, INTERRUPTS);
    this.interruptPace = new ReadPace(host, 0, LONG_BYTES);
    this.attributes = new AttributeUnits(this.object, instances);
  }

  collect(row: SampleRow): void {
    this.attributes.collect(row);
    if (this.clock && this.clockPace.isDue) this.collectClock(row, this.clock.refresh(row));
    if (this.interrupts && this.interruptPace.isDue) {
      this.collectInterrupts(row, this.interrupts.refresh(row));
    }
    if (this.attributes.trouble !== undefined) throw new Error(this.attributes.trouble);
  }

  close(): void {
    this.attributes.close();
    this.clock?.release();
    this.interrupts?.release();
  }

  private collectClock(row: SampleRow, clock: CpuMhz): void {
    this.clockPace.hasRead(clock.sizeBytes);
    for (let i = 0; i < clock.count; i++) {
      const cpu = clock.cpus[i]!;
      const unit = this.clockUnits.unit(row, cpu);
      row.values[unit.slot] = clock.khz[i]!;
      if (unit.width > 1) row.values[unit.slot + 1] = this.maxKhz[cpu] ?? this.maxKhz[0]!;
      row.read(unit);
    }
    this.clockUnits.keep(row, clock.count);
  }

  private collectInterrupts(row: SampleRow, interrupts: Interrupts): void {
    this.interruptPace.hasRead(interrupts.sizeBytes);
    const { cpus, perCpu } = interrupts;
    const { kinds } = this;
    const width = 1 + CPU_KINDS.length;
    for (let i = 0; i < cpus.length; i++) {
      const unit = this.interruptUnits.unit(row, cpus[i]!);
      for (let k = 0; k < kinds.length; k++) {
        row.values[unit.slot + k] = perCpu[i * width + kinds[k]!]!;
      }
      row.read(unit);
    }
    this.interruptUnits.keep(row, cpus.length);
  }
}

/** Whether this kernel has such a line; all interrupts together it always has. */
function counts({ parser }: SharedSource<Interrupts>, field: string): boolean {
  const kind = KIND_FIELDS.indexOf(field);
  return kind < 0 || parser.lines.some((line) => line.kind === kind);
}

interface Sources {
  readonly clock: SharedSource<CpuMhz> | undefined;
  readonly interrupts: SharedSource<Interrupts> | undefined;
  readonly instances: readonly AttributeInstance[];
  /** Per CPU; empty where it is not known. */
  readonly maxKhz: readonly number[];
}

function fieldNames({ files, constants }: AttributeInstance): string[] {
  return [...files.flatMap(({ fields }) => fields.map(String)), ...Object.keys(constants ?? {})];
}

/**
 * The clock comes from /proc/cpuinfo where it is there (x86, POWER): older kernels put a reader
 * of scaling_cur_freq to sleep for 10 to 20 ms per CPU, but only once for the whole of cpuinfo.
 */
function findSources(host: HostContext): Sources {
  const folder = join(host.sysRoot, "devices/system/cpu");
  const cpus = listFolder(folder).filter((name) => /^cpu\d+$/.test(name));
  const maxKhz: number[] = [];
  for (const cpu of cpus) {
    const khz = readNumber(join(folder, cpu, "cpufreq/cpuinfo_max_freq"));
    if (khz !== undefined) maxKhz[Number(cpu.slice(3))] = khz;
  }
  const clock = openClock(host);
  const instances = [...throttles(folder, cpus)];
  if (!clock) instances.push(...frequencies(folder, cpus, maxKhz));
  const interrupts = openInterrupts(host);
  return { clock, instances, maxKhz, interrupts };
}

function openClock(host: HostContext): SharedSource<CpuMhz> | undefined {
  const clock = openShared(host, "cpuinfo", "pieces", () => new CpuMhz());
  if (clock && clock.parser.count > 0) return clock;
  clock?.release();
  return undefined;
}

function openInterrupts(host: HostContext): SharedSource<Interrupts> | undefined {
  try {
    return openShared(host, "interrupts", "pieces", () => new Interrupts());
  } catch {
    // Masked, as in containers: the object Interrupts says so, and the clock is there all the same.
    return undefined;
  }
}

function frequencies(
  folder: string,
  cpus: readonly string[],
  maxKhz: readonly number[],
): AttributeInstance[] {
  return cpus.flatMap((cpu) => {
    const path = join(folder, cpu, "cpufreq/scaling_cur_freq");
    const max = maxKhz[Number(cpu.slice(3))];
    if (!pathExists(path) || max === undefined) return [];
    return [
      {
        identity: { name: cpu.slice(3) },
        group: FREQUENCY,
        files: [{ path, fields: ["khz"] }],
        constants: { max_khz: max },
      },
    ];
  });
}

/** Cores one by one, packages once: each CPU repeats the numbers of its package. */
function throttles(folder: string, cpus: readonly string[]): AttributeInstance[] {
  const instances: AttributeInstance[] = [];
  const packages = new Set<number>();
  const add = (name: string, group: number, cpu: string, scope: string): void => {
    const files = ["throttle_count", "throttle_total_time_ms"].map((file) => ({
      path: join(folder, cpu, "thermal_throttle", `${scope}_${file}`),
      fields: [`${scope}_${file}`],
    }));
    const present = files.filter(({ path }) => pathExists(path));
    if (present.length > 0) instances.push({ identity: { name }, group, files: present });
  };
  for (const cpu of cpus) {
    if (!pathExists(join(folder, cpu, "thermal_throttle"))) continue;
    add(cpu.slice(3), CORE, cpu, "core");
    const id = readNumber(join(folder, cpu, "topology/physical_package_id")) ?? 0;
    if (packages.has(id)) continue;
    packages.add(id);
    add(`package${id}`, PACKAGE, cpu, "package");
  }
  return instances;
}

/** Clock, thermal throttling and interrupts per CPU: /proc/cpuinfo, /proc/interrupts, /sys. */
export const processorInformation: Collector = {
  object: PROCESSOR_INFORMATION,
  open(host) {
    const sources = findSources(host);
    const isEmpty = !sources.clock && !sources.interrupts && sources.instances.length === 0;
    return isEmpty ? undefined : new OpenProcessorInformation(host, sources);
  },
};
