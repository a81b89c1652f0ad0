/**
 * How long a comparison takes, what memory, and what takes the time.
 *
 * usage: tsx bench/compare.ts [--hosts 20] [--seconds 3600] [--repeats 5] [--keep FILE]
 */
import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { RUNS, writeHost } from "./support/cluster-recordings.ts";
import { measureLoad } from "./support/load-process.ts";
import { measurePerfmon, measureScript, type ProcessCost } from "./support/measured-process.ts";

const { values: options } = parseArgs({
  options: {
    hosts: { type: "string", default: "20" },
    seconds: { type: "string", default: "3600" },
    repeats: { type: "string", default: "5" },
    // A store that is kept: made where it is not there yet.
    keep: { type: "string" },
  },
});
const HOSTS = Number(options.hosts);
const SECONDS = Number(options.seconds);
const REPEATS = Number(options.repeats);
/** Hosts whose recordings lie on the disk at a time. */
const HOSTS_AT_A_TIME = 10;

const folder = mkdtempSync(join(tmpdir(), "perfmon-bench-compare-"));
try {
  await run();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function run(): Promise<void> {
  const store = options.keep ?? join(folder, "runs.duckdb");
  const loading = existsSync(store) ? "loaded before" : await makeStore(store);
  const values = await countOf(store, "sample");
  const series = await countOf(store, "series");
  const page = join(folder, "page.html");
  const [candidate, baseline] = RUNS;
  const compare = ["compare", baseline, candidate, "--db", store];
  const asked = {
    compare: await repeated([...compare, "--json"]),
    withPage: await repeated([...compare, "--html", page]),
    report: await repeated(["report", baseline, "--db", store]),
  };
  const pageBytes = statSync(page).size;
  const parts = await ask<Record<string, number>>(store, "parts");
  const drillDown = await ask<number>(store, "drill-down");
  const quantiles = await ask<number>(store, "quantiles");
  const duckdbMeans = await ask<number>(store, "duckdb-means");
  const duckdbQuantiles = await ask<number>(store, "duckdb-quantiles");
  console.log(`# method

Two clusters of ${HOSTS} hosts, ${SECONDS} s at 1 s, ${series} series, ${values} values: recordings of a model of
working hosts (bench/support/working-host.ts: the collectors' declared objects; two in five series never
change), written by the real log writer and loaded by \`perfmon load\` (${loading}). The store is
${(statSync(store).size / 1e6).toFixed(0)} MB. The clusters differ in the speed of their disks.
\`perfmon\` is the built command as a whole process, from its start to its end; median of ${REPEATS} by time, memory
the highest of them; all outputs were the same bytes. Peaks are VmHWM, read every 20 ms. What is asked of the
store alone is asked once in a process of its own, without its start, by way of tsx. The file is in the
page cache. ${cpus().length} x ${cpus()[0]?.model ?? "CPU"}; load average ${loadavg()[0]!.toFixed(1)} (other work on the machine slows all rows down).

| what | seconds | CPU s | peak memory MB |
| --- | ---: | ---: | ---: |
${processRow("perfmon compare --json", asked.compare)}
${processRow(`perfmon compare --html (${(pageBytes / 1e6).toFixed(2)} MB)`, asked.withPage)}
${processRow("perfmon report of one run", asked.report)}
${askedRow(`drill-down: one counter of ${2 * HOSTS} hosts, 10 s buckets`, drillDown)}
${askedRow("statistics of all series with exact quantiles", quantiles)}
${askedRow("DuckDB alone: means of all series", duckdbMeans)}
${askedRow("DuckDB alone: exact quantiles of all series", duckdbQuantiles)}

What a comparison waits for, in milliseconds (once, inside a process that is running):

| question | ms |
| --- | ---: |
${partRows(parts.answer)}`);
}

async function makeStore(store: string): Promise<string> {
  let seconds = 0;
  let peakBytes = 0;
  let values = 0;
  for (const cluster of ["onprem", "cloud"] as const) {
    for (let first = 1; first <= HOSTS; first += HOSTS_AT_A_TIME) {
      const recordings = join(folder, "recordings");
      for (let host = first; host < first + HOSTS_AT_A_TIME && host <= HOSTS; host++) {
        await writeHost(recordings, cluster, host, SECONDS);
      }
      const load = await measureLoad(recordings, store);
      seconds += load.seconds;
      values += load.values;
      peakBytes = Math.max(peakBytes, load.peakBytes);
      rmSync(recordings, { recursive: true });
    }
  }
  const rate = (values / seconds / 1e6).toFixed(1);
  return `${seconds.toFixed(0)} s, ${rate} million values/s, at most ${(peakBytes / 1e6).toFixed(0)} MB`;
}

async function repeated(args: readonly string[]): Promise<ProcessCost> {
  const costs: ProcessCost[] = [];
  for (let i = 0; i < REPEATS; i++) costs.push(await measurePerfmon(args));
  if (new Set(costs.map(({ output }) => output)).size > 1) {
    throw new Error(`perfmon ${args.join(" ")} gives different output for the same data`);
  }
  costs.sort((a, b) => a.seconds - b.seconds);
  const peakBytes = Math.max(...costs.map((cost) => cost.peakBytes));
  return { ...costs[Math.floor(REPEATS / 2)]!, peakBytes };
}

interface Asked<T> {
  readonly answer: T;
  readonly peakBytes: number;
  readonly cpuSeconds: number;
}

async function ask<T>(store: string, question: string): Promise<Asked<T>> {
  const { output, cpuSeconds } = await measureScript("./store-questions.ts", [store, question]);
  return { ...(JSON.parse(output) as { answer: T; peakBytes: number }), cpuSeconds };
}

async function countOf(store: string, table: string): Promise<number> {
  const sql = `SELECT count(*) AS n FROM ${table}`;
  const { output } = await measurePerfmon(["query", "--db", store, "--json", sql]);
  return Number(/\d+/.exec(output)?.[0]);
}

function processRow(name: string, { seconds, cpuSeconds, peakBytes }: ProcessCost): string {
  const cells = [seconds.toFixed(2), cpuSeconds.toFixed(2), (peakBytes / 1e6).toFixed(0)];
  return `| ${name} | ${cells.join(" | ")} |`;
}

function askedRow(name: string, { answer, peakBytes }: Asked<number>): string {
  return `| ${name} | ${answer.toFixed(answer < 1 ? 3 : 2)} | | ${(peakBytes / 1e6).toFixed(0)} |`;
}

function partRows({ all = 0, ...questions }: Record<string, number>): string {
  const asked = Object.values(questions).reduce((sum, ms) => sum + ms, 0);
  return [
    ...Object.entries(questions),
    ["arithmetic of the analysis", all - asked] as const,
    ["all", all] as const,
  ]
    .map(([name, ms]) => `| ${name} | ${ms.toFixed(0)} |`)
    .join("\n");
}
