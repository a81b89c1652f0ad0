/** The query of every finding gives the finding's numbers, on a real database. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compareRuns } from "../../src/analysis/compare.ts";
import { openStore } from "../../src/store/open.ts";
import type { Store } from "../../src/store/store.ts";
import { clusterRun } from "./cluster-model.ts";
import type { MemoryRun } from "./memory-source.ts";
import { scenarioRun } from "./scenario.ts";
import { storeRun } from "./stored-runs.ts";
import { traps } from "./traps.ts";

const TOLERANCE = 2e-5;

describe.each(["duckdb", "pglite"])("the SQL of findings on %s", (engine) => {
  let folder: string;
  let store: Store;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "perfmon-evidence-"));
    store = await openStore(`${engine}:${join(folder, "store")}`, { mode: "write" });
  }, 30_000);
  afterAll(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function checkedRules(baseline: MemoryRun, candidate: MemoryRun): Promise<Set<string>> {
    await storeRun(store, baseline);
    await storeRun(store, candidate);
    const side = ({ cluster, run }: MemoryRun) => ({ source: store, run: { cluster, run } });
    const { findings } = await compareRuns(side(baseline), side(candidate));
    expect(findings.length).toBeGreaterThan(1);
    for (const finding of findings) {
      const { rows } = await store.query(finding.sql);
      for (const name of ["baseline", "candidate"] as const) {
        const row = rows.find(([side, host]) => side === name && host === "*");
        const told = finding[name];
        const where = `${finding.id} ${name}\n${finding.sql}`;
        if (told === null) continue;
        const asked = Number(row?.[2] ?? 0);
        const size = Math.max(1e-6, Math.abs(told));
        expect(Math.abs(asked - told) / size, where).toBeLessThan(TOLERANCE);
      }
    }
    return new Set(findings.map(({ rule }) => rule));
  }

  const trap = (words: string) => traps("sql").find(({ name }) => name.includes(words))!;

  it.each([
    ["swapping without PSI", ["memory-stalls", "memory-more-stalls"]],
    ["lost segments", ["network-retransmissions", "network-timeouts"]],
    ["page cache misses: disk", ["memory-cache-misses"]],
    ["without a steal counter", ["virtualization-missing-time", "virtualization-more-taken"]],
    ["beside masters that are half", []],
    ["a file server", ["network-remote-storage"]],
    ["PSI on one side", ["disk-waited-for"]],
    ["ceiling drops", ["disk-ceiling-dropped"]],
  ] as const)("gives their numbers: %s", { timeout: 60_000 }, async (words, expected) => {
    const { baseline, candidate } = trap(words);
    const rules = await checkedRules(baseline, candidate);
    for (const rule of expected) expect(rules).toContain(rule);
    expect(rules).toContain("counter-difference");
  });

  it("gives those of programs, of unlike hosts, and of a window", { timeout: 60_000 }, async () => {
    const busy = { busy: 100, runnable: 40, cpuSome: 90 };
    const one = (run: string, seconds: number, programs: Record<string, number>) =>
      scenarioRun({
        cluster: "programs",
        run,
        seconds,
        hosts: 2,
        programs,
        host: (i) => ({ cpus: 2 + 2 * i, memoryBytes: (8 + 8 * i) * 2 ** 30 }),
        load: () => busy,
        before: 10,
        after: 10,
        psi: false,
      });
    const rules = await checkedRules(
      one("a", 20, { job: 190 }),
      one("b", 60, { job: 95, rival: 100 }),
    );
    expect(rules).toContain("process-cpu");
    expect(rules).toContain("cpu-queue");
  });

  it("names hosts with their numbers, too", { timeout: 60_000 }, async () => {
    const job = { threads: 8, items: 9000, cpuMs: 5, readKb: 1500 };
    const a = clusterRun("hosts", "a", { hosts: 2, job });
    const b = clusterRun("hosts", "b", { hosts: 2, job, host: { diskMbPerSecond: () => 60 } });
    await storeRun(store, a);
    await storeRun(store, b);
    const side = (run: string) => ({ source: store, run: { cluster: "hosts", run } });
    const { findings } = await compareRuns(side("a"), side("b"));
    const finding = findings.find(({ rule }) => rule === "disk-waited-for")!;
    const { rows, columns } = await store.query(finding.sql);
    expect(columns).toEqual(["side", "hostname", "value"]);
    expect(rows.map(([name, host]) => `${String(name)} ${String(host)}`)).toEqual([
      "baseline *",
      "baseline n1",
      "baseline n2",
      "candidate *",
      "candidate n1",
      "candidate n2",
    ]);
  });
});
