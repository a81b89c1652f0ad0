/** From a host's raw signals to its measures. */
import {
  add,
  around,
  between,
  divide,
  host,
  ifAtLeast,
  max,
  min,
  multiply,
  orZero,
  rampOf,
  subtract,
  value,
  type Formula,
} from "./formula.ts";
import type { MeasureId, PsiUse } from "./measures.ts";
import type { SignalId } from "./signals.ts";
import type { Thresholds } from "./thresholds.ts";

const PAGE_BYTES = 4096;
/** Loss comes in bursts that outlast a second: it is judged over so many buckets to each side. */
const LOSS_WINDOW = 2;
/** Fewer segments per second tell no share. */
const FEWEST_SEGMENTS = 20;

/**
 * Each measure's formula.
 *
 * @param has which signals the host has: what it lacks may have a substitute
 */
export function measureFormulas(
  psi: PsiUse,
  limits: Thresholds,
  has: (id: SignalId) => boolean,
): Record<MeasureId, Formula> {
  const sum = (...ids: SignalId[]): Formula => add(...ids.map((id) => orZero(id)));
  const percentOf = (share: Formula): Formula => multiply(100, share);

  const cpuUse = has("idle")
    ? between(subtract(subtract(100, "idle"), sum("ioWait", "steal")), 0, 100)
    : between(subtract("busy", orZero("steal")), 0, 100);
  // The reader of the run queue is itself in it.
  const queue = max(0, subtract("running", 1));
  const gap = subtract(100, "accounted");
  const missing = multiply(
    min(gap, 100),
    rampOf(gap, limits["missing-from"], limits["missing-fully"]),
  );
  const diskStall = psi.io
    ? value("ioSome")
    : min(100, max(orZero(multiply("ioWait", host("cpus"))), orZero(multiply("blocked", 100))));
  const swapTraffic = sum("swappedIn", "swappedOut");
  const missed = ifAtLeast("refaultsFile", limits["fewest-refaults"], "refaultsFile");
  const pagingBytes = multiply(PAGE_BYTES, add(swapTraffic, missed));
  const moved = max(sum("pagedIn", "pagedOut"), orZero("diskBytes"), 1);
  const pagingPart = ifAtLeast(
    pagingBytes,
    limits["fewest-paging-bytes"],
    min(1, divide(pagingBytes, moved)),
  );
  const byPaging = multiply(pagingPart, orZero(diskStall));
  const faults = multiply(
    max(orZero("swappedIn"), orZero("majorFaults")),
    limits["fault-cost"] / 1000,
  );
  const reclaimed = add(
    faults,
    multiply(orZero("allocationStalls"), limits["allocation-stall-cost"] / 1000),
    divide(orZero("reclaimer"), 100),
  );
  const estimated = ifAtLeast(
    "swappedIn",
    limits["fewest-swap-ins"],
    percentOf(between(reclaimed, 0, 1)),
  );
  const sent = around("segmentsSent", LOSS_WINDOW);
  const again = orZero(around("retransmitted", LOSS_WINDOW));
  const retransmitted = ifAtLeast(
    sent,
    FEWEST_SEGMENTS,
    min(100, divide(percentOf(again), max(sent, 1))),
  );
  const drops = sum("linkDrops", "backlogDrops");
  const dropped = ifAtLeast(
    drops,
    limits["fewest-drops"],
    divide(percentOf(drops), max(orZero("packets"), drops, 1)),
  );
  // A sample sees an instant: only several of them tell a share.
  const sending = between(around("sending", LOSS_WINDOW), 0, 1);
  const sendStall = percentOf(sending);
  const networkStall = percentOf(
    max(
      orZero(sending),
      rampOf("linkUse", limits["link-full-from"], limits["link-full-at"]),
      rampOf(retransmitted, limits["lost-segments-from"], limits["lost-segments-fully"]),
      rampOf(dropped, limits["dropped-packets-from"], limits["dropped-packets-fully"]),
      between(multiply(orZero("timeouts"), limits["retransmission-timeout"] / 1000), 0, 1),
    ),
  );
  const cpus = host("cpus");
  return {
    cpuUse,
    cpuWait: psi.cpu
      ? value("cpuSome")
      : percentOf(between(divide(subtract(queue, cpus), cpus), 0, 1)),
    queuePerCpu: divide(queue, cpus),
    hottestCpu: value("hottestCpu"),
    quotaStop: min("quotaStop", 100),
    privilegedUse: value("privileged"),
    steal: value("steal"),
    missing,
    stolen: min(100, add(orZero("steal"), orZero(missing))),
    memoryUse: subtract(100, divide(multiply(100, "available"), host("memoryBytes"))),
    memoryStall: psi.memory ? max("memorySome", byPaging) : max(byPaging, estimated),
    swapTraffic,
    pagingBytes,
    directScans: value("scannedDirectly"),
    majorFaults: value("majorFaults"),
    oomKills: value("oomKills"),
    ioWait: value("ioWait"),
    diskStall,
    diskUse: value("diskTime"),
    diskBytes: value("diskBytes"),
    diskLatency: multiply(1000, "diskLatency"),
    diskQueue: value("diskQueue"),
    linkUse: value("linkUse"),
    linkBytes: value("linkBytes"),
    linkBytesReceived: value("linkBytesReceived"),
    remoteBytes: sum("remoteRead", "remoteWritten"),
    sendStall,
    networkStall,
    retransmitted,
    timeouts: value("timeouts"),
    linkErrors: value("linkErrors"),
    linkDrops: value("linkDrops"),
    listenOverflows: value("listenOverflows"),
    agentUse: value("agentBusy"),
  };
}

/** Without any of these signals a host lacks the measure; of others it needs any of its formula's. */
const NEEDS: Readonly<Partial<Record<MeasureId, readonly SignalId[]>>> = {
  missing: ["accounted"],
  stolen: ["steal", "accounted"],
  diskStall: ["ioSome", "ioWait", "blocked"],
  memoryStall: ["memorySome", "swappedIn", "refaultsFile"],
  pagingBytes: ["swappedIn", "swappedOut", "refaultsFile"],
  retransmitted: ["retransmitted"],
  networkStall: ["linkUse", "retransmitted", "linkDrops", "timeouts", "sending"],
};

export function neededFor(id: MeasureId, signals: readonly SignalId[]): readonly SignalId[] {
  return NEEDS[id] ?? signals;
}
