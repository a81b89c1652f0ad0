/**
 * What can be said of one run by itself, version 1 of its JSON form: documented in `docs/report.md`.
 * Numbers are rounded to 6 significant digits; `null` stands for what is not known.
 */
import type {
  ComparabilityNote,
  InventoryDifference,
  Limit,
  ResourceUse,
  RunSummary,
  Severity,
} from "../comparison.ts";
import type { ResourceName, StateName } from "../resources.ts";
import type { WorkSource } from "../work.ts";

/**
 * `warning`: a rule of severity warning or critical fires; `busy`: much of the capacity is used;
 * `idle`: hardly anything is used or waited for.
 */
export type ResourceStatus = "warning" | "busy" | "normal" | "idle" | "unknown";

export interface HostUse {
  readonly host: string;
  readonly role: string;
  readonly utilization: number | null;
  readonly saturation: number | null;
  readonly errors: number | null;
  readonly status: ResourceStatus;
}

export interface ResourceOverview extends ResourceUse {
  /** The worst of its hosts. */
  readonly status: ResourceStatus;
  /** The busiest first. */
  readonly hosts: readonly HostUse[];
}

/** Processes of one role: main class, service or program. */
export interface ProcessGroup {
  readonly role: string;
  readonly users: readonly string[];
  readonly hosts: number;
  /** Processes seen, all hosts. */
  readonly processes: number;
  /** Means over the time at work, per host of the run: CPUs, bytes, bytes per second. */
  readonly cpus: number;
  readonly memoryBytes: number;
  readonly readBytes: number;
  readonly writtenBytes: number;
}

export interface DiskUse {
  readonly host: string;
  readonly disk: string;
  /** Percent of the time, mean and 95th percentile of the intervals. */
  readonly busy: number | null;
  readonly busyP95: number | null;
  readonly readBytes: number | null;
  readonly writtenBytes: number | null;
  readonly transfers: number | null;
  readonly latencyMs: number | null;
  readonly queue: number | null;
}

export interface InterfaceUse {
  readonly host: string;
  readonly interface: string;
  readonly utilization: number | null;
  readonly receivedBytes: number | null;
  readonly sentBytes: number | null;
  readonly errors: number | null;
  readonly drops: number | null;
}

export interface InventoryFact {
  readonly key: string;
  readonly relevance: InventoryDifference["relevance"];
  /** The most frequent first. */
  readonly values: readonly { readonly value: string; readonly hosts: number }[];
}

export interface RunFinding {
  readonly id: string;
  readonly rule: string;
  readonly resource: ResourceName | "system";
  readonly severity: Severity;
  readonly hosts: readonly string[];
  readonly counter: string;
  readonly value: number | null;
  readonly score: number;
  readonly message: string;
  readonly why: string;
  readonly next: string;
  readonly sql: string;
}

export interface RunReport {
  readonly schema: 1;
  readonly run: RunSummary;
  /** What the duration was taken from. */
  readonly durationSource: WorkSource;
  readonly diagnosis: {
    readonly limit: Limit;
    /** Hosts that carry the limit, when it is not the whole cluster. */
    readonly hosts: readonly string[];
    readonly summary: string;
  };
  /** Shares of the wall time by what limited the run; they sum to 1, or are all 0. */
  readonly timeShares: Readonly<Record<StateName, number>>;
  readonly resources: Readonly<Record<ResourceName, ResourceOverview>>;
  readonly findings: readonly RunFinding[];
  /** By CPU time, memory and I/O, the largest first. */
  readonly processes: {
    readonly byCpu: readonly ProcessGroup[];
    readonly byMemory: readonly ProcessGroup[];
    readonly byIo: readonly ProcessGroup[];
  };
  /** The busiest first. */
  readonly disks: readonly DiskUse[];
  readonly interfaces: readonly InterfaceUse[];
  readonly inventory: readonly InventoryFact[];
  readonly notes: readonly ComparabilityNote[];
}
