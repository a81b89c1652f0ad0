/**
 * A host made of files in a temporary folder, for tests of collectors: write /proc and /sys as they
 * shall be, take samples, change files, take more, and look at the cooked values.
 */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type {
  AgentFacts,
  Collector,
  HostContext,
  OpenCollector,
} from "../../src/collectors/collector.ts";
import type { StatFileSystem } from "../../src/collectors/file-system-space.ts";
import type { Tools } from "../../src/collectors/tools/tools.ts";
import { cook, cookedSeries, prepareIntervals, type SampleClock } from "../../src/counter/cook.ts";
import { SampleRow, type Unit } from "../../src/counter/sample-row.ts";

/** What an agent knows of itself before its first sample. */
export function idleAgent(): AgentFacts {
  return {
    collectors: new Map(),
    samples: 0,
    lateSamples: 0,
    droppedSamples: 0,
    lateUs: 0,
    writeStallUs: 0,
    writtenBytes: 0,
  };
}

export interface FakeHostOptions {
  readonly allBlockDevices?: boolean;
  readonly maxControlGroups?: number;
  readonly pss?: boolean;
  readonly agent?: AgentFacts;
  readonly clockTicksPerSecond?: number;
  readonly pageSizeBytes?: number;
  readonly statFileSystem?: StatFileSystem;
  readonly tools?: Tools;
}

export class FakeHost {
  readonly folder = mkdtempSync(join(tmpdir(), "perfmon-fake-"));
  readonly context: HostContext;
  /** Monotonic clock of the host. */
  seconds = 1000;

  constructor(options: FakeHostOptions = {}) {
    this.context = {
      procRoot: join(this.folder, "proc"),
      sysRoot: join(this.folder, "sys"),
      etcRoot: join(this.folder, "etc"),
      clockTicksPerSecond: options.clockTicksPerSecond ?? 100,
      pageSizeBytes: options.pageSizeBytes ?? 4096,
      monotonicSeconds: () => this.seconds,
      options: {
        allBlockDevices: options.allBlockDevices ?? false,
        ...(options.maxControlGroups ? { maxControlGroups: options.maxControlGroups } : {}),
        ...(options.pss ? { pss: true } : {}),
      },
      ...(options.agent ? { agent: options.agent } : {}),
      ...(options.statFileSystem ? { statFileSystem: options.statFileSystem } : {}),
      ...(options.tools ? { tools: options.tools } : {}),
    };
    for (const root of ["proc", "sys", "etc"]) mkdirSync(join(this.folder, root));
  }

  /** Writes a file in place, so that whoever has it open reads the new content. */
  write(path: string, content: string): void {
    const file = join(this.folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }

  link(path: string, target: string): void {
    const file = join(this.folder, path);
    mkdirSync(dirname(file), { recursive: true });
    symlinkSync(target, file);
  }

  makeFolder(path: string): void {
    mkdirSync(join(this.folder, path), { recursive: true });
  }

  remove(path = ""): void {
    rmSync(join(this.folder, path), { recursive: true, force: true });
  }
}

interface Reading {
  readonly sample: number;
  readonly values: readonly number[];
}

/** A host, and its clock, which `Recording.sample` advances. */
export interface RecordedHost {
  readonly context: HostContext;
  seconds: number;
}

/** One collector at work on a host. */
export class Recording {
  readonly row = new SampleRow();
  readonly open: OpenCollector;
  private readonly host: RecordedHost;
  private readonly readings = new Map<Unit, Reading[]>();
  private readonly times: number[] = [];

  constructor(host: RecordedHost, collector: Collector) {
    this.host = host;
    const open = collector.open(host.context);
    if (!open) throw new Error(`${collector.object.name}: nothing to open`);
    this.open = open;
  }

  /** Takes a sample, `seconds` after the one before; what was read counts even if it throws then. */
  sample(seconds = 1): this {
    this.host.seconds += seconds;
    this.row.begin();
    try {
      this.open.collect(this.row);
    } finally {
      this.keep();
    }
    return this;
  }

  private keep(): void {
    for (const unit of this.row.units) {
      if (!this.row.isRead(unit)) continue;
      const values = [...this.row.values.subarray(unit.slot, unit.slot + unit.width)];
      const bad = values.findIndex((value) => !Number.isInteger(value));
      if (bad >= 0) throw new Error(`${unit.instance.name}: field ${bad} is ${values[bad]}`);
      const list = this.readings.get(unit) ?? [];
      list.push({ sample: this.times.length, values });
      this.readings.set(unit, list);
    }
    this.times.push(this.host.seconds);
  }

  /** Names of the instances read in the last sample, sorted; partitions with their disk. */
  instances(): string[] {
    const names = this.row.units.filter((unit) => this.row.isRead(unit)).map(labelOf);
    return [...new Set(names)].sort();
  }

  unit(instance: string, group = 0): Unit {
    const unit = this.row.units.find((u) => labelOf(u) === instance && u.group === group);
    if (!unit) throw new Error(`no instance ${instance}`);
    return unit;
  }

  /** Raw values of the last sample by field, of the instance's groups that were read. */
  raw(instance: string): Record<string, number> {
    const result: Record<string, number> = {};
    for (const unit of this.row.units) {
      if (labelOf(unit) !== instance || !this.row.isRead(unit)) continue;
      unit.object.groups[unit.group]!.fields.forEach(({ id }, i) => {
        result[id] = this.row.values[unit.slot + i]!;
      });
    }
    return result;
  }

  /** All values of a counter, over all units that the instance had, in order of time. */
  values(instance: string, counter: string): number[] {
    const monotonicMs = Float64Array.from(this.times, (seconds) => seconds * 1000);
    const clock: SampleClock = {
      monotonicMs,
      timeMs: monotonicMs,
      epoch: new Uint32Array(this.times.length),
    };
    const result: [number, number][] = [];
    let known = false;
    for (const [unit, readings] of this.readings) {
      const recorded = unit.object.counters.find(
        ({ name, group }) => name === counter && group === unit.group,
      );
      if (recorded) known = true;
      if (labelOf(unit) !== instance || !recorded) continue;
      const at = Uint32Array.from(readings, ({ sample }) => sample);
      const columns = unit.object.groups[unit.group]!.fields.map((_, i) =>
        Float64Array.from(readings, ({ values }) => values[i]!),
      );
      const out = cookedSeries(readings.length);
      cook(
        recorded,
        prepareIntervals({ object: unit.object, group: unit.group, at, columns }, clock),
        out,
      );
      for (let i = 0; i < out.length; i++) result.push([out.at[i]!, out.values[i]!]);
    }
    if (!known) throw new Error(`no counter ${counter} was recorded`);
    return result.sort((a, b) => a[0] - b[0]).map(([, value]) => value);
  }

  /** The value of the last interval; `undefined` when there is none. */
  value(instance: string, counter: string): number | undefined {
    return this.values(instance, counter).at(-1);
  }
}

function labelOf({ instance }: Unit): string {
  return instance.parent ? `${instance.parent}/${instance.name}` : instance.name;
}
