/** Formulas of the analysis as SQL expressions. */
import type { Formula, HostFact } from "../../analysis/formula.ts";

export interface FormulaColumns {
  /** The column that holds a signal's value per bucket. */
  readonly signal: (id: string) => string;
  readonly host: (fact: HostFact) => string;
}

/** What `around` needs: rows of a host, numbered by bucket. */
const WINDOW = "PARTITION BY side, hostname ORDER BY bucket";

export function formulaSql(formula: Formula, columns: FormulaColumns): string {
  switch (formula.kind) {
    case "signal":
      return columns.signal(formula.id);
    case "number":
      return numberSql(formula.value);
    case "host":
      return columns.host(formula.fact);
    case "apply": {
      const args = formula.args.map((arg) => formulaSql(arg, columns));
      const [a = "", b = "", c = ""] = args;
      switch (formula.op) {
        case "add":
          return `(${args.join(" + ")})`;
        case "subtract":
          return `(${a} - ${b})`;
        case "multiply":
          return `(${a} * ${b})`;
        case "divide":
          return `(${a} / ${b})`;
        case "max":
          return `greatest(${args.join(", ")})`;
        case "min":
          return `least(${args.join(", ")})`;
        case "orZero":
          return `coalesce(${a}, 0)`;
        case "ifAtLeast":
          return `(CASE WHEN ${a} >= ${b} THEN ${c} ELSE 0 END)`;
        case "around": {
          const reach = formula.args[1];
          const n = reach?.kind === "number" ? reach.value : 0;
          return `avg(${a}) OVER (${WINDOW} RANGE BETWEEN ${n} PRECEDING AND ${n} FOLLOWING)`;
        }
      }
    }
  }
}

/** With a decimal point: no engine may divide whole numbers here. */
export function numberSql(value: number): string {
  if (!Number.isFinite(value)) return "NULL";
  const text = String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}
