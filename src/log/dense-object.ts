/** An object of a header as dense JSON text, and back. `docs/log-format.md` describes the form. */
import type { Field } from "../counter/declaration.ts";
import type { RecordedObject, Terms } from "../counter/recorded.ts";
import { list, record } from "./check.ts";

/** JSON values that are written once and then referred to by their position. */
class Table {
  readonly texts: string[] = [];
  private readonly positions = new Map<string, number>();

  position(value: unknown): number {
    const text = JSON.stringify(value);
    const known = this.positions.get(text);
    if (known !== undefined) return known;
    this.positions.set(text, this.texts.length);
    return this.texts.push(text) - 1;
  }
}

/** What is shared comes last: a counter more or less does not move what stands before it. */
export function denseText({ name, cooked, groups, counters }: RecordedObject): string {
  const kinds = new Table();
  const measures = new Table();
  const terms = new TermPlaces(groups.length);
  const parts = [
    name,
    groups.map(({ id, fields }) => [id, ...denseFields(fields, kinds)]),
    counters.map(({ name: counter, type, unit, scale, group, value, base }) => {
      const measure = measures.position([type, unit, scale]);
      const dense = [counter, measure, group, terms.dense(group, value)];
      return base ? [...dense, terms.dense(group, base)] : dense;
    }),
  ];
  const tables = `[${kinds.texts.join()}],[${measures.texts.join()}]`;
  return `${JSON.stringify(parts).slice(0, -1)},${tables}${cooked ? ',"cooked"' : ""}]`;
}

/** @returns in the form of a `RecordedObject`, but not checked yet */
export function looseObject(text: string): unknown {
  const [name, groups, counters, kinds, measures, form] = list(JSON.parse(text), "object");
  const fieldKinds = list(kinds, "kinds");
  const counterMeasures = list(measures, "measures");
  const terms = new TermPlaces(list(groups, "groups").length);
  return {
    name,
    ...(form === undefined ? undefined : { cooked: form === "cooked" }),
    groups: list(groups, "groups").map((group) => {
      const [id, ...fields] = list(group, "group");
      return { id, fields: looseFields(fields, fieldKinds) };
    }),
    counters: list(counters, "counters").map((counter) =>
      looseCounter(counter, counterMeasures, terms),
    ),
  };
}

/** Names; a number before a name is the position of its kind, and of those after it. */
function denseFields(fields: readonly Field[], kinds: Table): (string | number)[] {
  const dense: (string | number)[] = [];
  let current = -1;
  for (const { id, ...kind } of fields) {
    const position = kinds.position(kind);
    if (position !== current) dense.push(position);
    current = position;
    dense.push(id);
  }
  return dense;
}

function looseFields(dense: readonly unknown[], kinds: readonly unknown[]): unknown[] {
  const fields: unknown[] = [];
  let kind: Record<string, unknown> = {};
  for (const item of dense) {
    if (typeof item === "number") kind = record(kinds[item], "kind of a field");
    else fields.push({ id: item, ...kind });
  }
  return fields;
}

function looseCounter(
  dense: unknown,
  measures: readonly unknown[],
  terms: TermPlaces,
): Record<string, unknown> {
  const [name, measure, group, value, base] = list(dense, "counter");
  const [type, unit, scale] = list(measures[Number(measure)], "measure of a counter");
  const counter = { name, type, unit, scale, group, value: terms.loose(group, value) };
  return base === undefined ? counter : { ...counter, base: terms.loose(group, base) };
}

/**
 * Fields of a group as steps from the one that was named last: a field that a kernel lacks changes one
 * step, and not all positions after it. A step in quotes is that of a field to be subtracted.
 */
class TermPlaces {
  private readonly last: number[];

  constructor(groups: number) {
    this.last = Array.from({ length: groups }, () => 0);
  }

  dense(group: number, terms: Terms): (number | string)[] {
    return terms.map(([position, sign]) => {
      const step = position - this.last[group]!;
      this.last[group] = position;
      return sign === 1 ? step : `${step}`;
    });
  }

  loose(group: unknown, dense: unknown): unknown[] {
    return list(dense, "terms").map((step) => {
      const position = (this.last[Number(group)] ?? NaN) + Number(step);
      this.last[Number(group)] = position;
      return [position, typeof step === "number" ? 1 : -1];
    });
  }
}
