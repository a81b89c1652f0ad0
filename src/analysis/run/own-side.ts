/** What a run has by itself, where a comparison asks for what both have. */
import { mostActive, type BucketRange } from "../attribution.ts";
import type { MeasuredSide } from "../facts.ts";
import type { PsiUse } from "../measures.ts";
import type { Side } from "../side.ts";
import type { RunSelector } from "../source.ts";

/** Pressure stall information is used where every host of the run has it. */
export function ownPsi({ hosts }: Side): PsiUse {
  const has = (id: "cpuSome" | "memorySome" | "ioSome") =>
    hosts.length > 0 && hosts.every(({ signals }) => signals.has(id));
  return { cpu: has("cpuSome"), memory: has("memorySome"), io: has("ioSome") };
}

/** Buckets of work in which at least one host has values. */
export function knownBuckets({ states }: MeasuredSide, { from, to }: BucketRange): number {
  let count = 0;
  for (let bucket = from; bucket < to; bucket++) if (mostActive(states, bucket) >= 0) count++;
  return count;
}

/** The selector, narrowed to the time in which the work was under way. */
export function atWork({ selector, originMs, bucketMs }: Side, range: BucketRange): RunSelector {
  return {
    ...selector,
    fromMs: Math.max(selector.fromMs ?? -Infinity, originMs + range.from * bucketMs),
    toMs: Math.min(selector.toMs ?? Infinity, originMs + range.to * bucketMs),
  };
}
