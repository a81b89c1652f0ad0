/**
 * Do our numbers equal those of iostat, sar and pidstat on this machine, live, under load?
 *
 *     npx tsx bench/live-agreement.ts [seconds, 60]
 *
 * Method: a load of files (dd, written through and read back) and of loopback traffic runs in
 * processes of its own. iostat, sar and pidstat each report one interval of the given length; the
 * collectors sample once a second over the same time. Totals (means of rates over the whole time)
 * must agree within 2 percent, gauges must lie in the range that we saw. The tools start and end
 * some milliseconds before and after us, which is why a minute is needed. Needs sysstat. Exit code
 * 1 when something does not agree.
 */
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { networkInterface } from "../src/collectors/network-interface.ts";
import { physicalDisk } from "../src/collectors/physical-disk.ts";
import { processes } from "../src/collectors/process.ts";
import { virtualNetworkInterface } from "../src/collectors/virtual-network-interface.ts";
import { LiveRecorder, type Summary } from "./support/live-recorder.ts";

const TOLERANCE = 0.02;
/** Printed digits of the tools. */
const DIGIT = 0.011;
const KIB = 1024;

type Columns = Readonly<Record<string, readonly [counter: string, unit?: number]>>;

const IOSTAT: Columns = {
  "r/s": ["Disk Reads/sec"],
  "rkB/s": ["Disk Read Bytes/sec", KIB],
  r_await: ["Avg. Disk sec/Read", 0.001],
  "w/s": ["Disk Writes/sec"],
  "wkB/s": ["Disk Write Bytes/sec", KIB],
  w_await: ["Avg. Disk sec/Write", 0.001],
  "wareq-sz": ["Avg. Disk Bytes/Write", KIB],
  "f/s": ["Disk Flushes/sec"],
  "aqu-sz": ["Avg. Disk Queue Length"],
  "%util": ["% Disk Time"],
};
const SAR: Columns = {
  "rxpck/s": ["Packets Received/sec"],
  "txpck/s": ["Packets Sent/sec"],
  "rxkB/s": ["Bytes Received/sec", KIB],
  "txkB/s": ["Bytes Sent/sec", KIB],
};
const PIDSTAT: Columns = {
  "%usr": ["% User Time"],
  "%system": ["% Privileged Time"],
  "%CPU": ["% Processor Time"],
  "minflt/s": ["Minor Page Faults/sec"],
  RSS: ["Working Set", KIB],
  VSZ: ["Virtual Bytes", KIB],
};
const GAUGES = new Set(["RSS", "VSZ"]);

const TRAFFIC = `
const net = require("node:net");
const chunk = Buffer.alloc(65536);
const server = net.createServer((socket) => {
  const send = () => socket.write(chunk) && setTimeout(send, 2);
  socket.on("drain", () => setTimeout(send, 2)).on("error", () => {});
  send();
}).listen(0, "127.0.0.1", () => net.connect(server.address().port, "127.0.0.1").resume());
`;

const seconds = Number(process.argv[2] ?? 60);
const folder = mkdtempSync(join(tmpdir(), "perfmon-live-"));
const files = start("sh", [
  "-c",
  'while :; do dd if=/dev/zero of="$0/f" bs=64k count=400 conv=fsync; dd if="$0/f" of=/dev/null bs=64k iflag=direct; sleep 0.3; done 2>/dev/null',
  folder,
]);
const traffic = start(process.execPath, ["-e", TRAFFIC]);
try {
  process.exitCode = (await compareLive(String(traffic.pid))) ? 0 : 1;
} finally {
  for (const { pid } of [files, traffic]) if (pid !== undefined) process.kill(-pid, "SIGKILL");
  await sleep(200);
  rmSync(folder, { recursive: true, force: true });
}

/** In a process group of its own, so that it can be ended with its children. */
function start(command: string, args: readonly string[]): ChildProcess {
  return spawn(command, args, { stdio: "ignore", detached: true });
}

async function compareLive(pid: string): Promise<boolean> {
  const recorder = new LiveRecorder([
    physicalDisk,
    networkInterface,
    virtualNetworkInterface,
    processes,
  ]);
  await sleep(2000);
  const span = [String(seconds), "1"];
  const tools = Promise.all([
    tool("iostat", ["-dxk", "-y", ...span]),
    tool("sar", ["-n", "DEV", ...span]),
    tool("pidstat", ["-u", "-r", "-p", pid, ...span]),
  ]);
  // They read for the first time when they have started.
  await sleep(30);
  const begin = performance.now();
  for (let n = 0; n <= seconds; n++) {
    await sleep(Math.max(0, begin + n * 1000 - performance.now()));
    recorder.sample();
  }
  const [iostat, sar, pidstat] = await tools;
  recorder.close();

  const nameOf = recorder.instances("Process").find((name) => name.endsWith(`:${pid}`)) ?? "";
  const disks = new Set(recorder.instances("PhysicalDisk"));
  const physical = new Set(recorder.instances("Network Interface"));
  const rows = [
    ...table(iostat, "Device")
      .filter(({ name }) => disks.has(name))
      .map((cell) => row(recorder, "PhysicalDisk", cell, IOSTAT)),
    ...table(sar, "IFACE").map((cell) =>
      row(
        recorder,
        physical.has(cell.name) ? "Network Interface" : "Virtual Network Interface",
        cell,
        SAR,
      ),
    ),
    ...table(pidstat, "UID").map((cell) =>
      row(recorder, "Process", { ...cell, name: nameOf }, PIDSTAT),
    ),
  ].filter((line) => line !== undefined);
  console.log(
    `${"".padEnd(62)}${"tool".padStart(14)}${"perfmon".padStart(14)}${"differs".padStart(10)}`,
  );
  for (const line of rows) console.log(line.text);
  const wrong = rows.filter(({ agrees }) => !agrees).length;
  console.log(
    `\n${rows.length} numbers over ${seconds} s: ${rows.length - wrong} agree, ${wrong} do not`,
  );
  return wrong === 0 && rows.length > 10;
}

async function tool(command: string, args: readonly string[]): Promise<string> {
  const env = { ...process.env, LC_ALL: "C", S_COLORS: "never", S_TIME_FORMAT: "ISO" };
  return (await promisify(execFile)(command, args, { env })).stdout;
}

interface Cell {
  readonly name: string;
  readonly column: string;
  readonly printed: number;
}

/** Cells of all tables with this column; of sysstat's averages where there are such. */
function table(text: string, key: string): Cell[] {
  const lines = text.split("\n").map((line) => line.trim().split(/\s+/));
  const averages = lines.some((words) => words[0] === "Average:");
  const cells: Cell[] = [];
  let columns: string[] = [];
  for (const words of lines) {
    if (words.includes(key)) columns = words;
    else if (words.length < 4) columns = [];
    if (columns.length === 0 || words.includes(key)) continue;
    if (averages && words[0] !== "Average:") continue;
    const name = words[columns.indexOf(key)]!;
    columns.forEach((column, i) => cells.push({ name, column, printed: Number(words[i]) }));
  }
  return cells;
}

function row(
  recorder: LiveRecorder,
  object: string,
  { name, column, printed }: Cell,
  columns: Columns,
): { text: string; agrees: boolean } | undefined {
  const [counter, unit = 1] = columns[column] ?? [];
  if (!counter) return undefined;
  const ours: Summary = recorder.summary(object, name, counter) ?? { mean: 0, min: 0, max: 0 };
  const mean = ours.mean / unit;
  // Idle devices agree, which shows nothing.
  if (printed === 0 && mean === 0) return undefined;
  const differs = printed === 0 ? 0 : (mean - printed) / printed;
  const agrees = GAUGES.has(column)
    ? printed >= ours.min / unit && printed <= ours.max / unit
    : Math.abs(mean - printed) <= Math.max(DIGIT, TOLERANCE * printed);
  const path = `\\${object}(${name})\\${counter}`;
  const text = `${path.padEnd(62)}${printed.toFixed(2).padStart(14)}${mean.toFixed(2).padStart(14)}${`${(100 * differs).toFixed(2)}%`.padStart(10)}${agrees ? "" : "  !"}`;
  return { text, agrees };
}
