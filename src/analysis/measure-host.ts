/** A host's measures as columns. */
import { evaluateFormula, signalsOf } from "./formula.ts";
import { measureFormulas, neededFor } from "./measure-formulas.ts";
import { MEASURE_IDS, type MeasureColumns, type PsiUse } from "./measures.ts";
import type { HostColumns } from "./side.ts";
import { DEFAULT_THRESHOLDS, type Thresholds } from "./thresholds.ts";

/** All measures of a host; one whose signals the host lacks is absent. */
export function measureHost(
  { signals, cpus, memoryBytes }: HostColumns,
  psi: PsiUse,
  limits: Thresholds = DEFAULT_THRESHOLDS,
): MeasureColumns {
  const length = Math.max(0, ...[...signals.values()].map((column) => column.length));
  const formulas = measureFormulas(psi, limits, (id) => signals.has(id));
  const context = { signals, facts: { cpus, memoryBytes }, length };
  return Object.fromEntries(
    MEASURE_IDS.flatMap((id) => {
      const formula = formulas[id];
      const needed = neededFor(id, signalsOf(formula));
      return needed.some((signal) => signals.has(signal))
        ? [[id, evaluateFormula(formula, context)]]
        : [];
    }),
  );
}
