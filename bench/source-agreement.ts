/**
 * Do the two sources of `perfmon record` agree: the kernel's own files, and the tools?
 *
 *     npx tsx bench/source-agreement.ts [seconds, 60]
 *
 * Method: a load of computing, files and loopback traffic runs in a process of its own, while two
 * recorders run side by side, one with --source tools. Both recordings are loaded, and of each series
 * that both have the weighted mean is compared over the stretch that both cover. Rates must agree
 * within 2 percent, or within one printed digit; gauges must lie in the range that the kernel's
 * recording saw. The samples of the two do not fall together, so that at either end up to a second is
 * in one and not in the other: that is why a minute is needed, and why the load is steady. Needs
 * sysstat, procps, ifstat, and iotop with root. Exit code 1 when something does not agree.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { perfmon } from "../test/support/run-cli.ts";

const TOLERANCE = 0.02;
/** Seconds at both ends that are left out: the tools start and end one by one. */
const EDGE_SECONDS = 3;
/** Smallest mean that is compared: half of the printed digit is noise below. */
const LEAST = 1;

/** What the load moves, and what stands still. */
const COMPARED = [
  "PhysicalDisk|_Total|Disk Writes/sec",
  "PhysicalDisk|_Total|Disk Write Bytes/sec",
  "PhysicalDisk|_Total|% Disk Time",
  "Paging||Bytes Paged Out/sec",
  "Virtual Network Interface|lo|Bytes Received/sec",
  "Virtual Network Interface|lo|Packets Sent/sec",
  "TCP||Segments Sent/sec",
  "Processor|_Total|% Processor Time",
  "Processor|_Total|% User Time",
  "Processor|_Total|% Privileged Time",
  "System||Context Switches/sec",
  "System||Interrupts/sec",
  "Memory||Total Bytes",
  "Memory||Available Bytes",
  "Memory||Free Bytes",
  "Memory||Buffers and Cache Bytes",
  "System||Processes",
  "System||Load Average 1 min",
];

const LOAD = `
  const fs = require("node:fs"), net = require("node:net");
  const block = Buffer.alloc(1 << 18, 3);
  const file = fs.openSync(process.argv[1], "w");
  const server = net.createServer((socket) => socket.resume()).listen(0, "127.0.0.1", () => {
    const socket = net.connect(server.address().port, "127.0.0.1");
    setInterval(() => {
      fs.writeSync(file, block, 0, block.length, 0);
      fs.fdatasyncSync(file);
      socket.write(block);
      const end = Date.now() + 5;
      while (Date.now() < end);
    }, 20);
  });`;

interface Row {
  readonly name: string;
  readonly kernel: number;
  readonly tools: number;
  readonly least: number;
  readonly most: number;
  readonly isGauge: boolean;
}

async function main(): Promise<void> {
  const seconds = Number(process.argv[2] ?? 60);
  const folder = mkdtempSync(join(tmpdir(), "perfmon-agreement-"));
  const load: ChildProcess = spawn(process.execPath, ["-e", LOAD, join(folder, "load")]);
  try {
    const record = (run: string, source: string) =>
      perfmonText(
        "record",
        "-q",
        "--for",
        `${seconds}s`,
        "-o",
        join(folder, run),
        "--run",
        run,
        "--source",
        source,
      );
    await Promise.all([record("kernel", "kernel"), record("tools", "tools")]);
    const db = join(folder, "store.duckdb");
    await perfmonText("load", join(folder, "kernel"), join(folder, "tools"), "--db", db);
    const rows = JSON.parse(await perfmonText("query", COMPARE, "--db", db, "--json")) as Row[];
    const wrong = rows.filter((row) => !tell(row));
    const missing = COMPARED.filter((name) => !rows.some((row) => row.name === name));
    for (const name of missing) process.stdout.write(`${name}: not in both\n`);
    process.exitCode = wrong.length + missing.length > 0 ? 1 : 0;
  } finally {
    load.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  }
}

const COMPARE = `
  WITH edges AS (
    SELECT max(first) + INTERVAL ${EDGE_SECONDS} SECOND AS first, min(last) - INTERVAL ${EDGE_SECONDS} SECOND AS last
    FROM (SELECT min(utcdatetime) AS first, max(utcdatetime) AS last FROM normalized GROUP BY run)
  ), means AS (
    SELECT run, object || '|' || coalesce(instance, '') || '|' || counter AS name, any_value(unit) AS unit,
      sum(value * weight) / sum(weight) AS mean, min(value) AS least, max(value) AS most
    FROM normalized, edges WHERE utcdatetime BETWEEN first AND last GROUP BY ALL
  )
  SELECT k.name, k.mean AS kernel, t.mean AS tools, k.least, k.most, k.unit IN ('bytes', 'count', 'none') AS "isGauge"
  FROM means k JOIN means t USING (name) WHERE k.run = 'kernel' AND t.run = 'tools'
    AND k.name IN (${COMPARED.map((name) => `'${name}'`).join(", ")}) ORDER BY k.name`;

/** @returns whether the two agree */
function tell({ name, kernel, tools, least, most, isGauge }: Row): boolean {
  const share = tools / kernel - 1;
  const agrees =
    (isGauge && tools >= least - 1024 ** 2 && tools <= most + 1024 ** 2) ||
    Math.abs(share) <= TOLERANCE ||
    (kernel < LEAST && Math.abs(tools - kernel) < 0.02);
  const text = [
    name.padEnd(50),
    kernel.toPrecision(7),
    tools.toPrecision(7),
    `${(100 * share).toFixed(2)} %`,
  ];
  process.stdout.write(`${agrees ? "  " : "! "}${text.join("  ")}\n`);
  return agrees;
}

async function perfmonText(...argv: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await perfmon(argv);
  if (exitCode !== 0) throw new Error(`perfmon ${argv.join(" ")}: ${stderr}`);
  return stdout;
}

void main();
