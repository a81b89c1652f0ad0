/** The usual scenario: two clusters of guests that are equal but for what is planted in the second. */
import type { GuestFault } from "./guest-faults.ts";
import type { Bench, Expectation, Scenario } from "./scenario.ts";
import type { SortProfile } from "./sort-profile.ts";

interface ClusterScenario {
  readonly plants: string;
  readonly expected: Expectation;
  readonly profile: SortProfile;
  /** Of the candidate's job where the job is the cause. */
  readonly candidateProfile?: SortProfile;
  readonly guests?: number;
  /** What is wrong with each guest of the candidate; one for all, or one each. */
  readonly fault?: GuestFault | readonly GuestFault[];
  /** What both clusters have in common. */
  readonly sound?: GuestFault;
  readonly swap?: boolean;
  readonly warm?: boolean;
}

export function clusterScenario(of: ClusterScenario): Scenario {
  const { plants, expected, profile, guests = 2, fault = {}, sound: common = {} } = of;
  const sound = Array.from({ length: guests }, () => common);
  const faulty = sound.map((_, i) => ({
    ...common,
    ...(isList(fault) ? fault[i] : fault),
  }));
  const plan = {
    profile,
    ...(of.swap === undefined ? undefined : { swap: of.swap }),
    ...(of.warm === undefined ? undefined : { warm: of.warm }),
  };
  return {
    plants,
    expected,
    machine: "UML guests",
    async record(bench: Bench) {
      const run = `repeat-${bench.seed}`;
      return {
        baseline: await bench.recordCluster({ ...plan, name: "a", run, guests: sound }),
        candidate: await bench.recordCluster({
          ...plan,
          name: "b",
          run,
          guests: faulty,
          profile: of.candidateProfile ?? profile,
        }),
      };
    },
  };
}

function isList(fault: GuestFault | readonly GuestFault[]): fault is readonly GuestFault[] {
  return Array.isArray(fault);
}
