/**
 * A fixture host in a folder of its own: the first snapshot's files, over which the second's are
 * laid in place, so that files which collectors keep open show the new content as /proc would.
 */
import {
  copyFileSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, readlinkSync, rmSync, symlinkSync, writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Collector, HostContext, OpenCollector } from "../../src/collectors/collector.ts";
import { fileSystemSpace, fixtureTools } from "./fixture-answers.ts";
import { type SampleClock, cook, cookedSeries, prepareIntervals } from "../../src/counter/cook.ts";
import { SampleRow, type Unit } from "../../src/counter/sample-row.ts";
import { HOST_TEXT, unfoldHost } from "./host-text.ts";

const HOSTS = import.meta.dirname;

/** Names of all fixture hosts. */
export function fixtureHosts(): string[] {
  return readdirSync(HOSTS, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

/** Hosts of one text file, unfolded once per process. */
const unfolded = new Map<string, string>();
process.once("exit", () => {
  for (const folder of unfolded.values()) rmSync(folder, { recursive: true, force: true });
});

/** The folder with a host's snapshots `1` and `2`. */
export function hostFolder(name: string): string {
  const known = unfolded.get(name);
  if (known) return known;
  const stored = join(HOSTS, name);
  if (!existsSync(join(stored, HOST_TEXT))) return stored;
  const folder = mkdtempSync(join(tmpdir(), "perfmon-unfolded-"));
  unfolded.set(name, folder);
  unfoldHost(stored, folder);
  return folder;
}

export class FixtureHost {
  readonly folder = mkdtempSync(join(tmpdir(), "perfmon-host-"));
  readonly context: HostContext;
  private readonly name: string;

  constructor(name: string) {
    this.name = name;
    overlay(join(hostFolder(name), "1"), this.folder);
    this.context = {
      procRoot: join(this.folder, "proc"),
      sysRoot: join(this.folder, "sys"),
      etcRoot: join(this.folder, "etc"),
      clockTicksPerSecond: 100,
      pageSizeBytes: 4096,
      monotonicSeconds: () => this.uptimeSeconds(),
      options: { allBlockDevices: false },
      statFileSystem: (mountPoint) => fileSystemSpace(this.folder, mountPoint),
      tools: fixtureTools(this.folder),
    };
  }

  /** Goes on to the second snapshot. */
  advance(): void {
    const gone = readFileSync(join(hostFolder(this.name), "gone.txt"), "utf8").split("\n");
    for (const path of gone) if (path) rmSync(join(this.folder, path), { force: true });
    // A process that went leaves no folder behind.
    for (const pid of new Set(gone.flatMap((path) => /^proc\/\d+/.exec(path)?.[0] ?? []))) {
      if (readdirSync(join(this.folder, pid)).length === 0) rmSync(join(this.folder, pid), { recursive: true });
    }
    overlay(join(hostFolder(this.name), "2"), this.folder);
  }

  /** The snapshot's monotonic clock, as sysstat takes it: seconds, to 1/100. */
  uptimeSeconds(): number {
    return Number(readFileSync(join(this.folder, "proc/uptime"), "utf8").split(" ")[0]);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** `\Object(parent/instance)\Counter` -> value of the interval between the two snapshots. */
export class CookedValues extends Map<string, number> {
  /** Length of the interval. */
  uptimeSeconds = 0;
  /** What collectors had to say of files that they could not read. */
  failures: string[] = [];
}

/** Opens the collectors on a fixture host, reads both snapshots and cooks every counter. */
export function cookFixture(name: string, collectors: readonly Collector[]): CookedValues {
  const host = new FixtureHost(name);
  try {
    const row = new SampleRow();
    const failed = new Set<string>();
    const attempt = <T>(object: string, run: () => T): T | undefined => {
      try {
        return run();
      } catch (error) {
        failed.add(`${object}: ${String(error).split(host.folder).join("")}`);
        return undefined;
      }
    };
    const open = collectors.flatMap(
      (collector) => attempt(collector.object.name, () => collector.open(host.context)) ?? [],
    );
    const collect = (collector: OpenCollector) =>
      attempt(collector.object.name, () => collector.collect(row));
    const first = readSample(host, () => open.forEach(collect), row);
    host.advance();
    const second = readSample(host, () => open.forEach(collect), row);
    const failures = [...failed];
    for (const collector of open) collector.close();
    return Object.assign(cookBetween(first, second), { failures });
  } finally {
    host.remove();
  }
}

interface Reading {
  readonly uptimeSeconds: number;
  readonly units: ReadonlyMap<Unit, readonly number[]>;
}

function readSample(host: FixtureHost, collect: () => void, row: SampleRow): Reading {
  row.begin();
  collect();
  const units = new Map<Unit, number[]>();
  for (const unit of row.units) {
    if (row.isRead(unit)) units.set(unit, [...row.values.subarray(unit.slot, unit.slot + unit.width)]);
  }
  return { uptimeSeconds: host.uptimeSeconds(), units };
}

function cookBetween(first: Reading, second: Reading): CookedValues {
  const monotonicMs = Float64Array.of(first.uptimeSeconds * 1000, second.uptimeSeconds * 1000);
  const clock: SampleClock = { monotonicMs, timeMs: monotonicMs, epoch: new Uint32Array(2) };
  const values = new CookedValues();
  values.uptimeSeconds = second.uptimeSeconds - first.uptimeSeconds;
  for (const [unit, after] of second.units) {
    const before = first.units.get(unit);
    if (!before) continue;
    const { object, group, instance } = unit;
    const columns = after.map((value, field) => Float64Array.of(before[field]!, value));
    const intervals = prepareIntervals({ object, group, at: Uint32Array.of(0, 1), columns }, clock);
    for (const counter of object.counters) {
      if (counter.group !== group) continue;
      const out = cookedSeries(2);
      cook(counter, intervals, out);
      if (out.length === 0) continue;
      const label = instance.parent ? `${instance.parent}/${instance.name}` : instance.name;
      values.set(`\\${object.name}${label ? `(${label})` : ""}\\${counter.name}`, out.values[0]!);
    }
  }
  return values;
}

/** Copies a tree into another, keeping the files that are there (same inode, new content). */
function overlay(from: string, to: string): void {
  for (const entry of readdirSync(from, { withFileTypes: true, recursive: true })) {
    const source = join(entry.parentPath, entry.name);
    const destination = join(to, source.slice(from.length + 1));
    if (entry.isDirectory()) continue;
    mkdirSync(dirname(destination), { recursive: true });
    if (entry.isSymbolicLink()) {
      if (!exists(destination)) symlinkSync(readlinkSync(source), destination);
    } else if (exists(destination)) writeFileSync(destination, readFileSync(source));
    else copyFileSync(source, destination);
  }
}

function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}
