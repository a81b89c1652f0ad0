/**
 * Every file that any collector opens on a fixture host, ruined in every way: the collector says so
 * once, the others go on as if nothing were, and nobody records a value that cannot be.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Sampler } from "../src/agent/sampler.ts";
import { collectors } from "../src/collectors/all.ts";
import type { Collector, HostContext } from "../src/collectors/collector.ts";
import type { SampleRow, Unit } from "../src/counter/sample-row.ts";
import { FixtureHost } from "./hosts/fixture-host.ts";
import { DAMAGES, DamagedFile, type Damage } from "./support/damage.ts";
import { openedFiles } from "./support/opened-files.ts";

const HOSTS = ["debian12-6.18", "rhel8-4.18"];
const SAMPLES = 2;
/** Of one sampler, which is used for file after file. */
const MOST_SAMPLES = 30;
/** Of processor time: how busy the machine is beside does not count. Generous for 5 MB, read twice. */
const MAX_MS = 3000;
/** No counter of the kernel is longer than 64 bits. */
const MAX_VALUE = 2 ** 64;

/** Of a sample: by object what its units hold, a line each. */
type Values = ReadonlyMap<string, readonly string[]>;

function valuesOf(row: SampleRow): Values {
  const values = new Map<string, string[]>();
  for (const unit of row.units) {
    if (!row.isRead(unit)) continue;
    const numbers = row.values.subarray(unit.slot, unit.slot + unit.width).join(" ");
    const lines = values.get(unit.object.name) ?? [];
    lines.push(`${labelOf(unit)}: ${numbers}`);
    values.set(unit.object.name, lines);
  }
  return values;
}

function labelOf({ object, group, instance }: Unit): string {
  return `${object.name} ${group} ${instance.parent ?? ""}/${instance.name}`;
}

/** The objects' own values; what `Perfmon Agent` says of the agent is no file's. */
function ofObject(samples: readonly Values[], object: string): string[] {
  return samples.map((values) => (values.get(object) ?? []).join("\n"));
}

/** What is normal beside, file by file. */
const NORMAL: readonly (readonly [why: string, file: RegExp, damages: readonly Damage[]])[] = [
  ["a host without disks", /^proc\/diskstats$/, ["empty"]],
  ["a bond that was taken away", /^proc\/net\/bonding\//, ["missing"]],
  ["anybody may put files there, and Java leaves some behind", /^tmp\/hsperfdata_/, DAMAGES],
  [
    "a program that does not answer, or says nothing known",
    /^run\//,
    ["missing", "empty", "garbage"],
  ],
  ["the type nfs4 is another one then", /^proc\/self\/mountstats$/, ["digits"]],
];

/** Where nobody need say anything, though all instances are gone. */
function isNormal(file: string, damage: Damage, before: boolean): boolean {
  // What is missing from the start: other kernels have no such thing either.
  if (damage === "missing" && before) return true;
  // What is left of a list may be all there is.
  if (damage === "cut off") return true;
  return NORMAL.some(([, files, damages]) => files.test(file) && damages.includes(damage));
}

/** What no kernel can have said, in what is read in this sample. */
function impossible(row: SampleRow): string[] {
  const found: string[] = [];
  for (const unit of row.units) {
    if (!row.isRead(unit)) continue;
    unit.object.groups[unit.group]!.fields.forEach(({ id, kind }, i) => {
      const value = row.values[unit.slot + i]!;
      const fits = Number.isInteger(value) && Math.abs(value) <= MAX_VALUE;
      if (!fits || (kind === "counter" && value < 0)) found.push(`${labelOf(unit)} ${id} ${value}`);
    });
  }
  return found;
}

describe.each(HOSTS)("on %s", (name) => {
  let host: FixtureHost;
  let seconds = 0;
  /** Samples since the sampler at hand was started. */
  let taken = 0;
  let context: HostContext;
  /** Of as many samples as one sampler takes. */
  let healthy: Values[];
  /** File below the host's folder -> objects whose collectors open it. */
  const users = new Map<string, Set<string>>();

  beforeAll(() => {
    host = new FixtureHost(name);
    context = { ...host.context, monotonicSeconds: () => seconds };
    for (const collector of collectors) {
      const paths = openedFiles(host.folder, () => {
        const sampler = startSampler([collector]);
        takeSamples(sampler);
        sampler.close();
      });
      for (const path of paths) {
        const file = path.slice(host.folder.length + 1);
        users.set(file, (users.get(file) ?? new Set()).add(collector.object.name));
      }
    }
    const sampler = startSampler();
    healthy = takeSamples(sampler, MOST_SAMPLES).values;
    sampler.close();
    expect(sampler.failures).toEqual([]);
  });
  afterAll(() => {
    running?.close();
    host.remove();
  });

  function startSampler(chosen = collectors): Sampler {
    seconds = 1000;
    taken = 0;
    return new Sampler(chosen, context);
  }

  /** Those that open a file, and those that have another file in common with them. */
  function nearby(file: string): Collector[] {
    const near = new Set<string>();
    const concerned = users.get(file)!;
    for (const objects of users.values()) {
      if ([...objects].some((object) => concerned.has(object)))
        for (const object of objects) near.add(object);
    }
    return collectors.filter(({ object }) => near.has(object.name));
  }

  /** A sampler of everything that has run for a while; the same one as long as nothing is amiss. */
  let running: Sampler | undefined;

  function runningSampler(): Sampler {
    if (running) return running;
    const sampler = startSampler();
    takeSamples(sampler);
    return sampler;
  }

  /** Keeps it for the next file if it is as if nothing had been: opening costs more than sampling. */
  function keepIfHealthy(sampler: Sampler): void {
    const [values] = takeSamples(sampler, 1).values;
    const wanted = healthy[taken - 1]!;
    const isSame = collectors.every(
      ({ object: { name } }) => String(values!.get(name)) === String(wanted.get(name)),
    );
    running = isSame && taken + SAMPLES < healthy.length ? sampler : undefined;
    if (!running) return sampler.close();
    sampler.failures.length = 0;
    for (const account of sampler.accounts.values()) account.errors = 0;
  }

  function takeSamples(sampler: Sampler, count = SAMPLES): { values: Values[]; wrong: string[] } {
    const values: Values[] = [];
    const wrong: string[] = [];
    for (let i = 0; i < count; i++) {
      taken++;
      // Further apart than any cadence: everything is due, and looked for anew, in every sample.
      seconds += 400;
      sampler.sample(seconds * 1000);
      values.push(valuesOf(sampler.row));
      wrong.push(...impossible(sampler.row));
    }
    return { values, wrong };
  }

  /** One file of those that differ in numbers only (of CPUs, processes, devices). */
  function representatives(): string[] {
    const kinds = new Map<string, string>();
    for (const file of [...users.keys()].sort()) {
      const kind = file
        .replace(/^sys\/(block|class\/net)\/[^/]+/, "sys/$1/*")
        .replace(/^sys\/fs\/cgroup\/.*\//, "sys/fs/cgroup/*/")
        .replace(/^(.*\/(?:hw_)?counters|.*\/aer)[_/].*/, "$1")
        .replace(/\d+/g, "#");
      if (!kinds.has(kind)) kinds.set(kind, file);
    }
    return [...kinds.values()];
  }

  /** Damages every kind of file; `before` an agent starts, or while it holds the file open. */
  function complaintsAbout(damage: Damage, before: boolean): string[] {
    const complaints: string[] = [];
    for (const file of representatives()) {
      let sampler = before ? undefined : runningSampler();
      running = undefined;
      const damaged = new DamagedFile(`${host.folder}/${file}`, damage);
      const cpuBefore = process.cpuUsage();
      try {
        sampler ??= startSampler(nearby(file));
        const { values, wrong } = takeSamples(sampler);
        const cpu = process.cpuUsage(cpuBefore);
        const ms = (cpu.user + cpu.system) / 1000;
        if (ms > MAX_MS) complaints.push(`${file}: took ${Math.round(ms)} ms`);
        for (const text of wrong) complaints.push(`${file}: ${text}`);
        complaints.push(...complaintsOf(file, sampler, values, damage, before));
      } catch (error) {
        complaints.push(`${file}: ${String(error)}`);
      } finally {
        damaged.repair();
        if (before) sampler?.close();
        // Processes that went and came again are remembered for long.
        else if (users.get(file)!.has("Process")) sampler?.close();
        else if (sampler) keepIfHealthy(sampler);
      }
    }
    return complaints;
  }

  function complaintsOf(
    file: string,
    { failures, accounts }: Sampler,
    values: Values[],
    damage: Damage,
    before: boolean,
  ): string[] {
    const complaints: string[] = [];
    const concerned = users.get(file)!;
    for (const { object } of before ? nearby(file) : collectors) {
      const said = failures.filter((failure) => failure.object === object.name);
      if (said.length > 1) complaints.push(`${file}: ${object.name} said so ${said.length} times`);
      const errors = accounts.get(object.name)?.errors ?? 0;
      if (errors > 0 && said.length === 0) complaints.push(`${file}: ${object.name} was silent`);
      const then = healthy.slice(taken - SAMPLES, taken);
      const was = ofObject(then, object.name);
      const is = ofObject(values, object.name);
      if (!concerned.has(object.name)) {
        if (said.length > 0) complaints.push(`${file}: ${object.name} failed as well`);
        if (is.join("\n\n") !== was.join("\n\n")) {
          complaints.push(`${file}: values of ${object.name} differ`);
        }
      } else if (is.at(-1) === "" && was.at(-1) !== "" && said.length === 0) {
        if (!isNormal(file, damage, before)) complaints.push(`${file}: ${object.name} vanished`);
      }
    }
    return complaints;
  }

  it("traces what collectors open", () => {
    const files = representatives();
    expect(files).toContain("proc/stat");
    expect(files).toContain("proc/net/netstat");
    expect(files.some((file) => /^proc\/\d+\/status$/.test(file))).toBe(true);
    expect(files.length).toBeGreaterThan(20);
  });

  it.each(DAMAGES)("files that are %s when the agent starts", { timeout: 120_000 }, (damage) => {
    expect(complaintsAbout(damage, true)).toEqual([]);
  });

  it.each(DAMAGES)("files that become %s while the agent runs", { timeout: 120_000 }, (damage) => {
    expect(complaintsAbout(damage, false)).toEqual([]);
  });
});
