/** From a host's raw signals to its measures, bucket by bucket. */
import type { MeasureColumns, PsiUse } from "./measures.ts";
import type { HostColumns } from "./side.ts";
import type { SignalId } from "./signals.ts";
import { clamp, ramp } from "./statistics/round.ts";
import { DEFAULT_THRESHOLDS, type Thresholds } from "./thresholds.ts";

const PAGE_BYTES = 4096;
/** Loss comes in bursts that outlast a second: it is judged over so many buckets to each side. */
const LOSS_WINDOW = 2;
/** Fewer segments per second tell no share. */
const FEWEST_SEGMENTS = 20;

/** All measures of a host; one whose signals the host lacks is absent. */
export function measureHost(
  host: HostColumns,
  psi: PsiUse,
  limits: Thresholds = DEFAULT_THRESHOLDS,
): MeasureColumns {
  const length = Math.max(0, ...[...host.signals.values()].map((column) => column.length));
  const signal = (id: SignalId) => host.signals.get(id);
  const at = (id: SignalId, bucket: number) => host.signals.get(id)?.[bucket] ?? NaN;
  const sum = (bucket: number, ...ids: SignalId[]) =>
    ids.reduce((total, id) => total + or0(at(id, bucket)), 0);
  const column = (needs: readonly SignalId[], valueAt: (bucket: number) => number) =>
    needs.some((id) => signal(id))
      ? Float64Array.from({ length }, (_, b) => valueAt(b))
      : undefined;

  const cpuUse = column(["busy", "idle"], (b) => {
    const idle = at("idle", b);
    return idle === idle
      ? clamp(100 - idle - sum(b, "ioWait", "steal"), 0, 100)
      : clamp(at("busy", b) - or0(at("steal", b)), 0, 100);
  });
  // The reader of the run queue is itself in it.
  const queue = (b: number) => Math.max(0, at("running", b) - 1);
  const missing = column(["accounted"], (b) => {
    const gap = 100 - at("accounted", b);
    return gap === gap
      ? Math.min(gap, 100) * ramp(gap, limits["missing-from"], limits["missing-fully"])
      : NaN;
  });
  const diskStall = column(["ioSome", "ioWait", "blocked"], (b) => {
    if (psi.io) return at("ioSome", b);
    const waiting = at("ioWait", b) * host.cpus;
    const blocked = 100 * at("blocked", b);
    return Math.min(100, Math.max(or0(waiting), or0(blocked)));
  });
  const pagingBytes = column(["swappedIn", "swappedOut", "refaultsFile"], (b) => {
    const refaults = or0(at("refaultsFile", b));
    const missed = refaults >= limits["fewest-refaults"] ? refaults : 0;
    return PAGE_BYTES * (sum(b, "swappedIn", "swappedOut") + missed);
  });
  const paging = (b: number) => {
    const paged = pagingBytes?.[b] ?? 0;
    const moved = Math.max(sum(b, "pagedIn", "pagedOut"), or0(at("diskBytes", b)), 1);
    return paged >= limits["fewest-paging-bytes"] ? clamp(paged / moved) : 0;
  };
  const memoryStall = column(["memorySome", "swappedIn", "refaultsFile"], (b) => {
    const byPaging = paging(b) * or0(diskStall?.[b] ?? 0);
    if (psi.memory) return Math.max(at("memorySome", b), byPaging);
    const swapIns = or0(at("swappedIn", b));
    if (swapIns < limits["fewest-swap-ins"]) return byPaging;
    const faults = (Math.max(swapIns, or0(at("majorFaults", b))) * limits["fault-cost"]) / 1000;
    const stalls = (or0(at("allocationStalls", b)) * limits["allocation-stall-cost"]) / 1000;
    const reclaim = or0(at("reclaimer", b)) / 100;
    return Math.max(byPaging, 100 * clamp(faults + stalls + reclaim));
  });
  const retransmitted = column(["retransmitted"], (b) => {
    let sent = 0;
    let again = 0;
    let buckets = 0;
    for (let i = Math.max(0, b - LOSS_WINDOW); i <= b + LOSS_WINDOW && i < length; i++) {
      sent += or0(at("segmentsSent", i));
      again += or0(at("retransmitted", i));
      buckets++;
    }
    return sent >= FEWEST_SEGMENTS * buckets ? Math.min(100, (100 * again) / sent) : 0;
  });
  const lossStall = (b: number) => {
    const drops = sum(b, "linkDrops", "backlogDrops");
    const dropped =
      drops >= limits["fewest-drops"] ? (100 * drops) / Math.max(at("packets", b), drops) : 0;
    return Math.max(
      ramp(retransmitted?.[b] ?? NaN, limits["lost-segments-from"], limits["lost-segments-fully"]),
      ramp(dropped, limits["dropped-packets-from"], limits["dropped-packets-fully"]),
      clamp((or0(at("timeouts", b)) * limits["retransmission-timeout"]) / 1000),
    );
  };
  const columns = {
    cpuUse,
    cpuWait: column(["cpuSome", "running"], (b) =>
      psi.cpu ? at("cpuSome", b) : 100 * clamp((queue(b) - host.cpus) / host.cpus),
    ),
    queuePerCpu: column(["running"], (b) => queue(b) / host.cpus),
    hottestCpu: signal("hottestCpu"),
    quotaStop: column(["quotaStop"], (b) => Math.min(100, at("quotaStop", b))),
    privilegedUse: signal("privileged"),
    steal: signal("steal"),
    missing,
    stolen: column(["steal", "accounted"], (b) =>
      Math.min(100, or0(at("steal", b)) + or0(missing?.[b] ?? 0)),
    ),
    memoryUse: column(["available"], (b) => 100 - (100 * at("available", b)) / host.memoryBytes),
    memoryStall,
    swapTraffic: column(["swappedIn", "swappedOut"], (b) => sum(b, "swappedIn", "swappedOut")),
    pagingBytes,
    directScans: signal("scannedDirectly"),
    majorFaults: signal("majorFaults"),
    oomKills: signal("oomKills"),
    ioWait: signal("ioWait"),
    diskStall,
    diskUse: signal("diskTime"),
    diskBytes: signal("diskBytes"),
    diskLatency: column(["diskLatency"], (b) => 1000 * at("diskLatency", b)),
    diskQueue: signal("diskQueue"),
    linkUse: signal("linkUse"),
    linkBytes: signal("linkBytes"),
    linkBytesReceived: signal("linkBytesReceived"),
    remoteBytes: column(["remoteRead", "remoteWritten"], (b) =>
      sum(b, "remoteRead", "remoteWritten"),
    ),
    networkStall: column(
      ["linkUse", "retransmitted", "linkDrops", "timeouts"],
      (b) =>
        100 *
        Math.max(
          ramp(at("linkUse", b), limits["link-full-from"], limits["link-full-at"]),
          lossStall(b),
        ),
    ),
    retransmitted,
    timeouts: signal("timeouts"),
    linkErrors: signal("linkErrors"),
    linkDrops: signal("linkDrops"),
    listenOverflows: signal("listenOverflows"),
    agentUse: signal("agentBusy"),
  };
  return Object.fromEntries(Object.entries(columns).filter(([, values]) => values !== undefined));
}

function or0(value: number): number {
  return value === value ? value : 0;
}
