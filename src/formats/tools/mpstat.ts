/**
 * mpstat's columns. Interrupts of a single CPU, by kind, and shares of a NUMA node have no counter
 * here.
 */
import type { DerivedTarget, ToolMapping } from "./mapping.ts";
import { processorTime } from "./processor-time.ts";

const share = (counter: string) => ({ object: "Processor", counter });

const softirqs = (poll: string): DerivedTarget => ({
  object: "Processor",
  counter: "Softirqs/sec",
  from: [
    "HI",
    "TIMER",
    "NET_TX",
    "NET_RX",
    "BLOCK",
    poll,
    "TASKLET",
    "SCHED",
    "HRTIMER",
    "RCU",
  ].map((kind) => `${kind}/s`),
  value: (...rates) => rates.reduce((total, rate) => total + rate, 0),
});

export const mpstatMapping: ToolMapping = {
  tool: "mpstat",
  tables: [
    {
      table: "cpu",
      columns: {
        "%usr": share("% User Time"),
        "%user": share("% User Time"),
        "%nice": share("% Nice Time"),
        "%sys": share("% Privileged Time"),
        "%system": share("% Privileged Time"),
        "%iowait": share("% IO Wait Time"),
        "%irq": share("% Interrupt Time"),
        "%soft": share("% Softirq Time"),
        "%steal": share("% Steal Time"),
        "%guest": share("% Guest Time"),
        "%gnice": share("% Guest Nice Time"),
        "%idle": share("% Idle Time"),
      },
      derived: [processorTime("%idle", "%iowait", "%steal")],
      instance: (cpu) => (cpu === "all" ? "_Total" : cpu),
      attributes: ["CORE", "SOCK", "NODE"],
    },
    {
      table: "interrupts",
      columns: { "intr/s": { object: "System", counter: "Interrupts/sec" } },
      instance: () => "",
    },
    {
      table: "softirqs",
      columns: {
        "NET_RX/s": share("Network Receive Softirqs/sec"),
        "BLOCK/s": share("Block Softirqs/sec"),
      },
      // Linux 4.5 renamed one kind.
      derived: [softirqs("IRQ_POLL"), softirqs("BLOCK_IOPOLL")],
    },
  ],
};
