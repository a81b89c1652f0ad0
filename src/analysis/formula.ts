/**
 * Formulas as data: how a measure comes from signals, bucket by bucket. Evaluated here over columns, and
 * written as SQL by stores, so that a finding's query computes what the analysis computed.
 *
 * A value that is not there (NaN, NULL) makes every sum and product unknown; `max` and `min` leave it
 * out; `orZero` takes it for 0.
 */
import { rampWidth } from "./statistics/round.ts";
import type { SignalId } from "./signals.ts";

export type Formula =
  | { readonly kind: "signal"; readonly id: SignalId }
  | { readonly kind: "number"; readonly value: number }
  /** Of the host: CPUs online; bytes of memory. */
  | { readonly kind: "host"; readonly fact: HostFact }
  | { readonly kind: "apply"; readonly op: FormulaOp; readonly args: readonly Formula[] };

export type HostFact = "cpus" | "memoryBytes";

/**
 * `ifAtLeast(x, limit, y)`: y where x ≥ limit, else 0 (also where x is unknown).
 * `around(x, n)`: the mean of what is known from n buckets before to n buckets after.
 */
export type FormulaOp =
  | "add"
  | "subtract"
  | "multiply"
  | "divide"
  | "max"
  | "min"
  | "orZero"
  | "ifAtLeast"
  | "around";

export type Operand = Formula | number | SignalId;

function formulaOf(operand: Operand): Formula {
  if (typeof operand === "number") return { kind: "number", value: operand };
  return typeof operand === "string" ? { kind: "signal", id: operand } : operand;
}

const apply =
  (op: FormulaOp) =>
  (...args: readonly Operand[]): Formula => ({ kind: "apply", op, args: args.map(formulaOf) });

export const add = apply("add");
export const subtract = apply("subtract");
export const multiply = apply("multiply");
export const divide = apply("divide");
export const max = apply("max");
export const min = apply("min");
export const orZero = apply("orZero");
export const ifAtLeast = apply("ifAtLeast");
export const around = apply("around");
export const value = formulaOf;
export const host = (fact: HostFact): Formula => ({ kind: "host", fact });

export function between(x: Operand, low: number, high: number): Formula {
  return min(max(x, low), high);
}

/** 0 up to `from`, 1 from `to` on, a straight line between; 0 where x is unknown. */
export function rampOf(x: Operand, from: number, to: number): Formula {
  return between(divide(subtract(orZero(x), from), rampWidth(from, to)), 0, 1);
}

/** The signals that a formula reads, each once. */
export function signalsOf(formula: Formula): SignalId[] {
  if (formula.kind === "signal") return [formula.id];
  if (formula.kind !== "apply") return [];
  return [...new Set(formula.args.flatMap(signalsOf))];
}

export interface FormulaContext {
  readonly signals: ReadonlyMap<SignalId, Float64Array>;
  readonly facts: Readonly<Record<HostFact, number>>;
  readonly length: number;
  /** Of formulas that are parts of several others; filled on the way. */
  readonly known?: Map<Formula, Float64Array | number>;
}

/** The formula's column; not to be written to: it may be a signal's own, or a part of others. */
export function evaluateFormula(formula: Formula, context: FormulaContext): Float64Array {
  const result = evaluated(formula, context);
  return typeof result === "number" ? new Float64Array(context.length).fill(result) : result;
}

function evaluated(formula: Formula, context: FormulaContext): Float64Array | number {
  switch (formula.kind) {
    case "number":
      return formula.value;
    case "host":
      return context.facts[formula.fact];
    case "signal":
      return context.signals.get(formula.id) ?? NaN;
    case "apply": {
      const known = context.known?.get(formula);
      if (known !== undefined) return known;
      const args = formula.args.map((arg) => evaluated(arg, context));
      const result =
        formula.op === "around"
          ? windowMeans(args[0]!, args[1] as number, context.length)
          : combined(SCALAR[formula.op], args, context.length);
      context.known?.set(formula, result);
      return result;
    }
  }
}

const SCALAR: Readonly<
  Record<Exclude<FormulaOp, "around">, (a: number, b: number, c: number) => number>
> = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
  max: (a, b) => (a >= b || b !== b ? a : b),
  min: (a, b) => (a <= b || b !== b ? a : b),
  orZero: (a) => (a === a ? a : 0),
  ifAtLeast: (a, b, c) => (a >= b ? c : 0),
};

/** Of two or three arguments; sums and extremes of more are folded from the left. */
function combined(
  op: (a: number, b: number, c: number) => number,
  args: readonly (Float64Array | number)[],
  length: number,
): Float64Array | number {
  if (args.length > 3) {
    const [first, second, ...others] = args;
    return combined(op, [combined(op, [first!, second!], length), ...others], length);
  }
  if (args.length === 3 && op !== SCALAR.ifAtLeast) {
    return combined(op, [combined(op, args.slice(0, 2), length), args[2]!], length);
  }
  const [a, b = NaN, c = NaN] = args;
  if (typeof a === "number" && typeof b === "number" && typeof c === "number") return op(a, b, c);
  const result = new Float64Array(length);
  for (let i = 0; i < length; i++) {
    result[i] = op(
      typeof a === "number" ? a : a![i]!,
      typeof b === "number" ? b : b[i]!,
      typeof c === "number" ? c : c[i]!,
    );
  }
  return result;
}

function windowMeans(column: Float64Array | number, reach: number, length: number) {
  if (typeof column === "number") return column;
  const result = new Float64Array(length);
  for (let i = 0; i < length; i++) {
    let sum = 0;
    let count = 0;
    for (let k = Math.max(0, i - reach); k <= i + reach && k < length; k++) {
      if (column[k]! !== column[k]!) continue;
      sum += column[k]!;
      count++;
    }
    result[i] = count > 0 ? sum / count : NaN;
  }
  return result;
}
