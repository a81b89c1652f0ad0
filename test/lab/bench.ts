/** What a scenario is given to record with. */
import { join } from "node:path";
import { DisturbedRun, recordCluster, type ClusterPlan } from "./guest-cluster.ts";
import type { LabNetwork } from "./lab-network.ts";
import type { Bench } from "./scenario.ts";
import { hashingSpeed } from "./sort-profile.ts";

export const GUEST_PACKAGES = ["user-mode-linux", "kmod", "dmsetup", "iproute2", "e2fsprogs"];

/** Times that a disturbed run is repeated before the scenario is given up. */
export const TRIES = 4;

export interface BenchOptions {
  readonly folder: string;
  readonly network: LabNetwork;
  readonly seed: number;
  /** Part of the job's rounds that is run: less for a test than for the lab. */
  readonly part?: number;
  readonly onDisturbed?: (message: string) => void;
}

export function benchFor({ folder, network, seed, part = 1, onDisturbed }: BenchOptions): Bench {
  const hashKibPerMs = hashingSpeed();
  let runs = 0;
  return {
    folder,
    seed,
    hashKibPerMs,
    async recordCluster(plan: Omit<ClusterPlan, "seed" | "hashKibPerMs">) {
      const { profile } = plan;
      const rounds = Math.max(1, Math.round(profile.rounds * part));
      for (let tries = 1; ; tries++) {
        const own = join(folder, `run${++runs}`);
        const whole = { ...plan, profile: { ...profile, rounds }, seed, hashKibPerMs };
        try {
          return await recordCluster(own, network, whole);
        } catch (error) {
          if (!(error instanceof DisturbedRun) || tries === TRIES) throw error;
          onDisturbed?.(error.message);
        }
      }
    },
  };
}
