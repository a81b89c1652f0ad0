/** Counters of deferred interrupt work by kind, for each CPU (`Processor`) and for all (`System`). */
import type { Counter } from "../counter/declaration.ts";
import type { SOFTIRQS } from "../procfs/stat.ts";
import type { CounterParts, Declare } from "./declare.ts";

type Kind = (typeof SOFTIRQS)[number];

/** [kind, name, help, what else]. The two that matter most first. */
const ROWS: readonly (readonly [Kind, string, string, CounterParts?])[] = [
  [
    "net_tx",
    "Network Transmit Softirqs/sec",
    "Rounds of sending packets that had to wait, and of freeing those that were sent.",
    { resource: "network" },
  ],
  [
    "timer",
    "Timer Softirqs/sec",
    "Rounds of the kernel's timers that had expired (time-outs of connections and devices).",
  ],
  ["hrtimer", "High Resolution Timer Softirqs/sec", "Rounds of timers of high resolution."],
  [
    "sched",
    "Scheduler Softirqs/sec",
    "Rounds of balancing tasks among CPUs. Many beside idle CPUs: short tasks that come in bursts.",
  ],
  [
    "rcu",
    "RCU Softirqs/sec",
    "Rounds of freeing kernel objects that nobody reads any more (read-copy-update).",
  ],
  [
    "tasklet",
    "Tasklet Softirqs/sec",
    "Rounds of small work deferred by drivers: USB, older network and storage cards.",
  ],
  ["hi", "High Priority Softirqs/sec", "Rounds of urgent work deferred by drivers."],
  [
    "irq_poll",
    "Interrupt Poll Softirqs/sec",
    "Rounds of polling storage cards that would otherwise interrupt too often.",
    { resource: "disk" },
  ],
];

/**
 * @param declare of the object, with what its softirq counters share
 * @param fieldOf the object's field for a kind
 */
export function softirqCounters(declare: Declare, fieldOf: (kind: Kind) => string): Counter[] {
  return ROWS.map(([kind, name, help, parts]) => {
    const tool = `mpstat -I SCPU ${kind.toUpperCase()}/s`;
    return declare(name, fieldOf(kind), help, { equivalents: [tool], ...parts });
  });
}
