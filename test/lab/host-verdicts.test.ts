/** Verdicts on causes planted on this very kernel: with PSI, and with a throttled volume. */
import { spawnSync } from "node:child_process";
import { truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect } from "vitest";
import type { Comparison } from "../../src/analysis/comparison.ts";
import { startAgent } from "../agent/agent-process.ts";
import { needs } from "../support/needs.ts";
import { perfmon } from "../support/run-cli.ts";
import { projectRoot } from "../support/source-files.ts";
import { canLimitIo, limitWrites } from "./io-limit.ts";
import { labFolder } from "./uml-guest.ts";

const TIMEOUT_MS = 90_000;
const MEBIBYTE = 2 ** 20;
const jobFile = join(projectRoot, "test", "lab", "job.cjs");

let lab: ReturnType<typeof labFolder>;
beforeAll(() => {
  lab = labFolder();
});
afterAll(() => lab.remove());

async function record(run: string, command: readonly string[]): Promise<string> {
  const folder = join(lab.path, run);
  const args = [
    "-q",
    "-o",
    folder,
    "-i",
    "250ms",
    "--cluster",
    "host",
    "--run",
    run,
    "--",
    ...command,
  ];
  const { code, stderr } = await startAgent(args).exit;
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return folder;
}

async function compare(baseline: string, candidate: string): Promise<Comparison> {
  const { stdout, stderr, exitCode } = await perfmon(["compare", baseline, candidate, "--json"]);
  expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
  return JSON.parse(stdout) as Comparison;
}

const root = needs("root");

// Not a matter of packages: some kernels cannot throttle block I/O, or let us ask for it.
const canThrottle = !root.met || canLimitIo();

describe.runIf(canThrottle)("the verdict on a job on this kernel", () => {
  root.it(
    "names the disk when its volume is throttled, though the device itself is quick",
    async () => {
      const image = join(lab.path, "volume.img");
      writeFileSync(image, "");
      truncateSync(image, 64 * MEBIBYTE);
      const attached = spawnSync("losetup", ["--find", "--show", image], { encoding: "utf8" });
      const device = attached.stdout.trim();
      expect(device, attached.stderr).toMatch(/^\/dev\/loop\d+$/);
      try {
        // 20 rounds of some computing and 24 writes of 16 KiB that are waited for: 7.5 MiB in all.
        const job = [process.execPath, jobFile, "20", "120", "8", "0", "24", device];
        const free = await record("free", job);
        const limit = limitWrites(device, 0.75 * MEBIBYTE);
        try {
          const script = `echo $$ >${limit.procsFile} && exec "$@"`;
          const throttled = await record("throttled", ["sh", "-c", script, "sh", ...job]);
          const comparison = await compare(free, throttled);
          const { verdict, resources } = comparison;
          expect(verdict, verdict.summary).toMatchObject({
            outcome: "difference",
            slower: "candidate",
            bottleneck: "disk",
            cluster: "candidate",
          });
          expect(resources.disk.candidate.saturation).toBeGreaterThan(50);
          // What makes this the hard case: utilization and time per request do not tell.
          expect(resources.disk.candidate.utilization ?? 0).toBeLessThan(50);
        } finally {
          limit.remove();
        }
      } finally {
        spawnSync("losetup", ["--detach", device]);
      }
    },
    TIMEOUT_MS,
  );
});
