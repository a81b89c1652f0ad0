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
          : combined(formula.op, args, context.length);
      context.known?.set(formula, result);
      return result;
    }
  }
}

type Column = Float64Array | number;

/** Of two or three arguments; sums and extremes of more are folded from the left. */
function combined(
  op: Exclude<FormulaOp, "around">,
  args: readonly Column[],
  length: number,
): Column {
  const [a, b = NaN, c = NaN, ...others] = args;
  if (args.length > 3 || (args.length === 3 && op !== "ifAtLeast")) {
    return combined(op, [combined(op, [a!, b], length), c, ...others], length);
  }
  if (typeof a === "number" && typeof b === "number" && typeof c === "number") {
    return applied(op, a, b, c, 1)[0]!;
  }
  return applied(op, a!, b, c, length);
}

/** A loop for each: a function called for each value would take most of an analysis. */
function applied(
  op: Exclude<FormulaOp, "around">,
  first: Column,
  second: Column,
  third: Column,
  length: number,
): Float64Array {
  const result = new Float64Array(length);
  const [a, aStep] = stepped(first);
  const [b, bStep] = stepped(second);
  const [c, cStep] = stepped(third);
  switch (op) {
    case "add":
      for (let i = 0; i < length; i++) result[i] = a[i * aStep]! + b[i * bStep]!;
      break;
    case "subtract":
      for (let i = 0; i < length; i++) result[i] = a[i * aStep]! - b[i * bStep]!;
      break;
    case "multiply":
      for (let i = 0; i < length; i++) result[i] = a[i * aStep]! * b[i * bStep]!;
      break;
    case "divide":
      for (let i = 0; i < length; i++) result[i] = a[i * aStep]! / b[i * bStep]!;
      break;
    case "max":
      for (let i = 0; i < length; i++) {
        const x = a[i * aStep]!;
        const y = b[i * bStep]!;
        result[i] = x >= y || y !== y ? x : y;
      }
      break;
    case "min":
      for (let i = 0; i < length; i++) {
        const x = a[i * aStep]!;
        const y = b[i * bStep]!;
        result[i] = x <= y || y !== y ? x : y;
      }
      break;
    case "orZero":
      for (let i = 0; i < length; i++) {
        const x = a[i * aStep]!;
        result[i] = x === x ? x : 0;
      }
      break;
    case "ifAtLeast":
      for (let i = 0; i < length; i++) {
        result[i] = a[i * aStep]! >= b[i * bStep]! ? c[i * cStep]! : 0;
      }
      break;
  }
  return result;
}

/** A number as a column of one value, at which a loop stays. */
function stepped(column: Column): readonly [values: Float64Array, step: 0 | 1] {
  return typeof column === "number" ? [Float64Array.of(column), 0] : [column, 1];
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
