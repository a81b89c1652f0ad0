/**
 * What the recorder for nodes without Node costs, beside `sadc -S XALL` in the same seconds.
 *
 * usage: tsx bench/recorder.ts [--seconds 62] [--only TEXT]   rows that have it in their first columns
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { readChunks } from "../src/recording/read-chunks.ts";
import { openRecording } from "../src/recording/recording.ts";
import { sleepSeconds, startSadc } from "./support/agent-processes.ts";
import { LargeTree } from "./support/large-tree.ts";
import { type GroupMemory, RecorderGroup, type RecorderVariant } from "./support/recorder-group.ts";

const TARGETS = { cpuMs: 5, rssMb: 6, bytes: 2000 };
const WARM_UP_SECONDS = 3;

const { values: options } = parseArgs({
  options: { seconds: { type: "string", default: "62" }, only: { type: "string", default: "" } },
});
const seconds = Number(options.seconds);

console.log(`# method
\`perfmon recorder\` (recorder.sh) and \`sadc -S XALL 1\` record the same ${seconds} s, one sample a second, into
files of the same disk; ${WARM_UP_SECONDS} s of start are left out. CPU of the recorder is that of all its processes:
of the shell what /proc/PID/schedstat says, of what it starts and waits for (head, sleep, and once a minute
gzip, awk, date, ls, du, df) cutime and cstime of /proc/PID/stat. CPU of sadc is from schedstat. Memory is
read 50 times a second from /proc/PID/smaps_rollup of all processes that the recorder has at that moment: the
median of the sums of Rss, in which what they share counts once per process, the highest of them, and the
median of the sums of Pss, in which it counts once. Bytes are those of the compressed files by samples.
"64 CPUs" is a made-up tree of 64 CPUs, 100 disks, 8 interfaces and 3,000 interrupts, changed every second;
sadc reads this host there.
`);

const DASH_MAWK: RecorderVariant = { name: "dash, mawk", shell: ["dash"], awk: "mawk" };
const BASH_GAWK: RecorderVariant = { name: "bash, gawk", shell: ["bash"], awk: "gawk" };
const BUSYBOX: RecorderVariant = {
  name: "busybox sh and awk",
  shell: ["busybox", "sh"],
  awk: "busybox awk",
};
const VARIANTS: readonly RecorderVariant[] = [
  DASH_MAWK,
  { name: "dash, gawk", shell: ["dash"], awk: "gawk" },
  { name: "bash, mawk", shell: ["bash"], awk: "mawk" },
  BASH_GAWK,
  BUSYBOX,
];

const misses: string[] = [];

function judge(what: string, value: number, limit: number): void {
  if (value > limit) misses.push(`${what}: ${value.toFixed(2)}, target at most ${limit}`);
}

async function measure(
  title: string,
  variant: RecorderVariant,
  args: readonly string[],
  tree?: (folder: string) => LargeTree,
): Promise<void> {
  if (!`${title}, ${variant.name}`.includes(options.only)) return;
  const work = mkdtempSync(join(tmpdir(), "perfmon-bench-"));
  const large = tree?.(join(work, "root"));
  const steps = large && setInterval(() => large.step(), 1000);
  const recorder = new RecorderGroup(work, variant, args, large?.folder);
  const sadc = startSadc(join(work, "sadc"));
  try {
    await sleepSeconds(WARM_UP_SECONDS);
    const before = { recorder: recorder.cpuMs(), sadc: sadc.cpuMs() };
    const memory: GroupMemory[] = [];
    const endMs = performance.now() + seconds * 1000;
    while (performance.now() < endMs) {
      await sleepSeconds(0.02);
      memory.push(recorder.memory());
    }
    const rss = memory.map(({ rssMb }) => rssMb);
    const rssMb = median(rss);
    const pssMb = median(memory.map((moment) => moment.pssMb));
    const measured = recorder.cpuMs() - before.recorder;
    const sadcMs = (sadc.cpuMs() - before.sadc) / seconds;
    await Promise.all([recorder.stop(), sadc.stop()]);
    const { samples, values } = read(recorder.folder);
    const cpuMs = measured / seconds;
    const bytes = recorder.bytes() / samples;
    const times = [cpuMs, sadcMs, cpuMs / sadcMs].map((number) => number.toFixed(2));
    const highestMb = Math.max(...rss);
    const megabytes = [rssMb, highestMb, pssMb].map((number) => number.toFixed(1));
    const sizes = [bytes.toFixed(0), (bytes / values).toFixed(2), values.toFixed(0)];
    const row = [title, variant.name, ...times, ...megabytes, ...sizes];
    console.log(`| ${row.join(" | ")} |`);
    if (title !== "this host") return;
    judge(`CPU ms/sample, ${variant.name}`, cpuMs, TARGETS.cpuMs);
    judge(`RSS MB, ${variant.name}`, rssMb, TARGETS.rssMb);
    judge(`highest RSS MB, ${variant.name}`, highestMb, TARGETS.rssMb);
    judge(`bytes/sample, ${variant.name}`, bytes, TARGETS.bytes);
  } finally {
    clearInterval(steps);
    await Promise.all([recorder.stop(), sadc.stop()]);
    rmSync(work, { recursive: true, force: true });
  }
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1]!;
}

/** Samples of a recording, and raw values in each. */
function read(folder: string): { samples: number; values: number } {
  const recording = openRecording(folder);
  let samples = 0;
  let values = 0;
  for (const { number } of recording.segments) {
    for (const { clock, units } of readChunks(recording, number, { maxReadings: Infinity })) {
      samples += clock.timeMs.length;
      for (const { columns } of units) {
        const { at, columns: numbers } = columns();
        values += at.length * numbers.length;
      }
    }
  }
  return { samples, values: values / samples };
}

console.log(
  "| host | shell, awk | CPU ms/sample | sadc ms/sample | ratio | RSS MB | highest | PSS MB | bytes/sample | bytes/value | raw values |",
);
console.log("|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
for (const variant of VARIANTS) await measure("this host", variant, []);
await measure("this host, processes every 10 s", DASH_MAWK, ["--processes", "10"]);
const host = { cpus: 64, disks: 100, interfaces: 8 };
for (const variant of [DASH_MAWK, BASH_GAWK, BUSYBOX]) {
  await measure("64 CPUs", variant, [], (folder) => new LargeTree(folder, host));
}

for (const miss of misses) console.log(`\nMISSED ${miss}`);
if (misses.length > 0) process.exitCode = 1;
