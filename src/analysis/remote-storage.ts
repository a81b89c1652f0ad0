/**
 * Storage at the other end of the network: what a run that waits for it shows is idle disks, idle CPUs
 * and traffic. Named as well as the inventory allows.
 */
import type { Finding, SideName } from "./comparison.ts";
import { measureSql, type EvidenceContext } from "./evidence.ts";
import { overHosts, type SideFacts } from "./facts.ts";
import { counterText } from "./number-text.ts";
import type { Side } from "./side.ts";
import type { Thresholds } from "./thresholds.ts";

type BySide<T> = Readonly<Record<SideName, T>>;

export interface RemoteStorage {
  readonly cluster: SideName;
  /** For a sentence: `/data (nfs4)`, `s3a://bucket`, `an object store or another host`. */
  readonly name: string;
  readonly bytesPerSecond: number;
  readonly localBytesPerSecond: number;
}

/** Schemes of Hadoop's file systems that are object stores. */
const OBJECT_STORE = /^(s3[an]?|gs|abfss?|wasbs?|adls?|oss|cosn?|obs|swift|o3fs|ofs):/;
/** Of what a host receives and its disks move, the least part that must be the network's. */
const MOSTLY = 0.8;
/** Of the traffic, the part that comes in. */
const ONE_WAY = 0.75;

/** The storage that the side reads and writes over the network, where its disks have little to do. */
export function remoteStorage(
  cluster: SideName,
  side: Side,
  facts: SideFacts,
  limits: Thresholds,
): RemoteStorage | undefined {
  const byClient = overHosts(facts, "remoteBytes");
  const exchanged = overHosts(facts, "linkBytes");
  const bytesPerSecond = byClient >= limits["remote-storage-from"] ? byClient : exchanged;
  const moved = overHosts(facts, "diskBytes");
  const localBytesPerSecond = moved === moved ? moved : 0;
  const part = bytesPerSecond / (bytesPerSecond + localBytesPerSecond);
  if (!(bytesPerSecond >= limits["remote-storage-from"]) || part < MOSTLY) return undefined;
  if (overHosts(facts, "diskUse") >= limits["remote-storage-local"]) return undefined;
  const names = [
    ...new Set(
      side.hosts.flatMap(({ remoteMounts, description }) => [
        ...remoteMounts,
        ...objectStores(description.inventory),
      ]),
    ),
  ].sort();
  // Peers of one cluster give as much as they take; a store is read from, mostly.
  const received = overHosts(facts, "linkBytesReceived");
  const given = received >= ONE_WAY * exchanged && received >= 10 * limits["remote-storage-from"];
  if (names.length === 0 && !given) return undefined;
  const name = names.length > 0 ? names.slice(0, 3).join(", ") : "an object store or another host";
  return { cluster, name, bytesPerSecond, localBytesPerSecond };
}

function objectStores(inventory: Readonly<Record<string, unknown>>): string[] {
  const hadoop = inventory["hadoop"] as { settings?: Record<string, unknown> } | undefined;
  const core = hadoop?.settings?.["core"] as Record<string, unknown> | undefined;
  const root = core?.["fs.defaultFS"];
  return typeof root === "string" && OBJECT_STORE.test(root) ? [root] : [];
}

export function remoteStorageFinding(
  storage: RemoteStorage,
  facts: BySide<SideFacts>,
  context: EvidenceContext,
): Finding {
  const { cluster, name, localBytesPerSecond } = storage;
  const value = (side: SideName) => {
    const bytes = overHosts(facts[side], "linkBytes");
    return bytes === bytes ? bytes : null;
  };
  const baseline = value("baseline");
  const candidate = value("candidate");
  const text = (bytes: number | null) =>
    bytes === null ? "an unknown amount" : counterText(bytes, "Bytes/sec");
  return {
    id: "network-remote-storage",
    rule: "network-remote-storage",
    resource: "network",
    severity: "warning",
    cluster,
    hosts: [],
    counter: "\\\\*\\Network Interface(_Total)\\Bytes Total/sec",
    baseline,
    candidate,
    ratio: baseline !== null && baseline > 0 && candidate !== null ? candidate / baseline : null,
    interval: null,
    score: 60,
    message: `The storage is at the other end of the network (${name}): a host exchanged ${text(baseline)} in the baseline and ${text(candidate)} in the candidate, while its own disks moved ${text(localBytesPerSecond)}.`,
    why: "Local disks are idle and CPUs wait: what is read and written lies with a server or a service, and its answers come over the network.",
    next: "Compare the throughput and latency of that storage from a host of each side, its limits and its region; then the network on the way.",
    sql: measureSql("linkBytes", "mean", context),
  };
}
