/** Delimited text: CSV as RFC 4180 has it, TSV with the same quoting where a cell needs it. */

/** Quotes a cell when it holds the delimiter, a quote or a line end. */
export function delimitedRow(cells: readonly string[], delimiter: "," | "\t"): string {
  return cells.map((cell) => (needsQuotes(cell, delimiter) ? quoted(cell) : cell)).join(delimiter);
}

/** Every cell quoted, as Perfmon's text logs are. */
export function quotedRow(cells: readonly string[], delimiter: "," | "\t"): string {
  return cells.map(quoted).join(delimiter);
}

function quoted(cell: string): string {
  return `"${cell.replaceAll('"', '""')}"`;
}

function needsQuotes(cell: string, delimiter: string): boolean {
  return cell.includes(delimiter) || /["\r\n]/.test(cell);
}
