/** Verdicts on causes planted on this very kernel: with pressure information, and with several CPUs. */
import { afterAll, beforeAll, describe, expect } from "vitest";
import { join } from "node:path";
import { mkdirSync } from "node:fs";
import { needs } from "../support/needs.ts";
import { benchFor } from "./bench.ts";
import { canLimitIo } from "./io-limit.ts";
import { compareRecordings, isRight } from "./judge.ts";
import { pairsOf } from "./scenario.ts";
import { scenario } from "./scenarios/throttled-volume-psi.ts";
import { labFolder } from "./uml-guest.ts";

const TIMEOUT_MS = 90_000;

let lab: ReturnType<typeof labFolder>;
beforeAll(() => {
  lab = labFolder();
});
afterAll(() => lab.remove());

const root = needs("root");

// Not a matter of packages: some kernels cannot throttle block I/O, or let us ask for it.
const canThrottle = !root.met || canLimitIo();

describe.runIf(canThrottle)("the verdict on a job on this kernel", () => {
  root.it(
    "names the disk when its volume is throttled, though the device itself is quick",
    async () => {
      const folder = join(lab.path, "throttled");
      mkdirSync(folder);
      const network = { ports: [], limitRate: () => {}, unlimitRate: () => {}, remove: () => {} };
      // A throttle shows beside other load, too.
      const bench = benchFor({ folder, network, seed: 1, othersShare: 1 });
      const recordings = await scenario.record(bench);
      const { verdict, resources } = await compareRecordings(pairsOf(recordings)[0]!);
      expect(isRight(verdict, scenario.expected), verdict.summary).toBe(true);
      expect(resources.disk.candidate.saturation).toBeGreaterThan(50);
      // What makes this the hard case: utilization and time per request do not tell.
      expect(resources.disk.candidate.utilization ?? 0).toBeLessThan(50);
    },
    TIMEOUT_MS,
  );
});
