/** What is known of a counter by its name: our own declaration, or else what the name itself says. */
import { collectors } from "../../collectors/all.ts";
import type { Counter, CounterObject, CounterType, Unit } from "../../counter/declaration.ts";

export interface CounterFacts {
  /** As declared where only the case of letters differs. */
  readonly object: string;
  readonly counter: string;
  readonly unit: Unit;
  readonly type: CounterType;
  /**
   * The counters of the same instance which together count, per second, what an average is over (for
   * `Avg. Disk sec/Read` it is `Disk Reads/sec`): they tell how much the average weighs.
   */
  readonly baseRates?: readonly string[];
}

/** @param known of a counter that is not declared; else its name tells */
export function describeCounter(
  object: string,
  counter: string,
  known: { readonly unit?: Unit; readonly type?: CounterType } = {},
): CounterFacts {
  const declared = declaredObjects().get(object.toLowerCase());
  const found = declared?.counters.get(counter.toLowerCase());
  if (!declared || !found) {
    const { unit, type } = { ...factsByName(counter), ...known };
    return { object: declared?.object.name ?? object, counter, unit, type };
  }
  const baseRates = baseRatesOf(found, declared.object);
  return {
    object: declared.object.name,
    counter: found.name,
    unit: found.unit,
    type: found.type,
    ...(baseRates ? { baseRates } : undefined),
  };
}

interface DeclaredObject {
  readonly object: CounterObject;
  readonly counters: ReadonlyMap<string, Counter>;
}

let byName: Map<string, DeclaredObject> | undefined;

function declaredObjects(): Map<string, DeclaredObject> {
  byName ??= new Map(
    collectors.map(({ object }) => [
      object.name.toLowerCase(),
      { object, counters: new Map(object.counters.map((c) => [c.name.toLowerCase(), c])) },
    ]),
  );
  return byName;
}

function baseRatesOf(
  { base = [], group }: Counter,
  { counters }: CounterObject,
): readonly string[] | undefined {
  const rates = counters.filter(
    (other) => other.type === "rate" && (other.scale ?? 1) === 1 && other.group === group,
  );
  const rateOf = (terms: readonly string[]) =>
    rates.find(({ value }) => [...value].sort().join() === [...terms].sort().join())?.name;
  const whole = base.length > 0 ? rateOf(base) : undefined;
  if (whole !== undefined) return [whole];
  const parts = base.map((term) => rateOf([term]));
  return parts.length > 0 && parts.every((name) => name !== undefined) ? parts : undefined;
}

/** Perfmon's own habit of naming: `% Free Space`, `Bytes Total/sec`, `Avg. Disk sec/Read`. */
const NAMES: readonly (readonly [RegExp, Unit, CounterType])[] = [
  [/^%|%$|^percent /i, "%", "gauge"],
  [/\bbits.*\/s(ec)?$/i, "bits/s", "rate"],
  [/\bbytes.*\/s(ec)?$/i, "bytes/s", "rate"],
  [/\/s(ec)?$|\bper second$/i, "count/s", "rate"],
  [/\bsec\/\w+$/i, "seconds", "average"],
  [/\bbytes\/\w+$/i, "bytes/op", "average"],
  [/\bbytes\b/i, "bytes", "gauge"],
];

function factsByName(counter: string): Pick<CounterFacts, "unit" | "type"> {
  const [, unit, type] = NAMES.find(([pattern]) => pattern.test(counter)) ?? [
    null,
    "none" as const,
    "gauge" as const,
  ];
  return { unit, type };
}
