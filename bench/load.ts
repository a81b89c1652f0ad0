/**
 * How fast recordings get into a DuckDB file, what memory that takes, and how large the file is.
 *
 * usage: tsx bench/load.ts [--hosts 8] [--repeats 3]
 */
import { mkdtempSync, rmSync, statSync, readdirSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { measureLoad, type Load } from "./support/load-process.ts";
import { appendValueByValue, insertOneByOne, readRows, type Rows } from "./support/other-ways.ts";
import { readThisMachine, writeReplay } from "./support/replayed-recording.ts";

const { values: options } = parseArgs({
  options: {
    hosts: { type: "string", default: "8" },
    repeats: { type: "string", default: "3" },
  },
});
const HOSTS = Number(options.hosts);
const SAMPLES = 3600;
const REPEATS = Number(options.repeats);
const APPENDED_ROWS = 500_000;
const INSERTED_ROWS = 5000;

const folder = mkdtempSync(join(tmpdir(), "perfmon-bench-load-"));
try {
  await run();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function run(): Promise<void> {
  const readings = await readThisMachine();
  const recordings = join(folder, "recordings");
  for (let host = 1; host <= HOSTS; host++) {
    await writeReplay(readings, {
      folder: join(recordings, `host${host}`),
      host,
      samples: SAMPLES,
    });
  }
  const one = await repeated(join(recordings, "host1"), "one");
  const all = await repeated(recordings, "all");
  const rows = await readRows(join(folder, "all-0.duckdb"), APPENDED_ROWS);
  const appender = await appendValueByValue(join(folder, "appender.duckdb"), rows);
  const inserts = await insertOneByOne(
    join(folder, "inserts.duckdb"),
    firstRows(rows, INSERTED_ROWS),
  );

  const rawValues = readings.units.reduce((sum, unit) => sum + unit.width, 0);
  const logBytes = folderBytes(recordings);
  console.log(`# method

${HOSTS} recordings of ${SAMPLES} samples of ${rawValues} raw values each (${(logBytes / 1e6).toFixed(1)} MB), written by the
real log writer from changes that this machine's counters showed while it was busy. Each load is the
built \`perfmon load\`, from the start of the process to its end: reading the logs, cooking, summaries,
ledger, and the closed, checkpointed DuckDB file; median of ${REPEATS} by time. Appender and INSERT (prepared, in one transaction) write the same
rows, which they are given as arrays: no reading, no cooking, no summaries.
${cpus().length} x ${cpus()[0]?.model ?? "CPU"}; load average ${loadavg()[0]!.toFixed(1)} (other work on the machine slows all rows down).

| way | values | million values/s | CPU ns/value | peak memory MB | bytes/value in the file | times slower than perfmon |
| --- | ---: | ---: | ---: | ---: | ---: | ---: |
${loadRow(`perfmon load, ${HOSTS} hosts`, all)}
${loadRow("perfmon load, 1 host", one)}
${otherRow("appender, value by value", APPENDED_ROWS, appender, all)}
${otherRow("INSERT, row by row", INSERTED_ROWS, inserts, all)}`);
}

async function repeated(recordings: string, name: string): Promise<Load> {
  const loads: Load[] = [];
  for (let i = 0; i < REPEATS; i++) {
    loads.push(await measureLoad(recordings, join(folder, `${name}-${i}.duckdb`)));
  }
  return loads.sort((a, b) => a.seconds - b.seconds)[Math.floor(REPEATS / 2)]!;
}

function loadRow(
  name: string,
  { values, seconds, cpuSeconds, peakBytes, fileBytes }: Load,
): string {
  const cells = [
    String(values),
    (values / seconds / 1e6).toFixed(2),
    ((cpuSeconds * 1e9) / values).toFixed(0),
    (peakBytes / 1e6).toFixed(0),
    (fileBytes / values).toFixed(2),
  ];
  return `| ${name} | ${cells.join(" | ")} | |`;
}

function otherRow(name: string, rows: number, rate: number, ours: Load): string {
  const factor = ours.values / ours.seconds / rate;
  return `| ${name} | ${rows} | ${(rate / 1e6).toFixed(3)} | | | | ${factor.toFixed(1)} |`;
}

function firstRows({ ids, offsetsMs, values, weights }: Rows, count: number): Rows {
  return {
    ids: ids.subarray(0, count),
    offsetsMs: offsetsMs.subarray(0, count),
    values: values.subarray(0, count),
    weights: weights.subarray(0, count),
  };
}

function folderBytes(path: string): number {
  return readdirSync(path, { withFileTypes: true }).reduce((sum, entry) => {
    const below = join(path, entry.name);
    return sum + (entry.isDirectory() ? folderBytes(below) : statSync(below).size);
  }, 0);
}
