/**
 * Where sar's numbers go; those of sadf too, which prints the same tables.
 */
import { cpuInstance, realInterface, virtualInterface } from "./instances.ts";
import type { ColumnTarget, DerivedTarget, TableMapping, ToolMapping } from "./mapping.ts";
import { processorTime } from "./processor-time.ts";
import { SAR_DISK_TABLES } from "./sar-disk.ts";
import { SAR_NETWORK_TABLES } from "./sar-network.ts";
import { KIB, sumOf, targets } from "./targets.ts";

const NETWORK = {
  "rxpck/s": "Packets Received/sec",
  "txpck/s": "Packets Sent/sec",
  "rxkB/s": ["Bytes Received/sec", KIB],
  "txkB/s": ["Bytes Sent/sec", KIB],
  // Before sysstat 9.
  "rxbyt/s": "Bytes Received/sec",
  "txbyt/s": "Bytes Sent/sec",
  "rxmcst/s": "Multicast Received/sec",
} as const;

const NETWORK_ERRORS = {
  "rxerr/s": "Receive Errors/sec",
  "txerr/s": "Transmit Errors/sec",
  "coll/s": "Collisions/sec",
  "rxdrop/s": "Receive Drops/sec",
  "txdrop/s": "Transmit Drops/sec",
  "txcarr/s": "Transmit Carrier Errors/sec",
  "rxfram/s": "Receive Frame Errors/sec",
  "rxfifo/s": "Receive Overruns/sec",
  "txfifo/s": "Transmit Overruns/sec",
} as const;

const SWAP = {
  kbswpfree: ["Swap Free Bytes", KIB],
  "%swpused": "% Swap Used",
  kbswpcad: ["Swap Cached Bytes", KIB],
} as const;

const SWAP_TOTAL = sumOf("Memory", "Swap Total Bytes", ["kbswpfree", "kbswpused"], KIB);

const trafficOf = (object: string): readonly DerivedTarget[] => [
  sumOf(object, "Bytes Total/sec", ["rxkB/s", "txkB/s"], KIB),
  sumOf(object, "Bytes Total/sec", ["rxbyt/s", "txbyt/s"]),
  sumOf(object, "Packets/sec", ["rxpck/s", "txpck/s"]),
];

/** Averages end in the number of their seconds; the one without is of the interval. */
function pressure(
  resource: string,
  letters: readonly (readonly [prefix: string, kind: string])[],
): TableMapping {
  const columns: Record<string, ColumnTarget> = {};
  for (const [prefix, kind] of letters) {
    for (const seconds of ["10", "60", "300"]) {
      columns[`${prefix}-${seconds}`] = {
        object: "Pressure",
        counter: `% ${kind} Stall Average ${seconds} s`,
      };
    }
    columns[prefix] = { object: "Pressure", counter: `% ${kind} Stall Time` };
  }
  return { table: `psi-${resource}`, instance: () => resource, columns };
}

const TABLES: readonly TableMapping[] = [
  {
    table: "cpu",
    instance: cpuInstance,
    columns: targets("Processor", {
      "%user": "% User Time",
      "%usr": "% User Time",
      "%nice": "% Nice Time",
      // %system holds interrupts, too, and is no counter of ours.
      "%sys": "% Privileged Time",
      "%iowait": "% IO Wait Time",
      "%steal": "% Steal Time",
      "%irq": "% Interrupt Time",
      "%soft": "% Softirq Time",
      "%guest": "% Guest Time",
      "%gnice": "% Guest Nice Time",
      "%idle": "% Idle Time",
    }),
    derived: [processorTime("%idle", "%iowait", "%steal")],
  },
  {
    table: "tasks",
    columns: targets("System", {
      "proc/s": "Process Creations/sec",
      "cswch/s": "Context Switches/sec",
    }),
  },
  { table: "interrupts-total", columns: targets("System", { "intr/s": "Interrupts/sec" }) },
  {
    table: "swapping",
    columns: targets("Paging", {
      "pswpin/s": "Pages Swapped In/sec",
      "pswpout/s": "Pages Swapped Out/sec",
    }),
  },
  {
    table: "paging",
    columns: targets("Paging", {
      "pgpgin/s": ["Bytes Paged In/sec", KIB],
      "pgpgout/s": ["Bytes Paged Out/sec", KIB],
      "fault/s": "Page Faults/sec",
      "majflt/s": "Major Page Faults/sec",
      "pgfree/s": "Pages Freed/sec",
      "pgscank/s": "Pages Scanned by kswapd/sec",
      "pgscand/s": "Pages Scanned Directly/sec",
    }),
  },
  {
    table: "memory",
    columns: targets("Memory", {
      kbmemfree: ["Free Bytes", KIB],
      kbavail: ["Available Bytes", KIB],
      kbbuffers: ["Buffers Bytes", KIB],
      kbcached: ["Cache Bytes", KIB],
      kbcommit: ["Committed Bytes", KIB],
      kbactive: ["Active Bytes", KIB],
      kbinact: ["Inactive Bytes", KIB],
      kbdirty: ["Dirty Bytes", KIB],
      kbanonpg: ["Anonymous Bytes", KIB],
      kbslab: ["Kernel Slab Bytes", KIB],
      kbkstack: ["Kernel Stack Bytes", KIB],
      kbpgtbl: ["Page Table Bytes", KIB],
      kbvmused: ["Kernel Virtual Allocation Bytes", KIB],
      // Before sysstat 9 swap was in this table.
      ...SWAP,
    }),
    derived: [SWAP_TOTAL],
  },
  { table: "swap", columns: targets("Memory", SWAP), derived: [SWAP_TOTAL] },
  {
    table: "queue",
    columns: targets("System", {
      "plist-sz": "Threads",
      "ldavg-1": "Load Average 1 min",
      "ldavg-5": "Load Average 5 min",
      "ldavg-15": "Load Average 15 min",
      blocked: "Processes Blocked",
    }),
    // sar takes itself off the number of runnable tasks, which ours does not.
    derived: ["Processor Queue Length", "Threads Runnable"].map((counter) => ({
      object: "System",
      counter,
      from: ["runq-sz"],
      value: (others) => others + 1,
    })),
  },
  ...SAR_DISK_TABLES,
  {
    table: "network",
    instance: realInterface,
    columns: targets("Network Interface", NETWORK),
    derived: [
      ...trafficOf("Network Interface"),
      {
        object: "Network Interface",
        counter: "% Utilization",
        from: ["%ifutil", "rxpck/s", "txpck/s"],
        // 0 with traffic: the speed of the link is not known.
        value: (used, received, sent) => (used === 0 && received + sent > 0 ? undefined : used),
      },
    ],
  },
  {
    table: "network",
    instance: virtualInterface,
    columns: targets("Virtual Network Interface", NETWORK),
    derived: trafficOf("Virtual Network Interface"),
  },
  {
    table: "network-errors",
    instance: realInterface,
    columns: targets("Network Interface", NETWORK_ERRORS),
  },
  {
    table: "network-errors",
    instance: virtualInterface,
    columns: targets("Virtual Network Interface", NETWORK_ERRORS),
  },
  ...SAR_NETWORK_TABLES,
  pressure("cpu", [["%scpu", "Some"]]),
  pressure("io", [
    ["%sio", "Some"],
    ["%fio", "Full"],
  ]),
  pressure("memory", [
    ["%smem", "Some"],
    ["%fmem", "Full"],
  ]),
  { table: "restart", columns: targets("System", { CPU: "Processors Online" }) },
  { table: "comment", columns: {}, attributes: ["COM"] },
  { table: "fan", columns: {}, attributes: ["DEVICE"] },
  { table: "temperature", columns: {}, attributes: ["DEVICE"] },
  { table: "voltage", columns: {}, attributes: ["DEVICE"] },
  { table: "usb", columns: {}, attributes: ["idvendor", "idprod", "manufact", "product"] },
  { table: "battery", columns: {}, attributes: ["status"] },
];

export const sarMapping: ToolMapping = { tool: "sar", tables: TABLES };
