/**
 * Two captures of nothing but tool text are enough for a verdict. The captures are real (see
 * scripts/capture-tool-runs.ts): a job on a healthy guest, with other programs on its only CPU, with a slow disk.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Comparison } from "../../src/analysis/comparison.ts";
import { perfmon } from "../support/run-cli.ts";
import { projectRoot } from "../support/source-files.ts";

let folder = "";
const capture = (run: string, file: string) => join(projectRoot, "test/import/captures", run, file);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "perfmon-verdict-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function recordingOf(run: string, files: readonly string[]): Promise<string> {
  const out = mkdtempSync(join(folder, `${run}-`));
  const paths = files.map((file) => capture(run, file));
  const argv = ["--timezone", "UTC", "--cluster", run, "--run", "job", "-o", out];
  expect(await perfmon(["import", ...paths, ...argv])).toMatchObject({ exitCode: 0 });
  return out;
}

async function compare(run: string, files: readonly string[]): Promise<Comparison> {
  const [baseline, candidate] = [
    await recordingOf("healthy", files),
    await recordingOf(run, files),
  ];
  const { stdout, stderr, exitCode } = await perfmon(["compare", baseline, candidate, "--json"]);
  expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
  return JSON.parse(stdout) as Comparison;
}

describe.each(["cpu", "disk"])("the verdict on a job that lacks %s", (fault) => {
  it.each([
    ["sar", ["sar.txt"]],
    ["all tools", ["iostat.txt", "sar.txt", "free.txt"]],
  ])("is found in what %s printed", async (_, files) => {
    const { verdict, baseline, candidate } = await compare(fault, files);
    expect(verdict).toMatchObject({
      outcome: "difference",
      slower: "candidate",
      cluster: "candidate",
      bottleneck: fault,
    });
    expect(candidate.durationSeconds / baseline.durationSeconds).toBeGreaterThan(2);
  });
});

describe("iostat alone", () => {
  it("tells a slow disk", async () => {
    const { verdict } = await compare("disk", ["iostat.txt"]);
    expect(verdict).toMatchObject({ slower: "candidate", bottleneck: "disk" });
  });
});
