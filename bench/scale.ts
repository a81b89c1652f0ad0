/**
 * What a CPU, a disk, an interface, a control group and a process more cost: the sampler and the log on
 * trees of files like those of large hosts.
 *
 * usage: tsx bench/scale.ts [--samples 240] [--warm-up 120]
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Sampler } from "../src/agent/sampler.ts";
import { collectors } from "../src/collectors/all.ts";
import { LogWriter } from "../src/log/log-writer.ts";
import { LargeFakeHost, type HostSize } from "./support/large-host.ts";

const { values: options } = parseArgs({
  options: {
    samples: { type: "string", default: "240" },
    "warm-up": { type: "string", default: "120" },
  },
});
const samples = Number(options.samples);
const warmUp = Number(options["warm-up"]);

const SMALL: HostSize = { cpus: 1, disks: 1, interfaces: 1, groups: 1, processes: 1 };
const LARGE: HostSize = { cpus: 64, disks: 100, interfaces: 100, groups: 200, processes: 1000 };
const ITEMS = {
  cpus: "CPUs",
  disks: "disks",
  interfaces: "interfaces",
  groups: "control groups",
  processes: "processes",
} as const;

console.log(`# method
All collectors read a tree of ordinary files that stands for a host with one CPU, disk, interface, control
group (version 2) and process, and then one with many of one of them; the difference, divided, is what one
more costs. ${samples} samples after ${warmUp} of warm-up, one after the other, the host's clock a second on each time,
so that every object comes at its cadence; between two samples, not measured, the files change as on a busy
host (CPUs and interfaces all, a quarter of the disks, a tenth of groups and processes each second).
CPU is process.cpuUsage() around sampling, encoding and compressing; bytes are those of the log. Beside the
real thing it lacks what the kernel does to make up the text of /proc, and has warm caches.
`);

interface Cost {
  readonly cpuUs: number;
  readonly bytes: number;
  readonly values: number;
}

async function measure(size: HostSize): Promise<Cost> {
  const host = new LargeFakeHost(size);
  const folder = join(host.folder, "recording");
  mkdirSync(folder);
  const sampler = new Sampler(collectors, host.context);
  const log = new LogWriter({
    folder,
    recording: {
      id: "00000000-0000-4000-8000-000000000000",
      host: "large",
      cluster: "bench",
      run: "scale",
      role: "worker",
      intervalMs: 1000,
    },
    segmentBytes: Infinity,
    segmentMs: Infinity,
    keepSegments: 0,
    syncIntervalMs: 10_000,
    maxBacklog: Infinity,
    onError: (error) => {
      throw error;
    },
  });
  try {
    for (const failure of sampler.failures) throw failure.error;
    let cpuUs = 0;
    let bytes = 0;
    for (let i = 0; i < warmUp + samples; i++) {
      host.step();
      if (i === warmUp) bytes = log.bytes;
      const before = process.cpuUsage();
      sampler.sample(host.seconds * 1000);
      log.append(sampler.row, { monotonicUs: host.seconds * 1e6, wallMs: host.seconds * 1000 });
      const { user, system } = process.cpuUsage(before);
      if (i >= warmUp) cpuUs += user + system;
      await log.drained();
    }
    for (const failure of sampler.failures) throw failure.error;
    bytes = log.bytes - bytes;
    return { cpuUs: cpuUs / samples, bytes: bytes / samples, values: sampler.row.length };
  } finally {
    await log.close();
    sampler.close();
    host.remove();
  }
}

console.log("| host | CPU ms/sample | raw values | one more costs us/sample | bytes/sample |");
console.log("| ---- | ------------: | ---------: | -----------------------: | -----------: |");
const row = (cells: readonly string[]) => console.log(`| ${cells.join(" | ")} |`);
// Twice: the first run in a process compiles.
await measure(SMALL);
const small = await measure(SMALL);
row(["one of each", (small.cpuUs / 1000).toFixed(2), String(small.values), "", ""]);
for (const item of Object.keys(ITEMS) as (keyof HostSize)[]) {
  const large = await measure({ ...SMALL, [item]: LARGE[item] });
  const more = LARGE[item] - SMALL[item];
  row([
    `${LARGE[item]} ${ITEMS[item]}`,
    (large.cpuUs / 1000).toFixed(2),
    String(large.values),
    ((large.cpuUs - small.cpuUs) / more).toFixed(2),
    ((large.bytes - small.bytes) / more).toFixed(2),
  ]);
}
