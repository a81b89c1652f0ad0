/** From the same /proc text the sh recorder and the agent's collectors give the same values. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { collectors } from "../../src/collectors/all.ts";
import { readManifest, writeManifest } from "../../src/recording/manifest.ts";
import {
  type CookedValues,
  cookFixture,
  FixtureHost,
  fixtureHosts,
} from "../hosts/fixture-host.ts";
import { needs } from "../support/needs.ts";
import {
  chunksOf,
  cookedValues,
  RecorderProcess,
  SURROUNDINGS,
  WorkFolders,
  type Surroundings,
} from "./recorder-process.ts";

const folders = new WorkFolders();
afterAll(() => folders.remove());

/**
 * What the recorder does not record: its own cost, of processes all but `stat`, how full file systems
 * are, what programs and JVMs tell, how deep CPUs sleep, queues of TCP connections, control groups further down.
 */
const NOT_RECORDED =
  /^\\(Perfmon Agent|System\\Processes$|Process\(|Kernel Thread\(|LogicalDisk\(|Network Driver\(|TCP Queue\\|Processor Idle State\(|Java |Control Group\(([^/)]+\/){3})/;

/** Control groups are recorded a few levels deep, where they are mounted today (RHEL 6 had /cgroup). */
const FEWER_GROUPS = /^\\Control Group\(root\)\\Control Groups/;

/**
 * Records the two snapshots of a fixture host.
 *
 * @param fileSeconds 1: each sample is in a file of its own, with what is read once per file
 */
async function recordFixture(
  name: string,
  surroundings: Surroundings,
  fileSeconds: number,
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const host = new FixtureHost(name);
  const recorder = new RecorderProcess(
    folders.make(),
    // Two samples and no more, however busy the machine is, with time enough between them.
    ["--host", name, "--processes", "1", "-i", "3", "--for", "3"],
    surroundings,
    { PERFMON_ROOT: host.folder, PERFMON_FILE_SECONDS: String(fileSeconds), ...env },
  );
  try {
    await recorder.waitFor("first snapshot", () => recorder.samples() > 0);
    await recorder.betweenSamples(() => host.advance());
    expect(await recorder.exit).toEqual({ code: 0, stderr: "" });
  } finally {
    host.remove();
  }
  // The snapshots lie further apart than the recorder's samples: no gap.
  const manifest = readManifest(recorder.folder)!;
  writeManifest(recorder.folder, { ...manifest, intervalMs: 60_000 });
  return recorder.folder;
}

/** @param failing objects that the host's masked files make fail, in the agent as well */
function valuesOf(folder: string, failing: readonly string[]): ReturnType<typeof cookedValues> {
  const chunks = chunksOf(folder);
  const events = chunks.flatMap((chunk) => chunk.events);
  const unexpected = events.filter(
    ({ kind, text }) =>
      kind !== "collector-failed" || !failing.includes(text.slice(0, text.indexOf(":"))),
  );
  expect(unexpected).toEqual([]);
  const values = cookedValues(chunks);
  expect(values.size).toBeGreaterThan(100);
  return values;
}

function failingOf({ failures }: CookedValues): string[] {
  return failures.map((failure) => failure.slice(0, failure.indexOf(":")));
}

/** All hosts with the first shell and awk, one with the others: what they read is the same for all. */
function hostsFor(surroundings: Surroundings): readonly string[] {
  const hosts = fixtureHosts();
  return surroundings === Object.values(SURROUNDINGS)[0] ? hosts : hosts.slice(0, 1);
}

describe.each(Object.entries(SURROUNDINGS))("the recorder under %s", (_, surroundings) => {
  needs(...surroundings.packages).describe("records fixture hosts", () => {
    it.concurrent.each(hostsFor(surroundings))("%s as the agent does", async (name) => {
      const expected = cookFixture(name, collectors);
      const values = valuesOf(await recordFixture(name, surroundings, 1), failingOf(expected));
      const wrong = [...values].filter(
        ([path, [value, ...more]]) => value !== expected.get(path) || more.length > 0,
      );
      expect(wrong.filter(([path]) => !FEWER_GROUPS.test(path))).toEqual([]);
      const missing = [...expected.keys()].filter((path) => !values.has(path));
      const isLeftOut = (path: string) =>
        NOT_RECORDED.test(path) ||
        (name.startsWith("rhel6") && path.startsWith("\\Control Group("));
      expect(missing.filter((path) => !isLeftOut(path))).toEqual([]);
      const processes = [...values.keys()].filter((path) => path.startsWith("\\Process("));
      expect(processes.length > 0).toBe(
        [...expected.keys()].some((path) => path.startsWith("\\Process(")),
      );
    });

    // Here the second sample says of most lines that they are as they were.
    it("one of them within a file that is shortened before it is compressed", async () => {
      const name = "rhel9-5.14";
      const frequent = collectors.filter(({ object }) => object.cadence === "every-sample");
      const expected = cookFixture(name, frequent);
      const folder = await recordFixture(name, surroundings, 60, { PERFMON_LONG_BYTES: "1" });
      const [file = ""] = readdirSync(folder).filter((entry) => /^\d/.test(entry));
      const text = gunzipSync(readFileSync(join(folder, file))).toString("latin1");
      expect(text).toMatch(/^perfmon raw 1 packed \d+\n/);
      const [first, second] = text.split(/^@[0-9a-f]{8} sample$/m).slice(1);
      expect(second!.length).toBeLessThan(first!.length / 2);
      const values = valuesOf(folder, failingOf(expected));
      const wrong = [...values].filter(
        ([path, [value, ...more]]) => value !== expected.get(path) || more.length > 0,
      );
      expect(wrong).toEqual([]);
    });
  });
});
