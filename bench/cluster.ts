/**
 * What a cluster of many hosts costs the machine that it is recorded from: time, memory, processes and
 * file handles of check, start, status, stop, collect and clean.
 *
 * usage: tsx bench/cluster.ts [--hosts 200]
 */
import { spawn } from "node:child_process";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { readSegment } from "../src/log/segment-reader.ts";
import { SshLab, sleep } from "../test/cluster/ssh-lab.ts";
import { projectRoot } from "../test/support/source-files.ts";

const { values: options } = parseArgs({ options: { hosts: { type: "string", default: "200" } } });
const hosts = Number(options.hosts);
const RECORDED_SECONDS = 20;

console.log(`# method
${hosts} hosts are addresses of the loopback network, all served by one sshd of this machine, which does the
hosts' work as well: of the time most is theirs. Each is recorded for real, by a recorder of its own
(objects System and Memory, every 5 s). \`perfmon cluster\` is a process of its own; its peak of memory is
VmHWM of /proc/PID/status; file handles, and processes and their summed memory (Pss, in which what they
share counts once) are the highest of looks taken every 100 ms at it and what it has started. At most 64
connections at once.
`);

interface Peak {
  handles: number;
  processes: number;
  ownMb: number;
  allMb: number;
}

const lab = new SshLab();
const rows: string[][] = [];
try {
  const names = Array.from({ length: hosts }, (_, i) => `host${String(i + 1).padStart(4, "0")}`);
  await lab.serve(names);
  const file = lab.clusterFile(names, 'objects = ["System", "Memory"]', 'interval = "5s"');
  const run = join(lab.folder, "run");
  await measure("check", "check", "-f", file);
  const started = await measure("start", "start", "-f", file, "--run", "bench", "-o", run);
  const { startAt, hosts: all } = JSON.parse(started) as {
    startAt: string;
    hosts: { lateMs?: number }[];
  };
  await sleep(Math.max(0, Date.parse(startAt) - Date.now()) + RECORDED_SECONDS * 1000);
  await measure("status", "status", run);
  await measure("collect, running", "collect", run);
  await measure("stop", "stop", run);
  await measure("collect", "collect", run);
  await measure("collect, nothing new", "collect", run);
  await measure("clean", "clean", run);
  const titles = ["step", "s", "own memory MB", "all processes MB", "processes", "file handles"];
  console.log(`| ${titles.join(" | ")} |\n| ${titles.map(() => "---").join(" | ")} |`);
  for (const row of rows) console.log(`| ${row.join(" | ")} |`);
  const late = all.filter(({ lateMs = 0 }) => lateMs > 0).length;
  const firsts = names.map((name) => firstSampleMs(join(run, name)));
  const known = firsts.filter((ms) => ms !== undefined);
  console.log(
    `\nbegun after the planned time: ${late} of ${hosts}; first samples from ` +
      `${Math.min(...known) - Date.parse(startAt)} to ${Math.max(...known) - Date.parse(startAt)} ms after it ` +
      `(${known.length} hosts)`,
  );
} finally {
  lab.close();
  rmSync(lab.folder, { recursive: true, force: true });
}

async function measure(title: string, ...argv: string[]): Promise<string> {
  const program = join(projectRoot, "dist", "cli", "main.js");
  const before = performance.now();
  const child = spawn(process.execPath, [program, "cluster", ...argv, "--json"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const peak: Peak = { handles: 0, processes: 0, ownMb: 0, allMb: 0 };
  const timer = setInterval(() => look(child.pid!, peak), 100);
  let stdout = "";
  child.stdout.on("data", (bytes: Buffer) => (stdout += bytes.toString()));
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  clearInterval(timer);
  const seconds = (performance.now() - before) / 1000;
  if (code !== 0) {
    const { hosts: all } = JSON.parse(stdout) as { hosts: { ok: boolean; message: string }[] };
    const failed = all.filter(({ ok }) => !ok);
    throw new Error(`${title}: exit code ${code}, ${failed.length} failed: ${failed[0]?.message}`);
  }
  const { ownMb, allMb, processes, handles } = peak;
  rows.push([
    title,
    seconds.toFixed(1),
    ownMb.toFixed(0),
    allMb.toFixed(0),
    String(processes),
    String(handles),
  ]);
  return stdout;
}

/** Never all of it is there: processes end between two looks. */
function look(pid: number, peak: Peak): void {
  const children = childrenOf(pid);
  peak.processes = Math.max(peak.processes, 1 + children.length);
  peak.handles = Math.max(peak.handles, count(`/proc/${pid}/fd`));
  peak.ownMb = Math.max(peak.ownMb, kilobytes(`/proc/${pid}/status`, "VmHWM") / 1024);
  const all = [pid, ...children].reduce(
    (sum, one) => sum + kilobytes(`/proc/${one}/smaps_rollup`, "Pss"),
    0,
  );
  peak.allMb = Math.max(peak.allMb, all / 1024);
}

function childrenOf(pid: number): number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, "latin1");
    return text.trim().split(" ").filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

function count(folder: string): number {
  try {
    return readdirSync(folder).length;
  } catch {
    return 0;
  }
}

function kilobytes(path: string, key: string): number {
  try {
    return Number(
      new RegExp(`^${key}:\\s+(\\d+)`, "m").exec(readFileSync(path, "latin1"))?.[1] ?? 0,
    );
  } catch {
    return 0;
  }
}

/** Wall clock of the first sample; `undefined` when the log has none. */
function firstSampleMs(folder: string): number | undefined {
  for (const part of readSegment(join(folder, "000001.plog"))) {
    if ("block" in part) return Math.round(part.block.wallMs[0]!);
  }
  return undefined;
}
