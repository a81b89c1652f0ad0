/** Where iotop's numbers go. The parser has made bytes of them. */
import type { ToolMapping } from "./mapping.ts";
import { targets } from "./targets.ts";

const ATTRIBUTES: readonly string[] = ["PRIO", "USER", "COMMAND"];

export const iotopMapping: ToolMapping = {
  tool: "iotop",
  tables: [
    {
      table: "total",
      // Read from the kernel's count of bytes paged in and out, which is what Paging has.
      columns: targets("Paging", {
        "Current DISK READ": "Bytes Paged In/sec",
        "Current DISK WRITE": "Bytes Paged Out/sec",
      }),
    },
    {
      table: "process",
      columns: targets("Process", {
        "DISK READ": "IO Read Bytes/sec",
        "DISK WRITE": "IO Write Bytes/sec",
        IO: "% Block IO Delay Time",
      }),
      attributes: ATTRIBUTES,
    },
    { table: "thread", columns: {}, attributes: ATTRIBUTES },
  ],
};
