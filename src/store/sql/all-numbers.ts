/** Small results of queries for numbers, whole. */
import type { SqlEngine } from "./engine.ts";

/** One array per column, as long as there are rows; none where there are no rows. */
export async function allNumbers(engine: SqlEngine, sql: string): Promise<Float64Array[]> {
  const parts: Float64Array[][] = [];
  await engine.numbers(sql, (columns) => {
    for (const [i, column] of columns.entries()) (parts[i] ??= []).push(column.slice());
  });
  return parts.map(joined);
}

export function joined(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let next = 0;
  for (const part of parts) {
    all.set(part, next);
    next += part.length;
  }
  return all;
}
