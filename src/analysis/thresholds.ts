/**
 * The limits that state shares and the verdict rest on, as data: each with an id, a unit and its
 * meaning, all of them listed in `docs/rules.md`. A person can set them (`--rules FILE`); a test moves
 * every one by 20 % and expects the same verdicts.
 */
interface ThresholdDefinition {
  readonly value: number;
  readonly unit: string;
  readonly help: string;
}

const limit = (value: number, unit: string, help: string): ThresholdDefinition => ({
  value,
  unit,
  help,
});

export const THRESHOLDS = {
  "missing-from": limit(
    10,
    "%",
    "Missing jiffies below this are nobody's: a host that sleeps much may be some percent short.",
  ),
  "missing-fully": limit(20, "%", "Missing jiffies from here on count in full."),
  "link-full-from": limit(70, "% of the link's speed", "A link begins to be the limit."),
  "link-full-at": limit(90, "% of the link's speed", "A link is the limit."),
  "lost-segments-from": limit(
    0.3,
    "% of the segments",
    "Segments sent again begin to hold up what does nothing else.",
  ),
  "lost-segments-fully": limit(1.5, "% of the segments", "They hold it up all of the time."),
  "dropped-packets-from": limit(0.1, "% of the packets", "Dropped packets begin to hold up."),
  "dropped-packets-fully": limit(1, "% of the packets", "They hold up all of the time."),
  "fewest-drops": limit(
    5,
    "1/s",
    "Fewer drops than this are frames nobody wanted, not a shortage.",
  ),
  "retransmission-timeout": limit(
    200,
    "ms",
    "What one TCP timeout costs its connection at least (the kernel's TCP_RTO_MIN).",
  ),
  "fault-cost": limit(0.5, "ms", "Without PSI: cost of a fault on a swapped page, on a fast disk."),
  "allocation-stall-cost": limit(2, "ms", "Without PSI: cost of an allocation that must reclaim."),
  "fewest-swap-ins": limit(20, "pages/s", "Without PSI: fewer swap-ins are no shortage."),
  "fewest-paging-bytes": limit(
    32_768,
    "bytes/s",
    "Below this rate I/O is not taken for paging. Low: at 20 ms a request a task gets 50 pages a second.",
  ),
  "fewest-refaults": limit(
    50,
    "pages/s",
    "Fewer refaults of file pages per second are no page cache that is too small.",
  ),
  "one-thread-from": limit(
    25,
    "% of the work's CPU time",
    "The busiest CPU holds less of what one CPU could do: the load is many small ones, not a thread.",
  ),
  "one-thread-fully": limit(
    60,
    "% of the work's CPU time",
    "It is a thread that computes throughout.",
  ),
  "remote-storage-from": limit(
    100_000,
    "bytes/s",
    "Traffic with a file server below this does not tell where I/O goes.",
  ),
  "remote-storage-local": limit(
    10,
    "% Disk Time",
    "Local disks below this are idle: what waits for I/O waits for a remote file system, if one is mounted.",
  ),
  "votes-from": limit(
    25,
    "% of the most active host",
    "Hosts less active wait for the others and have no vote on where the wall time went.",
  ),
  "idle-below": limit(
    20,
    "% activity",
    "A bucket below this, and below half of the usual, is idle.",
  ),
  "single-runs-differ": limit(
    200,
    "% of the margin",
    "Single runs that differ by less may be repeats of one another: then something must be waited for more, too.",
  ),
  "explains-from": limit(30, "% of the difference", "A resource that explains less is not named."),
  points: limit(
    10,
    "points",
    "Saturation or utilization that matters where durations are unknown.",
  ),
  "saturated-from": limit(
    50,
    "% of the time",
    "Both sides wait so long for a resource: what it delivered tells whose can do less.",
  ),
  "capacity-differs": limit(
    30,
    "%",
    "By so much what two saturated resources deliver must differ, where durations are unknown.",
  ),
  "notable-points": limit(5, "points", "Saturation by which a resource is better or worse."),
  "limits-from": limit(35, "% of the time", "A resource that took less limits nothing."),
  "cause-from": limit(
    20,
    "% of the time",
    "A cause that shows through another resource limits from here.",
  ),
  "exchange-packets": limit(
    100,
    "packets/s",
    "Waiting is laid to the network only while a host exchanges at least so many.",
  ),
  "exchange-alike": limit(
    50,
    "%",
    "By so much the packets of the two runs may differ when the same work was exchanged more slowly.",
  ),
  "scope-carries": limit(
    50,
    "% of the largest excess",
    "A host that suffers so much carries the difference.",
  ),
  "scope-spared": limit(
    25,
    "% of the largest excess",
    "The others are spared when their median is below.",
  ),
} as const satisfies Record<string, ThresholdDefinition>;

export type ThresholdId = keyof typeof THRESHOLDS;

export const THRESHOLD_IDS = Object.keys(THRESHOLDS) as ThresholdId[];

export type Thresholds = Readonly<Record<ThresholdId, number>>;

export const DEFAULT_THRESHOLDS: Thresholds = Object.fromEntries(
  THRESHOLD_IDS.map((id) => [id, THRESHOLDS[id].value]),
) as Thresholds;
