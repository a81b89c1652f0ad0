import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { compareRuns } from "../../src/analysis/compare.ts";
import type { ComparisonOptions } from "../../src/analysis/options.ts";
import { RULES } from "../../src/analysis/rules/index.ts";
import { renderJson } from "../../src/report/json.ts";
import { renderText } from "../../src/report/text.ts";
import { COMPARISON_SHAPE, comparisonFaults, FINDING_SHAPE } from "./compare-json.ts";
import { MemorySource, type MemoryRun } from "./memory-source.ts";
import { plants } from "./plants.ts";
import { scenarioRun, type Scenario } from "./scenario.ts";

function compare(baseline: MemoryRun, candidate: MemoryRun, options?: ComparisonOptions) {
  return compareRuns(
    { source: new MemorySource([baseline]), run: { cluster: baseline.cluster, run: baseline.run } },
    {
      source: new MemorySource([candidate]),
      run: { cluster: candidate.cluster, run: candidate.run },
    },
    options,
  );
}

const BUSY = { busy: 98, runnable: 2, cpuSome: 4 };
const run = (name: string, rest: Partial<Scenario> = {}) =>
  scenarioRun({ cluster: "lab", run: name, seconds: 20, load: () => BUSY, ...rest });
const codes = ({ comparability }: Awaited<ReturnType<typeof compare>>) =>
  comparability.map(({ code, severity }) => `${severity}:${code}`);

describe("the JSON of a comparison", () => {
  it("has the documented shape for every planted cause, and keys in one order", async () => {
    for (const { baseline, candidate } of plants("shape")) {
      const text = renderJson(await compare(baseline, candidate));
      const parsed: unknown = JSON.parse(text);
      expect(comparisonFaults(parsed)).toEqual([]);
      expect(Object.keys(parsed as object)).toEqual(Object.keys(COMPARISON_SHAPE));
      expect(text.endsWith("}\n")).toBe(true);
    }
  });

  it("is documented: every key, note and rule is in the pages", () => {
    const page = readFileSync(new URL("../../docs/compare-json.md", import.meta.url), "utf8");
    const rules = readFileSync(new URL("../../docs/rules.md", import.meta.url), "utf8");
    for (const key of Object.keys(COMPARISON_SHAPE)) expect(page).toContain(`\`${key}\``);
    for (const key of Object.keys(FINDING_SHAPE)) {
      expect(page).toContain(`\`${key}\``);
    }
    const source = readFileSync(
      new URL("../../src/analysis/comparability.ts", import.meta.url),
      "utf8",
    );
    const noted = [...source.matchAll(/note\(\s*"([a-z-]+)"/g)].map(([, code]) => code!);
    expect(noted.length).toBeGreaterThan(12);
    for (const code of noted) expect(page).toContain(`\`${code}\``);
    for (const { id } of RULES) expect(rules).toContain(`### ${id}\n`);
  });

  it("does not accept another shape", async () => {
    const comparison = await compare(run("a"), run("b"));
    expect(comparisonFaults({ ...comparison, extra: 1 })).toHaveLength(1);
    expect(comparisonFaults({ ...comparison, schema: 2 })).toHaveLength(1);
    expect(comparisonFaults({ ...comparison, findings: [{}] }).length).toBeGreaterThan(10);
    expect(comparisonFaults({ ...comparison, verdict: undefined })).toHaveLength(1);
  });
});

describe("comparability", () => {
  it("says nothing alarming of like runs", async () => {
    expect(codes(await compare(run("a"), run("b")))).toEqual([
      "info:few-hosts",
      "info:duration-source",
      "info:bucket-width",
    ]);
  });

  it("notes what differs in how the runs were recorded", async () => {
    const other = run("b", {
      psi: false,
      intervalMs: 2000,
      hosts: 2,
      inventory: { privilege: { root: false } },
    });
    const noted = codes(
      await compare(run("a"), {
        ...other,
        command: { program: "other", durationSeconds: 20, exitCode: 3 },
        events: [
          ...other.events!,
          { host: "n1", timeMs: 0, kind: "gap", text: "" },
          { host: "n2", timeMs: 0, kind: "reboot", text: "" },
        ],
      }),
    );
    expect(noted).toEqual([
      "info:counters-on-one-side",
      "warning:interval-differs",
      "warning:host-count-differs",
      "info:privilege-differs",
      "warning:command-failed",
      "warning:programs-differ",
      "warning:gap",
      "warning:reboot",
      "info:psi-on-one-side",
      "info:few-hosts",
      "info:duration-source",
      "info:bucket-width",
    ]);
  });

  it("is inconclusive for an empty run and for runs without a counter in common", async () => {
    const empty = await compare(run("a"), { cluster: "lab", run: "none", hosts: [] });
    expect(codes(empty)).toEqual(["error:empty-run"]);
    expect(empty.verdict).toMatchObject({ outcome: "inconclusive", bottleneck: "inconclusive" });
    expect(empty.candidate).toMatchObject({ from: null, to: null, durationSeconds: 0 });
    expect(comparisonFaults(empty)).toEqual([]);
    expect(renderText(empty)).toContain("holds no values");

    const foreign = run("b");
    const renamed = {
      ...foreign,
      hosts: foreign.hosts.map((host) => ({
        ...host,
        series: host.series.map((series) => ({ ...series, object: `X ${series.object}` })),
      })),
    };
    const nothing = await compare(run("a"), renamed);
    expect(codes(nothing)).toEqual(["error:no-common-counter"]);
  });

  it("survives a run with a single sample, and one without the Processor object", async () => {
    const single = await compare(run("a"), run("b", { seconds: 1 }));
    expect(codes(single)).toContain("error:too-few-intervals");
    expect(single.verdict.outcome).toBe("inconclusive");
    const bare = run("b");
    const without = {
      ...bare,
      hosts: bare.hosts.map((host) => ({
        ...host,
        series: host.series.filter(({ object }) => object !== "Processor"),
      })),
    };
    const blind = await compare(run("a"), without);
    expect(blind.verdict.outcome).toBe("inconclusive");
    expect(comparisonFaults(blind)).toEqual([]);
  });

  it("leaves out hosts that were silent in the window, and says so", async () => {
    const two = run("b", { hosts: 2 });
    const [first, second] = two.hosts;
    const comparison = await compare(run("a"), {
      ...two,
      hosts: [first!, { ...second!, series: [] }],
    });
    expect(codes(comparison)).toContain("warning:silent-hosts");
    expect(codes(comparison)).not.toContain("warning:host-count-differs");
    expect(comparison.candidate.hosts).toEqual(["n1"]);
    const silent = await compare(run("a"), { ...two, hosts: [{ ...first!, series: [] }] });
    expect(codes(silent)).toEqual(["error:empty-run"]);
    expect(silent.candidate.from).toBeNull();
  });

  it("warns of an agent that is itself a load", async () => {
    const heavy = run("b");
    const loaded = {
      ...heavy,
      hosts: heavy.hosts.map((host) => ({
        ...host,
        series: host.series.map((series) =>
          series.object === "Perfmon Agent"
            ? { ...series, values: series.values.map(() => 2.1) }
            : series,
        ),
      })),
    };
    expect(codes(await compare(run("a"), loaded))).toContain("warning:agent-overhead");
  });
});

describe("how long the work took", () => {
  const half = (load: object) => (_: number, second: number) => (second <= 20 ? load : {});

  it("is per unit of work where that is given", async () => {
    const twice = run("b", { seconds: 40 });
    const slower = await compare(run("a"), twice);
    expect(slower.verdict.slower).toBe("candidate");
    const same = await compare(run("a"), twice, { work: { baseline: 100, candidate: 200 } });
    expect(same.verdict).toMatchObject({ outcome: "no-difference", slower: "neither" });
  });

  it("comes from marks that both have where there is no command", async () => {
    const marked = (name: string, endSecond: number) => {
      const plain = run(name, { seconds: 60, command: false });
      const startMs = plain.hosts[0]!.series[0]!.timeMs[0]!;
      const mark = (text: string, second: number) => ({
        host: "n1",
        timeMs: startMs + second * 1000,
        kind: "mark",
        text,
      });
      return { ...plain, events: [mark("map", 2), mark("done", endSecond)] };
    };
    const comparison = await compare(marked("a", 22), marked("b", 52));
    expect(comparison.baseline.durationSeconds).toBe(20);
    expect(comparison.candidate.durationSeconds).toBe(50);
    expect(comparison.verdict).toMatchObject({ slower: "candidate", bottleneck: "cpu" });
  });

  it("is not guessed from a recording that ends in the middle of the work", async () => {
    const a = run("a", { seconds: 30, command: false });
    const b = run("b", { seconds: 60, command: false });
    const comparison = await compare(a, b);
    expect(codes(comparison)).toContain("info:duration-unknown");
    expect(comparison.verdict).toMatchObject({ outcome: "no-difference", bottleneck: "none" });
  });

  it("is the span of activity when that ends within both recordings", async () => {
    const quiet = { command: false, seconds: 30, load: half(BUSY) };
    const comparison = await compare(run("a", quiet), run("b", { ...quiet, seconds: 35 }));
    expect(comparison.baseline.durationSeconds).toBe(20);
    expect(comparison.verdict.outcome).toBe("no-difference");
  });

  it("is the command's only where the window holds all of it", async () => {
    const a = run("a");
    const b = run("b", { seconds: 40 });
    const fromMs = b.events![0]!.timeMs + 10_000;
    const comparison = await compareRuns(
      { source: new MemorySource([a]), run: { cluster: "lab", run: "a" } },
      { source: new MemorySource([b]), run: { cluster: "lab", run: "b", fromMs } },
    );
    expect(codes(comparison)).toContain("info:duration-unknown");
    expect(comparison.verdict.slower).not.toBe("candidate");
  });

  it("respects the margin that was asked for", async () => {
    const b = run("b", { seconds: 25 });
    expect((await compare(run("a"), b)).verdict.outcome).toBe("difference");
    expect((await compare(run("a"), b, { margin: 0.3 })).verdict.outcome).toBe("no-difference");
  });

  it("does not call a little more time of single runs a difference, unless more is waited for", async () => {
    const b = run("b", { seconds: 23 });
    const { verdict } = await compare(run("a"), b);
    expect(verdict).toMatchObject({ outcome: "inconclusive", slower: "candidate" });
    expect(verdict.summary).toContain("single runs of one and the same");
    // Repeats that are known to differ by less make it one.
    const repeats = ["a2", "a3"].map((name) => ({
      source: new MemorySource([run(name)]),
      run: { cluster: "lab", run: name },
    }));
    expect((await compare(run("a"), b, { repeats })).verdict.outcome).toBe("difference");
    const waiting = run("b", {
      seconds: 23,
      load: () => ({ busy: 100, runnable: 4, cpuSome: 90 }),
    });
    expect((await compare(run("a"), waiting)).verdict.outcome).toBe("difference");
  });
});

describe("findings", () => {
  it("name the program that took the CPU", async () => {
    const { findings } = await compare(
      run("a", { programs: { job: 190 } }),
      run("b", {
        seconds: 40,
        load: () => ({ busy: 100, runnable: 4, cpuSome: 90 }),
        programs: { job: 95, rival: 100 },
      }),
    );
    const named = findings.filter(({ rule }) => rule === "process-cpu");
    expect(named.map(({ counter }) => counter)).toEqual([
      "\\\\*\\Process(rival:*)\\% Processor Time",
      "\\\\*\\Process(job:*)\\% Processor Time",
    ]);
    expect(named[0]).toMatchObject({ cluster: "candidate", baseline: 0 });
  });

  it("carry an interval that holds the difference, and SQL of the side they are about", async () => {
    const { findings } = await compare(
      run("a"),
      run("b", { seconds: 40, load: () => ({ busy: 100, runnable: 4, cpuSome: 90 }) }),
    );
    const waiting = findings.find(({ rule }) => rule === "cpu-more-waiting")!;
    const change = waiting.candidate! - waiting.baseline!;
    expect(waiting.interval![0]).toBeLessThan(change);
    expect(waiting.interval![1]).toBeGreaterThan(change);
    expect(waiting.interval![0]).toBeGreaterThan(80);
    expect(waiting.sql).toContain("run = 'b'");
    expect(findings.map(({ score }) => score)).toEqual(
      findings.map(({ score }) => score).sort((x, y) => y - x),
    );
    expect(new Set(findings.map(({ id }) => id)).size).toBe(findings.length);
  });

  it("adjusts for many counters where there are six hosts a side", async () => {
    const { findings } = await compare(
      run("a", { hosts: 6 }),
      run("b", { hosts: 6, seconds: 40, load: () => ({ busy: 100, runnable: 4, cpuSome: 90 }) }),
    );
    const differences = findings.filter(({ rule }) => rule === "counter-difference");
    expect(differences.length).toBeGreaterThan(0);
    for (const { why } of differences) expect(why).toContain("adjusted p");
  });
});
