/**
 * What `perfmon export` to PDH-CSV and `perfmon load` of it cost, and whether memory grows with the
 * length of the recording.
 *
 * usage: tsx bench/text-logs.ts [--samples 3600]
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { readThisMachine, writeReplay } from "./support/replayed-recording.ts";

const { values: options } = parseArgs({
  options: { samples: { type: "string", default: "3600" } },
});
const SAMPLES = Number(options.samples);

interface Cost {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakBytes: number;
}

const folder = mkdtempSync(join(tmpdir(), "perfmon-bench-text-"));
try {
  await run();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function run(): Promise<void> {
  const readings = await readThisMachine();
  const rows: string[] = [];
  for (const samples of [Math.round(SAMPLES / 4), SAMPLES]) {
    const path = (name: string) => join(folder, `${samples}-${name}`);
    await writeReplay(readings, { folder: path("recording"), host: 1, samples });
    const db = path("a.duckdb");
    const text = path("log.csv");
    perfmon("load", path("recording"), "--db", db);
    const [run] = JSON.parse(perfmon("runs", "--json", "--db", db).stdout) as [
      { cluster: string; run: string; values: number },
    ];
    const exported = perfmon("export", `${run.cluster}/${run.run}`, "-o", text, "--db", db).cost;
    const loaded = perfmon("load", text, "--db", path("b.duckdb")).cost;
    const bytes = statSync(text).size;
    rows.push(row(`export, ${samples} samples`, run.values, exported, bytes));
    rows.push(row(`load, ${samples} samples`, run.values, loaded, bytes));
  }
  console.log(`# method

A recording of one host, replayed from changes that this machine's counters showed while it was busy,
is loaded, exported to PDH-CSV from the store, and the text is loaded into another store; each command
in a process of its own. ${cpus().length} x ${cpus()[0]?.model ?? "CPU"}; load average ${loadavg()[0]!.toFixed(1)}.

| what | million values | seconds | million values/s | CPU ns/value | peak memory MB | text bytes/value |
| --- | ---: | ---: | ---: | ---: | ---: | ---: |
${rows.join("\n")}`);
}

function perfmon(...argv: string[]): { stdout: string; cost: Cost } {
  const script = fileURLToPath(new URL("support/cli-process.ts", import.meta.url));
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ["--import", "tsx", script, ...argv],
    { encoding: "utf8" },
  );
  if (status !== 0) throw new Error(`perfmon ${argv.join(" ")}: ${stderr}`);
  return { stdout, cost: JSON.parse(stderr) as Cost };
}

function row(
  what: string,
  values: number,
  { seconds, cpuSeconds, peakBytes }: Cost,
  bytes: number,
) {
  const cells = [
    (values / 1e6).toFixed(2),
    seconds.toFixed(1),
    (values / seconds / 1e6).toFixed(2),
    ((cpuSeconds * 1e9) / values).toFixed(0),
    (peakBytes / 1e6).toFixed(0),
    (bytes / values).toFixed(1),
  ];
  return `| ${what} | ${cells.join(" | ")} |`;
}
