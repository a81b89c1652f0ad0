import type { ExportFormat } from "../export-format.ts";
import { openPdhExport } from "../pdh/export-pdh.ts";

export const format: ExportFormat = {
  name: "tsv",
  summary: "PDH-TSV, which Windows Performance Monitor, relog and spreadsheets open",
  extension: ".tsv",
  open: (table, out) => openPdhExport("tsv", table, out),
};
