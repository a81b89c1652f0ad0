/**
 * Some counters are read less often than the others (control groups every 10 s). A rate that was read
 * speaks of all the time since it was read before, not of the last bucket alone.
 */
import type { MeasureColumns } from "./measures.ts";

/** Longer gaps than this many usual ones are gaps. */
const LONGEST = 1.5;

/** Columns that are read less often than every other bucket, filled backward; the others as they are. */
export function filledBackward(columns: MeasureColumns): MeasureColumns {
  return Object.fromEntries(
    Object.entries(columns).map(([id, column]) => [id, column && filled(column)]),
  );
}

function filled(column: Float64Array): Float64Array {
  const known: number[] = [];
  for (let b = 0; b < column.length; b++) {
    if (column[b] === column[b]) known.push(b);
    // It is read often enough.
    if (known.length >= 8 && known.length * 2 > b) return column;
  }
  if (known.length < 2) return column;
  const steps = known.slice(1).map((b, i) => b - known[i]!);
  const usual = steps.sort((a, b) => a - b)[Math.floor(steps.length / 2)]!;
  if (usual < 2) return column;
  const result = column.slice();
  known.forEach((b, i) => {
    const before = i > 0 ? known[i - 1]! : b - usual;
    if (b - before > LONGEST * usual) return;
    for (let k = Math.max(0, before + 1); k < b; k++) result[k] = column[b]!;
  });
  return result;
}
