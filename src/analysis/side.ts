/** One side of a comparison as columns: what is fetched from a source, and how it is laid out. */
import { patternMatcher } from "./counter-path.ts";
import {
  SIGNAL_IDS,
  SIGNALS,
  signalPattern,
  type SignalDefinition,
  type SignalId,
} from "./signals.ts";
import type {
  BucketedSeries,
  HostDescription,
  RunDescription,
  RunSelector,
  Source,
} from "./source.ts";

/** Most values that may cross from a store to the analysis, both sides together. */
export const MOST_VALUES = 10_000_000;

const MATCHERS = Object.fromEntries(
  SIGNAL_IDS.map((id) => [id, patternMatcher(SIGNALS[id])]),
) as Record<SignalId, ReturnType<typeof patternMatcher>>;

export interface HostColumns {
  readonly name: string;
  readonly role: string;
  readonly description: HostDescription;
  /** CPUs online. */
  readonly cpus: number;
  /** CPUs' worth of time that the recorded job's control group may use; infinite without a quota. */
  readonly cpuQuota: number;
  /** Mount points of remote file systems: `/data (nfs4)`. */
  readonly remoteMounts: readonly string[];
  /** Physical memory; NaN when unknown. */
  readonly memoryBytes: number;
  /** Per signal that the host has one value per bucket; NaN where there is none. */
  readonly signals: ReadonlyMap<SignalId, Float64Array>;
}

export interface Side {
  readonly source: Source;
  readonly selector: RunSelector;
  readonly description: RunDescription;
  readonly originMs: number;
  readonly bucketMs: number;
  readonly buckets: number;
  readonly hosts: readonly HostColumns[];
}

/** Longest sampling interval of the hosts of the runs; one second when there are none. */
export function longestIntervalMs(runs: readonly RunDescription[]): number {
  const intervals = runs.flatMap((run) => run.hosts.map((host) => host.intervalMs));
  return intervals.length > 0 ? Math.max(...intervals) : 1000;
}

/**
 * The finest bucket, a multiple of the longest sampling interval, with which at most
 * {@link MOST_VALUES} values cross.
 */
export function bucketWidthMs(runs: readonly RunDescription[], most = MOST_VALUES): number {
  const interval = longestIntervalMs(runs);
  let values = 0;
  for (const run of runs) {
    const intervals = Math.max(1, (run.toMs - run.fromMs) / interval);
    // Disks and interfaces make about three columns out of some signals.
    values += run.hosts.length * (SIGNAL_IDS.length + 20) * intervals;
  }
  return interval * Math.max(1, Math.ceil(values / most));
}

/** Where buckets start: half an interval early, so that jitter does not move a sample across. */
export function bucketOriginMs(run: RunDescription): number {
  return run.fromMs - longestIntervalMs([run]) / 2;
}

/** Values of single CPUs are fetched only up to so many: they only sharpen what totals tell. */
const MOST_CPU_VALUES = 2_000_000;

/** The signals to fetch of both runs. */
export function signalsToFetch(runs: readonly RunDescription[], bucketMs: number): SignalId[] {
  let values = 0;
  for (const { hosts, fromMs, toMs } of runs) {
    for (const { inventory } of hosts) {
      values += ((numberAt(inventory, "cpu", "logicalCpus") ?? 1) * (toMs - fromMs)) / bucketMs;
    }
  }
  return SIGNAL_IDS.filter((id) => id !== "hottestCpu" || values <= MOST_CPU_VALUES);
}

export async function loadSide(
  source: Source,
  selector: RunSelector,
  description: RunDescription,
  bucketMs: number,
  ids: readonly SignalId[] = SIGNAL_IDS,
): Promise<Side> {
  const originMs = bucketOriginMs(description);
  const buckets = description.hosts.length
    ? Math.max(1, Math.ceil((description.toMs - originMs) / bucketMs))
    : 0;
  const series = buckets
    ? await source.buckets(selector, ids.map(signalPattern), originMs, bucketMs)
    : [];
  const byHost = new Map<number, BucketedSeries[]>();
  for (const one of series) {
    const list = byHost.get(one.series.hostId);
    if (list) list.push(one);
    else byHost.set(one.series.hostId, [one]);
  }
  const hosts = description.hosts.map((host) =>
    hostColumns(host, byHost.get(host.id) ?? [], buckets, ids),
  );
  return { source, selector, description, originMs, bucketMs, buckets, hosts };
}

/** The side's selector, narrowed to a stretch of its buckets. */
export function workSelector(
  { selector, originMs, bucketMs }: Side,
  { from, to }: { readonly from: number; readonly to: number },
): RunSelector {
  return {
    ...selector,
    fromMs: Math.max(selector.fromMs ?? -Infinity, originMs + from * bucketMs),
    toMs: Math.min(selector.toMs ?? Infinity, originMs + to * bucketMs),
  };
}

function hostColumns(
  description: HostDescription,
  series: readonly BucketedSeries[],
  buckets: number,
  ids: readonly SignalId[],
): HostColumns {
  const signals = new Map<SignalId, Float64Array>();
  for (const id of ids) {
    const definition: SignalDefinition = SIGNALS[id];
    const matching = series.filter(
      ({ series: key }) =>
        MATCHERS[id](key) && (definition.across === undefined || key.instance !== "_Total"),
    );
    if (matching.length > 0)
      signals.set(id, combine(matching, buckets, definition.across ?? "sum"));
  }
  const { inventory } = description;
  return {
    name: description.name,
    role: description.role,
    description,
    cpus: latest(signals.get("cpusOnline")) ?? numberAt(inventory, "cpu", "logicalCpus") ?? 1,
    cpuQuota: numberAt(inventory, "cgroup", "cpuLimit") ?? Infinity,
    remoteMounts: remoteMounts(inventory),
    memoryBytes:
      latest(signals.get("memoryTotal")) ?? numberAt(inventory, "memory", "totalBytes") ?? NaN,
    signals,
  };
}

/** The means of the buckets from 0 to before `buckets`; not to be written to. */
export function columnOf({ first, mean }: BucketedSeries, buckets: number): Float64Array {
  if (first === 0 && mean.length === buckets) return mean;
  const column = new Float64Array(buckets).fill(NaN);
  const part = mean.subarray(Math.max(0, -first), Math.max(0, buckets - first));
  if (part.length > 0) column.set(part, Math.max(0, first));
  return column;
}

/** One column out of those of several instances. */
function combine(
  series: readonly BucketedSeries[],
  buckets: number,
  across: "max" | "sum" | "weighted",
): Float64Array {
  if (series.length === 1) return columnOf(series[0]!, buckets);
  const result = new Float64Array(buckets).fill(NaN);
  const weights = across === "weighted" ? new Float64Array(buckets) : undefined;
  for (const { first, mean, weight } of series) {
    const end = Math.min(mean.length, buckets - first);
    for (let i = Math.max(0, -first); i < end; i++) {
      const value = mean[i]!;
      if (value !== value) continue;
      const at = first + i;
      const before = result[at]!;
      if (weights) {
        const sum = weights[at]! + weight[i]!;
        result[at] = before === before ? before + ((value - before) * weight[i]!) / sum : value;
        weights[at] = sum;
      } else if (before !== before) result[at] = value;
      else result[at] = across === "max" ? Math.max(before, value) : before + value;
    }
  }
  return result;
}

function latest(column: Float64Array | undefined): number | undefined {
  if (!column) return undefined;
  for (let i = column.length - 1; i >= 0; i--) if (column[i]! > 0) return column[i];
  return undefined;
}

/** CPUs times their clock in MHz; NaN when the clock is not known. */
export function cpuCapacity({ cpus, description: { inventory } }: HostColumns): number {
  const clock = numberAt(inventory, "cpu", "nominalMHz") ?? numberAt(inventory, "cpu", "maxMHz");
  return cpus * (clock ?? NaN);
}

function numberAt(
  inventory: Readonly<Record<string, unknown>>,
  section: string,
  key: string,
): number | undefined {
  const part = inventory[section];
  const value =
    typeof part === "object" && part !== null ? (part as Record<string, unknown>)[key] : undefined;
  return typeof value === "number" && value > 0 ? value : undefined;
}

const REMOTE =
  /^(nfs\d?|cifs|smb3?|ceph|lustre|gpfs|beegfs\w*|glusterfs|afs|9p|fuse\..*(s3|gcs|blob|juice|goofys|ceph|gluster|hdfs|sshfs|ossfs|rclone).*)$/;

function remoteMounts({ fileSystems }: Readonly<Record<string, unknown>>): string[] {
  if (typeof fileSystems !== "object" || fileSystems === null) return [];
  return Object.entries(fileSystems as Record<string, { type?: unknown } | null>)
    .flatMap(([path, facts]) => {
      const type = facts?.type;
      return typeof type === "string" && REMOTE.test(type) ? [`${path} (${type})`] : [];
    })
    .sort();
}
