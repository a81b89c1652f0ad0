/** From the same /proc text the sh recorder and the agent's collectors give the same values. */
import { afterAll, describe, expect, it } from "vitest";
import { collectors } from "../../src/collectors/all.ts";
import { readManifest, writeManifest } from "../../src/recording/manifest.ts";
import { cookFixture, FixtureHost, fixtureHosts } from "../hosts/fixture-host.ts";
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

/** What the recorder does not record: its own cost, and of processes all but `stat`. */
const NOT_RECORDED = /^\\(Perfmon Agent|System\\Processes$|Process\()/;

/** Records the two snapshots of a fixture host. */
async function recordFixture(name: string, surroundings: Surroundings): Promise<string> {
  const host = new FixtureHost(name);
  const recorder = new RecorderProcess(
    folders.make(),
    ["--host", name, "--processes", "1"],
    surroundings,
    { PERFMON_ROOT: host.folder },
  );
  try {
    await recorder.waitFor("first snapshot", () => recorder.samples() > 0);
    let before = 0;
    await recorder.betweenSamples(() => {
      host.advance();
      before = recorder.samples();
    });
    await recorder.waitFor("second snapshot", () => recorder.samples() > before);
    recorder.kill("SIGTERM", "script");
    expect(await recorder.exit).toEqual({ code: 0, stderr: "" });
  } finally {
    host.remove();
  }
  // The snapshots lie further apart than the recorder's samples: no gap.
  const manifest = readManifest(recorder.folder)!;
  writeManifest(recorder.folder, { ...manifest, intervalMs: 60_000 });
  return recorder.folder;
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
      const chunks = chunksOf(await recordFixture(name, surroundings));
      expect(chunks.flatMap(({ events }) => events)).toEqual([]);
      const values = cookedValues(chunks);
      expect(values.size).toBeGreaterThan(100);
      const wrong = [...values].filter(
        ([path, [value, ...more]]) => value !== expected.get(path) || more.length > 0,
      );
      expect(wrong).toEqual([]);
      const missing = [...expected.keys()].filter((path) => !values.has(path));
      expect(missing.filter((path) => !NOT_RECORDED.test(path))).toEqual([]);
      const processes = [...values.keys()].filter((path) => path.startsWith("\\Process("));
      expect(processes.length > 0).toBe(
        [...expected.keys()].some((path) => path.startsWith("\\Process(")),
      );
    });
  });
});
