/**
 * What recording costs: the agent beside `sadc -S XALL`, at a real 1 Hz, during the same seconds.
 *
 * usage: tsx bench/agent.ts [--seconds 30] [--repeats 3] [--minutes 2.2]
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import {
  type Measured,
  sleepSeconds,
  startAgent,
  startBusyHost,
  startSadc,
} from "./support/agent-processes.ts";
import { readVolume } from "./support/log-volume.ts";

const TARGETS = {
  ratio: 1,
  rssMb: 50,
  anonymousMb: 10,
  bytesPerValue: 0.3,
  values: 1000,
  growthMb: 1,
};
/** V8 goes on compiling for about so long. */
const WARM_UP_SECONDS = 60;

const { values: options } = parseArgs({
  options: {
    seconds: { type: "string", default: "30" },
    repeats: { type: "string", default: "3" },
    minutes: { type: "string", default: "2.2" },
  },
});
const seconds = Number(options.seconds);
const repeats = Number(options.repeats);
const longSeconds = Number(options.minutes) * 60;

console.log(`# method
The built agent (dist/agent.cjs, every object but Process, Kernel Thread, Control Group and Java Virtual
Machine, --all-devices) and \`sadc -S XALL 1\` record
the same ${seconds} s into files of the same disk, both started as programs of their own, after a warm-up of
${WARM_UP_SECONDS} s. CPU is the change of the first number of /proc/PID/task/*/schedstat, summed over all threads:
time on a CPU in nanoseconds, start-up left out. ${repeats} repetitions, the two started in turn first;
the table gives medians, and (lowest to highest). "busy" is the same while bench/support/busy-host.ts makes
bursts of computing, disk writes, loopback traffic, processes and page faults; "quiet" is without.
Memory is VmRSS and RssAnon of /proc/PID/status at the end. Bytes per value are those of the log's
segments by the raw values that they hold, measured in one longer busy run (--minutes), because the
header of a block is shared by its 120 samples.
`);

interface Repetition {
  readonly agentMs: number;
  readonly sadcMs: number;
  readonly rssMb: number;
  readonly anonymousMb: number;
  /** Change of anonymous memory in the measured time. */
  readonly growthMb: number;
  readonly valuesPerSample: number;
  readonly bytesPerValue: number;
}

async function repetition(
  index: number,
  busy: boolean,
  measuredSeconds: number,
): Promise<Repetition> {
  const folder = mkdtempSync(join(tmpdir(), "perfmon-bench-"));
  const load = busy ? startBusyHost(folder, index + 1) : undefined;
  const recording = join(folder, "recording");
  const starts = [() => startAgent(recording), () => startSadc(join(folder, "sadc"))];
  const order = index % 2 === 0 ? [0, 1] : [1, 0];
  const running: Measured[] = [];
  for (const which of order) running[which] = starts[which]!();
  const [agent, sadc] = running as [Measured, Measured];
  try {
    await sleepSeconds(WARM_UP_SECONDS);
    const before = [agent.cpuMs(), sadc.cpuMs()];
    const anonymousBefore = agent.anonymousMb();
    await sleepSeconds(measuredSeconds);
    const after = [agent.cpuMs(), sadc.cpuMs()];
    const { rssMb, anonymousMb } = { rssMb: agent.rssMb(), anonymousMb: agent.anonymousMb() };
    await Promise.all([agent.stop(), sadc.stop()]);
    return {
      agentMs: (after[0]! - before[0]!) / measuredSeconds,
      sadcMs: (after[1]! - before[1]!) / measuredSeconds,
      rssMb,
      anonymousMb,
      growthMb: anonymousMb - anonymousBefore,
      ...readVolume(recording),
    };
  } finally {
    await Promise.all([agent.stop(), sadc.stop(), load?.stop()]);
    rmSync(folder, { recursive: true, force: true });
  }
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[sorted.length >> 1]!;
}

function spread(numbers: readonly number[], digits: number): string {
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  return `${median(numbers).toFixed(digits)} (${low.toFixed(digits)}-${high.toFixed(digits)})`;
}

const misses: string[] = [];

function judge(what: string, value: number, limit: number, atLeast = false): void {
  if (atLeast ? value < limit : value > limit) {
    misses.push(
      `${what}: ${value.toFixed(2)}, target ${atLeast ? "at least" : "at most"} ${limit}`,
    );
  }
}

console.log(
  "| host | agent CPU ms/sample | sadc CPU ms/sample | ratio | RSS MB | anonymous MB | raw values/sample |",
);
console.log("|---|---|---|---|---|---|---|");
for (const busy of [false, true]) {
  const done: Repetition[] = [];
  for (let i = 0; i < repeats; i++) done.push(await repetition(i, busy, seconds));
  const column = (of: (r: Repetition) => number) => done.map(of);
  const ratios = column((r) => r.agentMs / r.sadcMs);
  const cells = [
    busy ? "busy" : "quiet",
    spread(
      column((r) => r.agentMs),
      2,
    ),
    spread(
      column((r) => r.sadcMs),
      2,
    ),
    spread(ratios, 2),
    spread(
      column((r) => r.rssMb),
      1,
    ),
    spread(
      column((r) => r.anonymousMb),
      1,
    ),
    median(column((r) => r.valuesPerSample)).toFixed(0),
  ];
  console.log(`| ${cells.join(" | ")} |`);
  const name = busy ? "busy" : "quiet";
  judge(`${name}: CPU by that of sadc`, median(ratios), TARGETS.ratio);
  judge(`${name}: resident MB`, median(column((r) => r.rssMb)), TARGETS.rssMb);
  judge(`${name}: anonymous MB`, median(column((r) => r.anonymousMb)), TARGETS.anonymousMb);
  judge(
    `${name}: values per sample`,
    median(column((r) => r.valuesPerSample)),
    TARGETS.values,
    true,
  );
}
if (longSeconds > 0) {
  const long = await repetition(0, true, longSeconds);
  console.log(
    `\nOver ${options.minutes} minutes, busy: anonymous memory grew by ${long.growthMb.toFixed(2)} MB to ` +
      `${long.anonymousMb.toFixed(1)} MB, RSS ${long.rssMb.toFixed(1)} MB; agent ${long.agentMs.toFixed(2)} ms/sample, ` +
      `sadc ${long.sadcMs.toFixed(2)}; ${long.bytesPerValue.toFixed(3)} bytes/value.`,
  );
  judge("growth of anonymous memory, MB", long.growthMb, TARGETS.growthMb);
  judge("bytes per value under load", long.bytesPerValue, TARGETS.bytesPerValue);
}
console.log(
  misses.length === 0 ? "\nAll targets met." : `\nTargets missed:\n  ${misses.join("\n  ")}`,
);
process.exitCode = misses.length === 0 ? 0 : 1;
