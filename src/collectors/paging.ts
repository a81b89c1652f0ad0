import { type CounterObject, counterFields, gaugeFields } from "../counter/declaration.ts";
import { buddyinfoTable } from "../procfs/buddyinfo.ts";
import { isVmstatCounter, vmstatTable } from "../procfs/vmstat.ts";
import type { Collector } from "./collector.ts";
import { PAGING_ADVANCED_COUNTERS, PAGING_ADVANCED_FIELDS } from "./paging-advanced-counters.ts";
import { PAGING_COUNTERS, PAGING_FIELDS } from "./paging-counters.ts";
import { tableCollector } from "./table-collector.ts";

const object: CounterObject = {
  name: "Paging",
  help:
    "The virtual memory subsystem at work: page faults, paging and swapping, reclaim, huge pages. " +
    "Read it top down: swapping in and refaults mean that memory in use does not fit; direct scans " +
    "and allocation stalls mean that programs wait for it.",
  instances: "none",
  cadence: "every-sample",
  groups: [
    {
      id: "vmstat",
      fields: [
        ...PAGING_FIELDS,
        ...counterFields(PAGING_ADVANCED_FIELDS.counters.split(" ")),
        ...gaugeFields(PAGING_ADVANCED_FIELDS.gauges.split(" ")),
      ],
    },
  ],
  counters: [...PAGING_COUNTERS, ...PAGING_ADVANCED_COUNTERS],
};

/** Paging, reclaim, faults: everything in /proc/vmstat and /proc/buddyinfo. */
export const paging: Collector = tableCollector(
  object,
  [
    { file: "vmstat", manner: "pieces", makeTable: vmstatTable, fieldOf: (name) => name },
    // Free blocks per zone and order: how fragmented memory is. Memory Zone has counters of them.
    { file: "buddyinfo", manner: "pieces", makeTable: buddyinfoTable, fieldOf: (name) => name },
  ],
  {
    kindOf: (field) => (isVmstatCounter(field) ? "counter" : "gauge"),
    // Kernels count some events per memory zone, since 4.8 or 4.10, or did so before 4.8.
    sums: {
      allocstall: /^allocstall_/,
      pgalloc: /^pgalloc_/,
      pgscan_kswapd: /^pgscan_kswapd_/,
      pgscan_direct: /^pgscan_direct_(?!throttle)/,
      pgsteal_kswapd: /^pgsteal_kswapd_/,
      pgsteal_direct: /^pgsteal_direct_/,
      pgrefill: /^pgrefill_/,
      // Not per zone but in two kinds since 5.9.
      workingset_refault: /^workingset_refault_/,
    },
  },
);
