/**
 * Asks one store what the table of `bench/compare.ts` wants to know of single questions, in a process
 * of its own, and prints JSON.
 *
 * usage: store-questions.ts FILE parts|drill-down|quantiles|duckdb-means|duckdb-quantiles
 */
import { DuckDBInstance } from "@duckdb/node-api";
import { compareRuns } from "../../src/analysis/compare.ts";
import type { Source } from "../../src/analysis/source.ts";
import { openStore } from "../../src/store/open.ts";
import { RUNS } from "./cluster-recordings.ts";

const [file = "", question = ""] = process.argv.slice(2);
const runs = RUNS.map((name) => {
  const [cluster = "", run = ""] = name.split("/");
  return { cluster, run };
});

async function timed(ask: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await ask();
  return (performance.now() - startedMs) / 1000;
}

/** Milliseconds that a comparison waits for each kind of question, and all of it. */
async function parts(): Promise<Record<string, number>> {
  const store = await openStore(file, { mode: "read" });
  const spent: Record<string, number> = {};
  const watched = new Proxy<Source>(store, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== "function") return value;
      const method = value as (...args: unknown[]) => unknown;
      return (...args: unknown[]) => {
        const startedMs = performance.now();
        const answer = method.apply(target, args);
        if (!(answer instanceof Promise)) return answer;
        return answer.finally(() => {
          const key = String(name);
          spent[key] = (spent[key] ?? 0) + performance.now() - startedMs;
        });
      };
    },
  });
  const [baseline, candidate] = runs.map((run) => ({ source: watched, run }));
  const all = await timed(() => compareRuns(baseline!, candidate!));
  await store.close();
  return { ...spent, all: all * 1000 };
}

/** Median seconds of one counter of all hosts of both runs, in buckets of 10 s. */
async function drillDown(): Promise<number> {
  const store = await openStore(file, { mode: "read" });
  const pattern = [{ object: "PhysicalDisk", counter: "Disk Bytes/sec", instance: "_Total" }];
  const ask = async () => {
    for (const run of runs) await store.buckets(run, pattern, Date.UTC(2026, 0, 5, 10), 10_000);
  };
  await ask();
  const seconds: number[] = [];
  for (let i = 0; i < 11; i++) seconds.push(await timed(ask));
  await store.close();
  return seconds.sort((a, b) => a - b)[5]!;
}

async function quantiles(): Promise<number> {
  const store = await openStore(file, { mode: "read" });
  const seconds = await timed(async () => {
    for (const run of runs) await store.statistics(run, [{ object: "*", counter: "*" }]);
  });
  await store.close();
  return seconds;
}

async function duckdbAlone(expression: string): Promise<number> {
  const instance = await DuckDBInstance.create(file, { access_mode: "READ_ONLY" });
  const connection = await instance.connect();
  const sql = `SELECT count(x) FROM (SELECT series_id, ${expression} AS x FROM sample GROUP BY series_id)`;
  const seconds = await timed(() => connection.runAndReadAll(sql));
  connection.closeSync();
  instance.closeSync();
  return seconds;
}

const ANSWERS: Readonly<Record<string, () => Promise<unknown>>> = {
  parts,
  "drill-down": drillDown,
  quantiles,
  "duckdb-means": () => duckdbAlone("sum(value * weight) / sum(weight)"),
  "duckdb-quantiles": () => duckdbAlone("quantile_disc(value, [0.5, 0.95, 0.99])"),
};
const answer = await ANSWERS[question]!();
const peakBytes = process.resourceUsage().maxRSS * 1024;
console.log(JSON.stringify({ answer, peakBytes }));
