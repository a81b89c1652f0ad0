/** Writes a PDH text log of a table, in the local zone of this machine as it is when the table begins. */
import type { ByteSink, ExportTable, ExportWriter } from "../export-format.ts";
import { columnPaths } from "./columns.ts";
import { localZone, pdhHeader, pdhRow, type PdhFormat } from "./pdh-text.ts";

/** Characters that are collected before they are written. */
const BUFFER_CHARACTERS = 256 * 1024;

/**
 * The first row says when the first interval starts and has no values: as in Perfmon's own logs, where
 * a counter that needs two samples has none yet.
 */
export function openPdhExport(format: PdhFormat, table: ExportTable, out: ByteSink): ExportWriter {
  const { columns, fromMs } = table;
  const zone = localZone(fromMs);
  let text = `${pdhHeader(format, zone, columnPaths(columns))}\r\n`;
  const add = (timeMs: number, values: ArrayLike<number>): void => {
    text += `${pdhRow(format, timeMs, zone, values)}\r\n`;
  };
  const flush = async (limit: number): Promise<void> => {
    if (text.length <= limit) return;
    await out.write(text);
    text = "";
  };
  add(fromMs, new Float64Array(columns.length).fill(NaN));
  return {
    async write({ timeMs, values }) {
      for (let row = 0; row < timeMs.length; row++) {
        add(timeMs[row]!, values.subarray(row * columns.length, (row + 1) * columns.length));
        await flush(BUFFER_CHARACTERS);
      }
    },
    end: () => flush(0),
  };
}
