/** Values of a driver as plain ones: what JSON, CSV and a table can show. */
import type { SqlValue } from "./engine.ts";

/** Integers that a double cannot hold become text, bytes hexadecimal, times ISO 8601 in UTC. */
export function plainValue(value: unknown): unknown {
  switch (typeof value) {
    case "bigint":
      return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
    case "object":
      break;
    default:
      return value;
  }
  if (value === null) return value;
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString("hex")}`;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (Array.isArray(value)) return value.map(plainValue);
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, plainValue(part)]));
}

/** The same for a row of the shared SQL, which holds simple types only. */
export function plainRow(row: Readonly<Record<string, unknown>>): Record<string, SqlValue> {
  return Object.fromEntries(
    Object.entries(row).map(([key, value]) => [key, plainValue(value) as SqlValue]),
  );
}
