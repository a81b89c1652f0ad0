/** Where top's numbers go. The parser has made KiB and seconds of them. */
import type { ToolMapping } from "./mapping.ts";
import { cpuInstance } from "./instances.ts";
import { processorTime } from "./processor-time.ts";
import { KIB, targets } from "./targets.ts";

const ATTRIBUTES: readonly string[] = (
  "PPID UID USER RUID RUSER SUID SUSER GID GROUP PGRP TTY TPGID SID P COMMAND WCHAN Flags CGROUPS SUPGIDS SUPGRPS TGID ENVIRON " +
  "nsIPC nsMNT nsNET nsPID nsUSER nsUTS nsCGROUP nsTIME LXC CGNAME NU LOGID EXE AGID STARTED"
).split(" ");

export const topMapping: ToolMapping = {
  tool: "top",
  tables: [
    {
      table: "host",
      columns: targets("System", {
        up: "System Up Time",
        "load 1 min": "Load Average 1 min",
        "load 5 min": "Load Average 5 min",
        "load 15 min": "Load Average 15 min",
        // Busybox.
        running: "Threads Runnable",
        total: "Threads",
      }),
    },
    { table: "tasks", columns: targets("System", { total: "Processes" }) },
    { table: "threads", columns: targets("System", { total: "Threads" }) },
    {
      table: "cpu",
      instance: cpuInstance,
      columns: targets("Processor", {
        us: "% User Time",
        sy: "% Privileged Time",
        ni: "% Nice Time",
        id: "% Idle Time",
        wa: "% IO Wait Time",
        hi: "% Interrupt Time",
        si: "% Softirq Time",
        st: "% Steal Time",
        // Busybox.
        usr: "% User Time",
        sys: "% Privileged Time",
        nic: "% Nice Time",
        idle: "% Idle Time",
        io: "% IO Wait Time",
        irq: "% Interrupt Time",
        sirq: "% Softirq Time",
      }),
      // Not of busybox, which does not print what was stolen.
      derived: [processorTime("id", "wa", "st")],
    },
    {
      table: "memory",
      columns: targets("Memory", {
        total: ["Total Bytes", KIB],
        free: ["Free Bytes", KIB],
        "buff/cache": ["Buffers and Cache Bytes", KIB],
        buffers: ["Buffers Bytes", KIB],
        shrd: ["Shared Memory Bytes", KIB],
        buff: ["Buffers Bytes", KIB],
        cached: ["Cache Bytes", KIB],
      }),
    },
    {
      table: "swap",
      columns: targets("Memory", {
        total: ["Swap Total Bytes", KIB],
        free: ["Swap Free Bytes", KIB],
        "avail Mem": ["Available Bytes", KIB],
        cached: ["Cache Bytes", KIB],
      }),
    },
    { table: "memory-graph", columns: targets("Memory", { total: ["Total Bytes", KIB] }) },
    { table: "swap-graph", columns: targets("Memory", { total: ["Swap Total Bytes", KIB] }) },
    {
      table: "process",
      columns: targets("Process", {
        PR: "Priority",
        NI: "Nice",
        VIRT: ["Virtual Bytes", KIB],
        RES: ["Working Set", KIB],
        SHR: ["Shared Bytes", KIB],
        SWAP: ["Swap Bytes", KIB],
        S: "State",
        "%CPU": "% Processor Time",
        "%MEM": "% Memory",
        "TIME+": "CPU Time",
        TIME: "CPU Time",
        nTH: "Thread Count",
        ELAPSED: "Elapsed Time",
      }),
      attributes: ATTRIBUTES,
    },
    // One instance of Process is one process: threads have no counters of ours.
    { table: "thread", columns: {}, attributes: ATTRIBUTES },
    {
      table: "busybox-process",
      // Its %CPU is a share of all CPUs together: no counter of ours.
      columns: targets("Process", { STAT: "State", VSZ: ["Virtual Bytes", KIB] }),
      attributes: ["PPID", "USER", "CPU", "COMMAND"],
    },
  ],
};
