/** The mappings of all tools, by the tool's id. */
import { freeMapping } from "./free.ts";
import { ifstatMapping } from "./ifstat.ts";
import { iostatMapping } from "./iostat.ts";
import { iotopMapping } from "./iotop.ts";
import type { ToolMapping } from "./mapping.ts";
import { mpstatMapping } from "./mpstat.ts";
import { pidstatMapping } from "./pidstat.ts";
import { sadfMapping } from "./sadf.ts";
import { sarMapping } from "./sar.ts";
import { topMapping } from "./top.ts";
import { vmstatMapping } from "./vmstat.ts";

const MAPPINGS: ReadonlyMap<string, ToolMapping> = new Map(
  [
    freeMapping,
    ifstatMapping,
    iostatMapping,
    iotopMapping,
    mpstatMapping,
    pidstatMapping,
    sadfMapping,
    sarMapping,
    topMapping,
    vmstatMapping,
  ].map((mapping) => [mapping.tool, mapping]),
);

/** @param tool `Tool.id`; of a tool without a mapping everything is imported as it is */
export function mappingOf(tool: string): ToolMapping {
  return MAPPINGS.get(tool) ?? { tool, tables: [] };
}
