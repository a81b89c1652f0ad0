/** A host's measures as columns. */
import { evaluateFormula, signalsOf } from "./formula.ts";
import { measureFormulas, neededFor } from "./measure-formulas.ts";
import { MEASURE_IDS, type MeasureColumns, type PsiUse } from "./measures.ts";
import type { HostColumns } from "./side.ts";
import type { SignalId } from "./signals.ts";
import { DEFAULT_THRESHOLDS, type Thresholds } from "./thresholds.ts";

/** All measures of a host; one whose signals the host lacks is absent. */
export function measureHost(
  { signals, cpus, memoryBytes }: HostColumns,
  psi: PsiUse,
  limits: Thresholds = DEFAULT_THRESHOLDS,
): MeasureColumns {
  const length = Math.max(0, ...[...signals.values()].map((column) => column.length));
  const formulas = measureFormulas(psi, limits, (id) => signals.has(id));
  const context = { signals, facts: { cpus, memoryBytes }, length, known: new Map() };
  return Object.fromEntries(
    MEASURE_IDS.flatMap((id) => {
      const formula = formulas[id];
      const read = signalsOf(formula);
      return neededFor(id, read).some((signal) => signals.has(signal))
        ? [[id, whereKnown(evaluateFormula(formula, context), read, signals)]]
        : [];
    }),
  );
}

/** Nothing is known where none of the signals has a value, whatever a formula makes of that. */
function whereKnown(
  column: Float64Array,
  read: readonly SignalId[],
  signals: HostColumns["signals"],
): Float64Array {
  const columns = read.flatMap((id) => signals.get(id) ?? []);
  let result = column;
  for (const b of bucketsWithoutAny(columns)) {
    if (column[b]! !== column[b]!) continue;
    if (result === column) result = column.slice();
    result[b] = NaN;
  }
  return result;
}

function bucketsWithoutAny(columns: readonly Float64Array[]): number[] {
  const [first, ...others] = columns;
  const unknown: number[] = [];
  if (!first) return unknown;
  for (let b = 0; b < first.length; b++) if (first[b]! !== first[b]!) unknown.push(b);
  return others.reduce((left, values) => left.filter((b) => Number.isNaN(values[b])), unknown);
}
