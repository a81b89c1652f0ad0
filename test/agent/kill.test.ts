/**
 * `kill -9` of the agent at random moments: every log reads, and what is lost is at most one sample,
 * the one that was being taken.
 */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { monotonicMs } from "../../src/util/monotonic.ts";
import { seededRandom } from "../support/synthetic-log.ts";
import { readLog, sleep, startAgent, SYSTEM_OBJECTS, TemporaryFolders } from "./agent-process.ts";

const KILLS = 50;
const AT_ONCE = 2;
const INTERVAL_MS = 20;
/** Longest life: some segments, and blocks at their limit of 120 samples. */
const LIFE_MS = 3000;
/** Node's timers are good to a few milliseconds. */
const TIMER_SLACK_MS = 5;

const folders = new TemporaryFolders();
afterAll(() => folders.remove());

/** Milliseconds that the threads of a process have waited for a CPU: lateness that is not its own. */
function runDelayMs(pid: number): number {
  let waitedNs = 0;
  for (const task of readdirSync(`/proc/${pid}/task`)) {
    waitedNs += Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, "latin1").split(" ")[1]);
  }
  return waitedNs / 1e6;
}

interface Kill {
  readonly afterMs: number;
  readonly samples: number;
  /** Samples that were due before the kill and are not in the log. */
  readonly lost: number;
  readonly damage: readonly string[];
  readonly steady: boolean;
}

async function killAfter(afterMs: number): Promise<Kill> {
  const folder = join(folders.make(), "recording");
  const agent = startAgent([
    "-o",
    folder,
    "-i",
    `${INTERVAL_MS}ms`,
    "--objects",
    SYSTEM_OBJECTS,
    "--segment-time",
    "700ms",
  ]);
  await agent.recording;
  const delayBefore = runDelayMs(agent.pid);
  await sleep(afterMs);
  const slackMs = TIMER_SLACK_MS + runDelayMs(agent.pid) - delayBefore;
  const killedMs = monotonicMs();
  process.kill(agent.pid, "SIGKILL");
  expect((await agent.exit).signal).toBe("SIGKILL");

  const log = readLog(folder);
  expect(log.recording.over).toBe(true);
  const times = log.monotonicMs;
  const firstMs = times[0] ?? killedMs;
  const lastMs = times[times.length - 1] ?? -Infinity;
  const tick = (ms: number) => Math.floor((ms - firstMs) / INTERVAL_MS);
  // A sample may be taken some milliseconds late: half an interval decides which one it was.
  const lastTick = tick(lastMs + INTERVAL_MS / 2);
  return {
    afterMs,
    samples: times.length,
    lost: Math.max(0, tick(killedMs - slackMs) - lastTick),
    damage: log.damage.map(({ kind }) => kind),
    steady: times.every((ms, i) => i === 0 || ms > times[i - 1]!),
  };
}

describe("an agent that is killed", () => {
  it(`leaves a log that reads and lacks one sample at most, ${KILLS} times`, async () => {
    const random = seededRandom(20261123);
    const moments = Array.from({ length: KILLS }, () => Math.floor(random() ** 2 * LIFE_MS));
    const kills: Kill[] = [];
    const worker = async () => {
      for (let afterMs = moments.pop(); afterMs !== undefined; afterMs = moments.pop()) {
        kills.push(await killAfter(afterMs));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));

    expect(kills).toHaveLength(KILLS);
    expect(kills.filter(({ lost }) => lost > 1)).toEqual([]);
    expect(kills.filter(({ steady }) => !steady)).toEqual([]);
    // A frame that was cut in half is all that may be damaged, and only at the very end.
    expect(
      kills.filter(({ damage }) => damage.length > 1 || damage.some((kind) => kind !== "cut")),
    ).toEqual([]);
    // The moments were such that there was something to lose.
    expect(Math.max(...kills.map(({ samples }) => samples))).toBeGreaterThan(100);
  }, 120_000);
});
