/** How time is divided into buckets, and what of it is asked for. */
import type { RunSelector } from "../../analysis/source.ts";
import { decimal } from "./dialect.ts";

export interface Division {
  readonly selector: RunSelector;
  /** Of the run: what offsets are counted from. */
  readonly runOriginMs: number;
  readonly originMs: number;
  readonly bucketMs: number;
}

/** The bucket of the row's `offset_ms`. */
export function bucketSql({ originMs, runOriginMs, bucketMs }: Division): string {
  return `ceil((offset_ms - ${decimal(originMs - runOriginMs)}) / ${decimal(bucketMs)}) - 1`;
}
