/** One planted cause: how it is recorded, and what the verdict must say of it. */
import type { Verdict } from "../../src/analysis/comparison.ts";
import type { ClusterPlan } from "./guest-cluster.ts";

type Bottleneck = Verdict["bottleneck"];

export interface Expectation {
  readonly outcome: Verdict["outcome"];
  readonly slower: Verdict["slower"];
  /** Any of these: more than one where several causes were planted at once. */
  readonly bottleneck: readonly Bottleneck[];
  readonly scope?: Verdict["scope"];
  readonly hosts?: readonly string[];
}

export interface Bench {
  /** Empty, and the scenario's own. */
  readonly folder: string;
  /** Another one for every repeat. */
  readonly seed: number;
  readonly hashKibPerMs: number;
  /** Repeats what something else on this machine has disturbed. */
  readonly recordCluster: (plan: Omit<ClusterPlan, "seed" | "hashKibPerMs">) => Promise<string>;
  /** The same for a command on this host itself. */
  readonly recordHost: (cluster: string, command: readonly string[]) => Promise<string>;
}

export interface Scenario {
  /** What is planted, in a sentence. */
  readonly plants: string;
  /** Where it runs: guests, or this host's own kernel where guests lack something. */
  readonly machine: "UML guests" | "this host";
  readonly expected: Expectation;
  /** Packages of Debian that it needs beside those of the guests. */
  readonly packages?: readonly string[];
  /**
   * Recordings by name: `baseline` and `candidate`, which are compared; of any others each is compared
   * with each.
   */
  record(bench: Bench): Promise<Readonly<Record<string, string>>>;
}

export interface Pair {
  readonly name: string;
  readonly baseline: string;
  readonly candidate: string;
}

export function pairsOf(recordings: Readonly<Record<string, string>>): Pair[] {
  const { baseline, candidate } = recordings;
  if (baseline !== undefined && candidate !== undefined) {
    return [{ name: "-", baseline, candidate }];
  }
  const names = Object.keys(recordings).sort();
  return names.flatMap((one, i) =>
    names.slice(i + 1).map((other) => ({
      name: `${one}-${other}`,
      baseline: recordings[one]!,
      candidate: recordings[other]!,
    })),
  );
}

/** The candidate is slower for want of a resource, all over. */
export function short(...bottleneck: Bottleneck[]): Expectation {
  return { outcome: "difference", slower: "candidate", bottleneck, scope: "cluster" };
}
