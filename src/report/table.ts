/** Tables as `iostat` prints them: columns of text, numbers to the right, no lines around them. */

export type Cell = string;

export interface Column {
  readonly title: string;
  readonly align: "left" | "right";
  /** Longer text is cut with an ellipsis. */
  readonly maxWidth?: number;
}

/** A column of text. */
export function left(title: string, maxWidth?: number): Column {
  return { title, align: "left", ...(maxWidth === undefined ? {} : { maxWidth }) };
}

/** A column of numbers. */
export function right(title: string, maxWidth?: number): Column {
  return { title, align: "right", ...(maxWidth === undefined ? {} : { maxWidth }) };
}

/** Lines without trailing blanks; two blanks between columns. */
export function tableLines(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
): string[] {
  const cells = [columns.map(({ title }) => title), ...rows].map((row) =>
    row.map((cell, c) => cut(cell, columns[c]?.maxWidth ?? Infinity)),
  );
  const widths = columns.map((_, c) => Math.max(...cells.map((row) => (row[c] ?? "").length)));
  return cells.map((row) =>
    row
      .map((cell, c) =>
        columns[c]?.align === "right" ? cell.padStart(widths[c]!) : cell.padEnd(widths[c]!),
      )
      .join("  ")
      .trimEnd(),
  );
}

export function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 3))}...`;
}

/** Breaks at blanks; a word that is longer than the width stands alone. */
export function wrap(text: string, width: number, indent = ""): string[] {
  const lines: string[] = [];
  let line = "";
  // A number and its unit stay together.
  const glued = text.replace(/(\d) (%|s|ms|min|h|CPUs)(?![\w/])/g, "$1\u00a0$2");
  for (const word of glued.split(" ")) {
    if (line !== "" && indent.length + line.length + 1 + word.length > width) {
      lines.push(indent + line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  if (line !== "") lines.push(indent + line);
  return lines.map((one) => one.replace(/\u00a0/g, " "));
}
