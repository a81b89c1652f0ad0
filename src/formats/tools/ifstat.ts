/**
 * The columns of the two ifstats. Not mapped: all of iproute2's, whose counts are of an unknown
 * stretch of time, and whose rates are smoothed over a minute.
 */
import { isVirtualInterface } from "../../counter/instance-names.ts";
import type { TableMapping, ToolMapping } from "./mapping.ts";

const KB = 1024;
/** A Kbit is 1024 bits there. */
const KBIT = KB / 8;
const UNITS = { "KB/s": KB, Kbps: KBIT };

/**
 * `Total` adds up whatever is shown, the loopback and a bond beside its cards among it: it is no
 * instance, and skipped.
 */
function interfaces(object: string, isInstance: (name: string) => boolean): TableMapping {
  const columns = Object.entries(UNITS).flatMap(([unit, scale]) => [
    [`${unit} in`, { object, counter: "Bytes Received/sec", scale }] as const,
    [`${unit} out`, { object, counter: "Bytes Sent/sec", scale }] as const,
  ]);
  return {
    table: "interface",
    columns: Object.fromEntries(columns),
    derived: Object.entries(UNITS).map(([unit, scale]) => ({
      object,
      counter: "Bytes Total/sec",
      from: [`${unit} in`, `${unit} out`],
      value: (received, sent) => (received + sent) * scale,
    })),
    instance: (name) => (name !== "Total" && isInstance(name) ? name : undefined),
  };
}

export const ifstatMapping: ToolMapping = {
  tool: "ifstat",
  tables: [
    interfaces("Network Interface", (name) => !isVirtualInterface(name)),
    interfaces("Virtual Network Interface", isVirtualInterface),
  ],
};
