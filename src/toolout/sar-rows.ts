/** The cells of a row of sar's and sadf's tables, and the one table that is turned: interrupts. */
import type { ReportAssembly } from "./report-assembly.ts";
import { SAR_TEXT_COLUMNS, type SarTable } from "./sar-tables.ts";
import { sysstatNumber } from "./sysstat-line.ts";

const INTERRUPT_COLUMNS: readonly string[] = ["intr/s"];

/**
 * Adds a row to the report.
 *
 * Interrupts are printed with a column per CPU: they become rows, `interrupts-total` for all of them together, `interrupts` with a
 * row per kind (`LOC`) and `interrupts-by-cpu` with a row per kind and CPU (`LOC/0`).
 *
 * @returns false when the row does not fit the table, or has something else where a number should be.
 */
export function addSarRow(
  assembly: ReportAssembly,
  table: SarTable,
  instance: string,
  cells: readonly string[],
): boolean {
  const { columns, name } = table;
  if (cells.length !== columns.length) return false;
  const values: (number | string | null)[] = [];
  for (const [i, cell] of cells.entries()) {
    const value = SAR_TEXT_COLUMNS.has(columns[i]!) ? cell : sysstatNumber(cell, columns[i]!);
    if (value === undefined) return false;
    values.push(value);
  }
  if (name === "interrupts" || name === "interrupts-across") {
    values.forEach((value, i) => addInterrupts(assembly, instance, columns[i]!, value));
  } else {
    assembly.add(name, columns, { instance, cells: values });
  }
  return true;
}

function addInterrupts(
  assembly: ReportAssembly,
  row: string,
  column: string,
  value: number | string | null,
): void {
  const across = /^i(\d+)\/s$/.exec(column);
  const kind = across ? String(Number(across[1])) : row;
  const cpu = across ? row : column;
  const cells = [value];
  const total = cpu === "all" || cpu === "intr/s";
  if (!total) {
    const instance = `${kind}/${cpu.replace(/^CPU/, "")}`;
    assembly.add("interrupts-by-cpu", INTERRUPT_COLUMNS, { instance, cells });
  } else if (kind === "sum") {
    assembly.add("interrupts-total", INTERRUPT_COLUMNS, { instance: "", cells });
  } else {
    assembly.add("interrupts", INTERRUPT_COLUMNS, { instance: kind, cells });
  }
}
