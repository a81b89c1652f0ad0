/**
 * What it costs to record this host once a second: our agent, and what people use instead.
 *
 * usage: tsx bench/peers.ts [--seconds 20] [--repeats 3] [--processes 170] [--only NAME]
 */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { installLine } from "../scripts/test-packages.mjs";
import { sleepSeconds, startBusyHost } from "./support/agent-processes.ts";
import { missingPeers, type Peer, PEERS } from "./support/peer-tools.ts";
import { treeCpuMs, treeMemory } from "./support/process-tree.ts";

const { values: options } = parseArgs({
  options: {
    seconds: { type: "string", default: "20" },
    repeats: { type: "string", default: "3" },
    processes: { type: "string", default: "170" },
    only: { type: "string" },
  },
});
const seconds = Number(options.seconds);
const repeats = Number(options.repeats);
const WARM_UP_SECONDS = 25;

const missing = missingPeers();
if (missing.length > 0) {
  console.error(`Left out, because not installed here: ${missing.join(", ")}.`);
  console.error(`As root: ${installLine(missing)}\n`);
}

console.log(`# method
Each tool alone records this host once a second, at a real 1 Hz, for ${seconds} s after ${WARM_UP_SECONDS} s of warm-up, while
bench/support/busy-host.ts makes bursts of computing, disk writes, loopback traffic and processes, and
sleeping processes fill the host up to ${options.processes}. The tools take turns, ${repeats} times; the table gives medians.
CPU is that of all processes of a tool: nanoseconds of the scheduler, and what the kernel adds up of
children that ended. Memory is of all its processes (Rss; Pss counts shared pages once). Bytes are those
on disk since the start, file headers included; values are the numbers in what was written, as the
tool's own reader shows them (so also numbers that never change, and those it computes).
node_exporter: the server only, without whoever scrapes and stores; bytes are those of the text.
`);

interface Result {
  readonly cpuMs: number;
  readonly rssMb: number;
  readonly pssMb: number;
  readonly valuesPerSample: number;
  readonly bytesPerSample: number;
}

async function measure(peer: Peer, seed: number): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), "perfmon-peers-"));
  const busy = startBusyHost(mkdtempSync(join(folder, "busy-")), seed);
  const sleepers = fillHost();
  try {
    const own = mkdtempSync(join(folder, "own-"));
    const running = await peer.start(own);
    await sleepSeconds(WARM_UP_SECONDS);
    const before = treeCpuMs(running.pids);
    await sleepSeconds(seconds);
    const cpuMs = (treeCpuMs(running.pids) - before) / seconds;
    const memory = treeMemory(running.pids);
    await running.stop();
    const { bytes, samples, values } = running.written();
    return {
      cpuMs,
      ...memory,
      valuesPerSample: values / samples,
      bytesPerSample: bytes / samples,
    };
  } finally {
    for (const sleeper of sleepers) sleeper.kill();
    await busy.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function fillHost(): ChildProcess[] {
  const now = readdirSync("/proc").filter((name) => /^\d+$/.test(name)).length;
  const count = Math.max(0, Number(options.processes) - now);
  return Array.from({ length: count }, () => spawn("sleep", ["1000"], { stdio: "ignore" }));
}

function median(results: readonly Result[], of: (result: Result) => number): number {
  const sorted = results.map(of).sort((a, b) => a - b);
  return sorted[sorted.length >> 1]!;
}

const results = new Map<Peer, Result[]>();
const peers = PEERS.filter(
  ({ name, package: needed }) =>
    (needed === undefined || !missing.includes(needed)) && name.includes(options.only ?? ""),
);
for (let i = 0; i < repeats; i++) {
  for (const peer of peers) {
    results.set(peer, [...(results.get(peer) ?? []), await measure(peer, i + 1)]);
  }
}

console.log(
  "| recorder | CPU ms/sample | RSS MB | PSS MB | values/sample | bytes/sample | bytes/value |",
);
console.log("|---|---:|---:|---:|---:|---:|---:|");
for (const [{ name }, all] of results) {
  const values = median(all, (result) => result.valuesPerSample);
  const bytes = median(all, (result) => result.bytesPerSample);
  const cells = [
    name,
    median(all, (result) => result.cpuMs).toFixed(2),
    median(all, (result) => result.rssMb).toFixed(1),
    median(all, (result) => result.pssMb).toFixed(1),
    values.toFixed(0),
    bytes.toFixed(0),
    (bytes / values).toFixed(2),
  ];
  console.log(`| ${cells.join(" | ")} |`);
}
