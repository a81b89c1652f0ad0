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
  /** Part of this host's CPU time that others than the job may use: more is a disturbed run. */
  readonly othersShare?: number;
  readonly onDisturbed?: (message: string) => void;
}

/** What the lab's own table asks for. */
const OTHERS_SHARE = 0.08;

export function benchFor(options: BenchOptions): Bench {
  const { folder, network, seed, part = 1, othersShare = OTHERS_SHARE } = options;
  const { onDisturbed = () => {} } = options;
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
      const record = () =>
        recordOnHost(nextFolder(), { cluster, run: `repeat-${seed}`, command, othersShare });
      return undisturbed(record, onDisturbed);
    },
  };
}
