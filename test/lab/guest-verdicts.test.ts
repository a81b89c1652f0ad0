/**
 * Some of the lab's scenarios, recorded anew with a shorter job: planted causes on real kernels, each
 * with a CPU, memory, disks and network of its own. All of them: `npm run lab`.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { needs } from "../support/needs.ts";
import { allScenarios } from "./all-scenarios.ts";
import { benchFor, GUEST_PACKAGES } from "./bench.ts";
import { compareRecordings, isRight } from "./judge.ts";
import { createNetwork, type LabNetwork } from "./lab-network.ts";
import { pairsOf } from "./scenario.ts";
import { labFolder } from "./uml-guest.ts";

const TIMEOUT_MS = 180_000;
const SELECTION = ["slow-disk", "memory-swap", "network-delay", "stolen-cpu"];
const MOST_GUESTS = 2;

const scenarios = await allScenarios();

needs(...GUEST_PACKAGES, "root").describe("the verdict on a job in a cluster of guests", () => {
  let lab: ReturnType<typeof labFolder>;
  let network: LabNetwork;
  beforeAll(() => {
    lab = labFolder();
    network = createNetwork(MOST_GUESTS);
  });
  afterAll(() => {
    network.remove();
    lab.remove();
  });

  // What else this machine does may be a true difference.
  it.each(SELECTION)(
    "names what was planted: %s",
    { timeout: TIMEOUT_MS, retry: 1 },
    async (name) => {
      const scenario = scenarios.get(name)!;
      const folder = join(lab.path, `${name}-${Date.now()}`);
      mkdirSync(folder);
      const bench = benchFor({ folder, network, seed: 1, part: 0.5 });
      const [pair] = pairsOf(await scenario.record(bench));
      const { verdict } = await compareRecordings(pair!);
      expect(isRight(verdict, scenario.expected), verdict.summary).toBe(true);
      expect(verdict.confidence).toBeGreaterThan(0);
    },
  );
});
