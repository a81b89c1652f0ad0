import type { ExportFormat } from "../export-format.ts";
import { openPdhExport } from "../pdh/export-pdh.ts";

export const format: ExportFormat = {
  name: "csv",
  summary: "PDH-CSV, which Windows Performance Monitor, relog and spreadsheets open",
  extension: ".csv",
  open: (table, out) => openPdhExport("csv", table, out),
};
