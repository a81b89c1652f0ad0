/** `kill -9` of the sh recorder at random moments: what was complete is read, and at most one sample is lost. */
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { afterAll, expect } from "vitest";
import { needs } from "../support/needs.ts";
import { seededRandom } from "../support/synthetic-log.ts";
import { chunksOf, RecorderProcess, sleep, SURROUNDINGS, WorkFolders } from "./recorder-process.ts";

const KILLS = 24;
const AT_ONCE = 6;
/** Files of 2 s, so that some are being compressed. */
const FILE_SECONDS = 2;
const LIFE_MS = 6000;
/** A sample on a busy machine may be this late. */
const SLACK_MS = 500;

const folders = new WorkFolders();
afterAll(() => folders.remove());

/** Stamps of the samples in a recording, and what could not be read. */
function read(folder: string) {
  const chunks = chunksOf(folder);
  return {
    stamps: chunks.flatMap(({ clock, carried }) => [...clock.monotonicMs.subarray(carried)]),
    lost: chunks.flatMap(({ events }) => events.filter(({ kind }) => kind !== "clock-step")),
  };
}

async function killAfter(afterMs: number, whom: "script" | "group") {
  const { "dash and mawk": surroundings } = SURROUNDINGS;
  const recorder = new RecorderProcess(folders.make(), ["--processes", "2"], surroundings!, {
    PERFMON_FILE_SECONDS: String(FILE_SECONDS),
  });
  await recorder.waitFor("first sample", () => recorder.samples() > 0);
  await sleep(afterMs);
  // The recording can be read while it goes on.
  const before = read(recorder.folder);
  recorder.kill("SIGKILL", whom);
  const killedMs = uptimeMs();
  await recorder.exit;
  await recorder.waitFor("nothing is left running", () => !recorder.isRunning);
  const after = read(recorder.folder);
  const steps = after.stamps.map((ms, i) => ms - (after.stamps[i - 1] ?? ms));
  return {
    kept: before.stamps.every((ms, i) => after.stamps[i] === ms),
    samples: after.stamps.length,
    /** Samples that were due, to the last one before the kill. */
    lost: Math.floor((killedMs - SLACK_MS - after.stamps[after.stamps.length - 1]!) / 1000),
    steps: steps.filter((ms) => ms > 1900 + SLACK_MS),
    events: after.lost.map(({ kind }) => kind),
    compressed: readdirSync(recorder.folder).filter((name) => /^\d.*\.gz$/.test(name)).length,
  };
}

function uptimeMs(): number {
  const { stdout } = spawnSync("cat", ["/proc/uptime"], { encoding: "latin1" });
  return Number(stdout.split(" ")[0]) * 1000;
}

needs("mawk").describe("a recorder that is killed", () => {
  needs().it(
    `loses one sample at most, ${KILLS} times`,
    async () => {
      const random = seededRandom(20261124);
      const moments = Array.from({ length: KILLS }, () => Math.floor(random() * LIFE_MS));
      const kills: Awaited<ReturnType<typeof killAfter>>[] = [];
      const worker = async () => {
        for (let ms = moments.pop(); ms !== undefined; ms = moments.pop()) {
          kills.push(await killAfter(ms, moments.length % 3 === 0 ? "script" : "group"));
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, worker));

      expect(kills).toHaveLength(KILLS);
      expect(kills.filter(({ kept }) => !kept)).toEqual([]);
      expect(kills.filter(({ lost }) => lost > 1)).toEqual([]);
      expect(kills.filter(({ steps }) => steps.length > 0)).toEqual([]);
      expect(kills.filter(({ events }) => events.length > 1)).toEqual([]);
      expect(new Set(kills.flatMap(({ events }) => events))).toBeOneOf([
        new Set(),
        new Set(["cut"]),
      ]);
      // The moments were such that there was something to lose.
      expect(Math.max(...kills.map(({ compressed }) => compressed))).toBeGreaterThan(1);
      expect(Math.max(...kills.map(({ samples }) => samples))).toBeGreaterThan(4);
    },
    120_000,
  );
});
