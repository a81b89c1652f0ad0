/**
 * Verdicts against causes that are known because they were planted: the same job in guests with a
 * kernel, CPU, memory and disks of their own, one thing wrong at a time.
 */
import { afterAll, beforeAll, expect, it } from "vitest";
import { join } from "node:path";
import type { Comparison } from "../../src/analysis/comparison.ts";
import { needs } from "../support/needs.ts";
import { perfmon } from "../support/run-cli.ts";
import { limitCpu } from "./cpu-quota.ts";
import { calibratedJob, recordInGuest, type Fault, type GuestJob } from "./guest-job.ts";
import { labFolder } from "./uml-guest.ts";

const TIMEOUT_MS = 150_000;
const requirements = ["user-mode-linux", "kmod", "dmsetup"];

needs(...requirements).describe("the verdict on a job in a guest", () => {
  let lab: ReturnType<typeof labFolder>;
  let job: GuestJob;
  let healthy: string;

  beforeAll(async () => {
    lab = labFolder();
    job = calibratedJob();
    healthy = await recordInGuest(join(lab.path, "healthy"), "healthy", job);
  }, TIMEOUT_MS);
  afterAll(() => lab.remove());

  async function compareWith(run: string, fault: Fault, baseline = healthy): Promise<Comparison> {
    const recording = await recordInGuest(join(lab.path, run), run, job, fault);
    const { stdout, stderr, exitCode } = await perfmon(["compare", baseline, recording, "--json"]);
    expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
    return JSON.parse(stdout) as Comparison;
  }

  /** What must hold of every fault; the message of a failure shows the whole verdict. */
  function expectBottleneck({ verdict, limits, resources }: Comparison, bottleneck: string): void {
    expect(verdict, verdict.summary).toMatchObject({
      outcome: "difference",
      slower: "candidate",
      bottleneck,
      cluster: "candidate",
    });
    // What is left of a CPU that is shared is still the guest's limit.
    const limitsOf = bottleneck === "virtualization" ? ["virtualization", "cpu"] : [bottleneck];
    expect(limitsOf).toContain(limits.candidate);
    expect(resources[bottleneck as keyof typeof resources].state).toBe("worse");
    expect(verdict.confidence).toBeGreaterThan(0);
  }

  // A neighbor on the machine that this runs on is a true difference: then two other guests tell.
  let attempt = 0;
  it("is no difference when nothing differs", { timeout: TIMEOUT_MS, retry: 2 }, async () => {
    attempt++;
    const again = `healthy-${attempt}`;
    const baseline =
      attempt === 1 ? healthy : await recordInGuest(join(lab.path, again), again, job);
    const { verdict } = await compareWith(`same-${attempt}`, {}, baseline);
    expect(verdict, verdict.summary).toMatchObject({
      outcome: "no-difference",
      bottleneck: "none",
    });
  });

  it("names the CPU when another program computes beside it", { timeout: TIMEOUT_MS }, async () => {
    const comparison = await compareWith("crowded", { competitors: 1 });
    expectBottleneck(comparison, "cpu");
    expect(comparison.timeAttribution.extraSeconds.cpu).toBeGreaterThan(0);
  });

  it("names the disk when every request takes 25 ms longer", { timeout: TIMEOUT_MS }, async () => {
    const comparison = await compareWith("slow-disk", { diskDelayMs: 25 });
    expectBottleneck(comparison, "disk");
    expect(comparison.timeAttribution.extraSeconds.disk).toBeGreaterThan(0);
  });

  it(
    "names memory, not the disk it swaps to, when memory is short",
    { timeout: TIMEOUT_MS },
    async () => {
      const comparison = await compareWith("starved", { memoryMib: 180 });
      expectBottleneck(comparison, "memory");
      expect(comparison.inventory.map(({ key }) => key)).toContain("memory.totalBytes");
    },
  );

  needs(...requirements, "root").it(
    "names virtualization when the host gives the guest less than half a CPU, by the time that is missing",
    async () => {
      const comparison = await compareWith("part-of-a-cpu", {
        fromOutside: (kernelPid) => limitCpu([kernelPid], 0.4),
      });
      expectBottleneck(comparison, "virtualization");
      expect(comparison.resources.virtualization.candidate.signal).toContain("% Accounted Time");
    },
    TIMEOUT_MS,
  );
});
