/** Tables as iostat and top print them: columns set apart by two blanks, numbers to the right. */
import stringWidth from "string-width";

export interface TableColumn {
  readonly title: string;
  /** `left` when left out. */
  readonly align?: "left" | "right";
  /** Wider cells are cut, with `…` at the end. */
  readonly maxWidth?: number;
}

/** @returns lines without trailing blanks, the titles first */
export function textTable(
  columns: readonly TableColumn[],
  rows: readonly (readonly string[])[],
): string[] {
  const cut = rows.map((row) =>
    columns.map((column, i) => cutToWidth(oneLine(row[i] ?? ""), column.maxWidth ?? Infinity)),
  );
  const widths = columns.map(({ title }, i) =>
    cut.reduce((widest, row) => Math.max(widest, stringWidth(row[i]!)), stringWidth(title)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) => padded(cell, widths[i]!, columns[i]!.align ?? "left"))
      .join("  ")
      .trimEnd();
  return [line(columns.map(({ title }) => title)), ...cut.map(line)];
}

/** Cuts to a number of terminal cells. */
export function cutToWidth(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  let result = "";
  let used = 0;
  for (const character of text) {
    const cells = stringWidth(character);
    if (used + cells > width - 1) break;
    result += character;
    used += cells;
  }
  return `${result}…`;
}

function padded(text: string, width: number, align: "left" | "right"): string {
  const blanks = " ".repeat(Math.max(0, width - stringWidth(text)));
  return align === "left" ? text + blanks : blanks + text;
}

/** Control characters in names and values must not reach a terminal. */
export function oneLine(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f]/g, " ");
}
