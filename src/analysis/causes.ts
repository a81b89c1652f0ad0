/**
 * What only both runs together tell of a cause. The same work exchanges the same packets and, with the
 * same memory, pages the same bytes; so what it exchanged or paged in all, over the whole run, says
 * whether there was more to do or each took longer.
 */
import type { Comparison, SideName } from "./comparison.ts";
import type { MeasuredSide } from "./facts.ts";
import { NO_CAUSES, type Causes } from "./states.ts";
import { clamp } from "./statistics/round.ts";
import type { Thresholds } from "./thresholds.ts";
import type { SideWork } from "./work.ts";

type BySide<T> = Readonly<Record<SideName, T>>;

export interface CauseInput {
  readonly measured: BySide<MeasuredSide>;
  readonly work: BySide<SideWork>;
  /** As compared: per unit of work where that is given. */
  readonly seconds: BySide<number>;
  readonly shares: Pick<Comparison["timeAttribution"], SideName>;
  readonly limits: Thresholds;
}

/** Of runs whose durations are known; where nothing is told, what the states say by themselves. */
export function findCauses(input: CauseInput): Causes {
  const { baseline, candidate } = input.seconds;
  if (!(baseline > 0) || !(candidate > 0) || baseline === candidate) return NO_CAUSES;
  const slow: SideName = candidate > baseline ? "candidate" : "baseline";
  const fast: SideName = slow === "candidate" ? "baseline" : "candidate";
  return {
    exchange: waitsForOthers(input, slow, fast),
    memoryPart: memoryPart(input, slow, fast),
  };
}

/**
 * The time is lost waiting, and the two runs exchanged the same number of packets, the slower one at a
 * lower rate: its partner or the way to it is slower. Chatter that goes on whether or not there is work
 * has a rate of its own instead, and grows with the run.
 */
function waitsForOthers(input: CauseInput, slow: SideName, fast: SideName): boolean {
  const { limits, seconds, shares, measured } = input;
  // Where it was seen what is under way, nothing has to be inferred.
  const seen = (side: SideName) =>
    measured[side].side.hosts.every(({ signals }) => signals.has("sending"));
  if (seen(slow) && seen(fast)) return false;
  const lost = shares[slow].waiting * seconds[slow] - shares[fast].waiting * seconds[fast];
  const longer = seconds[slow] - seconds[fast];
  if (!(lost >= (limits["explains-from"] / 100) * longer)) return false;
  const total = (side: SideName) => perUnit(input, side, "packets");
  const rate = total(slow) / seconds[slow] / measured[slow].side.hosts.length;
  if (!(rate >= limits["exchange-packets"])) return false;
  const change = Math.abs(Math.log(total(slow) / total(fast)));
  const slowdown = Math.log(seconds[slow] / seconds[fast]);
  return change <= Math.min(Math.log(1 + limits["exchange-alike"] / 100), slowdown / 2);
}

/**
 * Time lost to paging is bytes times seconds per byte. Of the difference between the runs the first
 * factor's part is for lack of memory, the second's for a slower disk:
 * ΔS = ΔV·(r₁+r₂)/2 + Δr·(V₁+V₂)/2.
 */
function memoryPart(input: CauseInput, slow: SideName, fast: SideName): number {
  const stalled = (side: SideName) => input.shares[side].memory * input.seconds[side];
  const volume = (side: SideName) => perUnit(input, side, "pagingBytes");
  if (!(stalled(slow) > stalled(fast)) || !(volume(fast) > 0) || !(volume(slow) > 0)) return 1;
  const perByte = (side: SideName) => stalled(side) / volume(side);
  const more = ((volume(slow) - volume(fast)) * (perByte(slow) + perByte(fast))) / 2;
  const slower = ((perByte(slow) - perByte(fast)) * (volume(slow) + volume(fast))) / 2;
  if (slower <= 0) return 1;
  return clamp(Math.max(0, more) / (Math.max(0, more) + slower));
}

/** Σ rate · time over the work of all hosts, for as much work as is compared. */
function perUnit(
  { measured, work, seconds }: CauseInput,
  side: SideName,
  what: "packets" | "pagingBytes",
): number {
  const { side: columns, measures } = measured[side];
  const { from, to } = work[side].range;
  let sum = 0;
  columns.hosts.forEach(({ signals }, i) => {
    const column = what === "packets" ? signals.get("packets") : measures[i]!.pagingBytes;
    for (let b = from; b < to; b++) {
      const rate = column?.[b] ?? NaN;
      if (rate === rate) sum += (rate * columns.bucketMs) / 1000;
    }
  });
  return (sum * seconds[side]) / work[side].seconds;
}
