/**
 * vmstat's columns. Not mapped: `us` (has the nice processes in it), `sy` (has the interrupts in
 * it), `cache` (slab that can be reclaimed is part of it since procps 3.3.10, and nothing tells),
 * `swpd` (no counter of used swap in bytes).
 */
import type { ToolMapping } from "./mapping.ts";
import { processorTime } from "./processor-time.ts";

const KIB = 1024;
/** KiB per page on x86 and most ARM; hosts with pages of 64 KiB show 16 times too many. */
const KIB_PER_PAGE = 4;

export const vmstatMapping: ToolMapping = {
  tool: "vmstat",
  tables: [
    {
      table: "system",
      columns: {
        r: { object: "System", counter: "Processor Queue Length" },
        b: { object: "System", counter: "Processes Blocked" },
        free: { object: "Memory", counter: "Free Bytes", scale: KIB },
        buff: { object: "Memory", counter: "Buffers Bytes", scale: KIB },
        inact: { object: "Memory", counter: "Inactive Bytes", scale: KIB },
        active: { object: "Memory", counter: "Active Bytes", scale: KIB },
        si: { object: "Paging", counter: "Pages Swapped In/sec", scale: 1 / KIB_PER_PAGE },
        so: { object: "Paging", counter: "Pages Swapped Out/sec", scale: 1 / KIB_PER_PAGE },
        bi: { object: "Paging", counter: "Bytes Paged In/sec", scale: KIB },
        bo: { object: "Paging", counter: "Bytes Paged Out/sec", scale: KIB },
        in: { object: "System", counter: "Interrupts/sec" },
        cs: { object: "System", counter: "Context Switches/sec" },
      },
    },
    {
      table: "system",
      columns: {
        id: { object: "Processor", counter: "% Idle Time" },
        wa: { object: "Processor", counter: "% IO Wait Time" },
        st: { object: "Processor", counter: "% Steal Time" },
      },
      derived: [processorTime("id", "wa", "st")],
      instance: () => "_Total",
    },
  ],
};
