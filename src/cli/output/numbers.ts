/** Numbers for people, and values of any SQL type as text and as JSON. */

/** `0.02`, `12.5`, `1,234`, `1,234,567`: what fits a column of a live table. */
export function formatValue(value: number): string {
  const size = Math.abs(value);
  if (size >= 1000) return grouped(Math.round(value));
  if (Number.isInteger(value)) return String(value);
  if (size >= 100) return value.toFixed(1);
  if (size >= 0.1) return value.toFixed(2);
  return value.toFixed(size >= 0.001 ? 4 : 6);
}

/** `1,234,567`; independent of the locale. */
export function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+(?!\d))/g, ",");
}

/** A value of a query as one cell of text; SQL's NULL is empty. */
export function cellText(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (value instanceof Date) return value.toISOString();
  switch (typeof value) {
    case "string":
      return value;
    case "number":
    case "bigint":
    case "boolean":
      return String(value);
    default:
      return JSON.stringify(value, jsonValue) ?? "";
  }
}

/** For `JSON.stringify`: 64-bit integers as numbers where exact, else as text. */
export function jsonValue(_key: string, value: unknown): unknown {
  if (typeof value !== "bigint") return value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}

/** One JSON document, indented, with a line end. */
export function jsonDocument(value: unknown): string {
  return `${JSON.stringify(value, jsonValue, 2)}\n`;
}
