/** What a scenario is given to record with. */
import { join } from "node:path";
import { undisturbed } from "./disturbed-run.ts";
import { recordCluster } from "./guest-cluster.ts";
import { recordOnHost } from "./host-recording.ts";
import type { LabNetwork } from "./lab-network.ts";
import type { Bench } from "./scenario.ts";
import { hashingSpeed } from "./sort-profile.ts";

export const GUEST_PACKAGES = ["user-mode-linux", "kmod", "dmsetup", "iproute2", "e2fsprogs"];

export interface BenchOptions {
  readonly folder: string;
  readonly network: LabNetwork;
  readonly seed: number;
  /** Part of the job's rounds that is run: less for a test than for the lab. */
  readonly part?: number;
  readonly onDisturbed?: (message: string) => void;
}

export function benchFor(options: BenchOptions): Bench {
  const { folder, network, seed, part = 1, onDisturbed = () => {} } = options;
  const hashKibPerMs = hashingSpeed();
  let runs = 0;
  const nextFolder = () => join(folder, `run${++runs}`);
  return {
    folder,
    seed,
    hashKibPerMs,
    recordCluster(plan) {
      const { profile } = plan;
      const rounds = Math.max(1, Math.round(profile.rounds * part));
      const whole = { ...plan, profile: { ...profile, rounds }, seed, hashKibPerMs };
      return undisturbed(() => recordCluster(nextFolder(), network, whole), onDisturbed);
    },
    recordHost(cluster, command) {
      const record = () => recordOnHost(nextFolder(), cluster, `repeat-${seed}`, command);
      return undisturbed(record, onDisturbed);
    },
  };
}
