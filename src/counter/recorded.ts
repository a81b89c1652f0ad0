/**
 * A counter object as one host recorded it: the declaration cut down to the fields that this
 * kernel has, with field names resolved to positions. Plain data: it goes into every block of a
 * log as JSON and is all that is needed to cook the values, by this version or a later one.
 */
import type { Counter, CounterObject, CounterType, Field, FieldSum, Unit } from "./declaration.ts";

/** `[field position within its group, +1 or -1]`, summed. */
export type Terms = readonly (readonly [position: number, sign: 1 | -1])[];

export interface RecordedGroup {
  readonly id: string;
  readonly fields: readonly Field[];
}

export interface RecordedCounter {
  readonly name: string;
  readonly type: CounterType;
  readonly unit: Unit;
  /** Position of its group in the object. */
  readonly group: number;
  readonly value: Terms;
  readonly base?: Terms;
  readonly scale: number;
}

export interface RecordedObject {
  readonly name: string;
  /**
   * The readings are values already, not what the kernel counts: every group has the fields of
   * `cooked-object.ts`, and one counter, whose value stands in them.
   */
  readonly cooked?: true;
  readonly groups: readonly RecordedGroup[];
  readonly counters: readonly RecordedCounter[];
}

/**
 * Cuts a declaration down to what a kernel has.
 *
 * @param has tells whether this kernel gives a field; a counter is kept when it has all its fields.
 *   Groups keep their position even when nothing of them is left.
 * @param extra per group fields that this kernel has beyond the declared ones: recorded after
 *   those, without a counter, so that a later version can derive one from old recordings.
 */
export function recordedObject(
  object: CounterObject,
  has: (field: string, group: string) => boolean = () => true,
  extra: Readonly<Record<string, readonly Field[]>> = {},
): RecordedObject {
  const groups = object.groups.map((group) => ({
    id: group.id,
    fields: [
      ...group.fields.filter((field) => has(field.id, group.id)),
      ...(extra[group.id] ?? []),
    ],
  }));
  const counters: RecordedCounter[] = [];
  for (const counter of object.counters) {
    const group = groupPosition(object, counter);
    const fields = groups[group]?.fields ?? [];
    const value = resolve(counter.value, fields);
    const base = counter.base && resolve(counter.base, fields);
    if (!value || (counter.base && !base)) continue;
    counters.push({
      name: counter.name,
      type: counter.type,
      unit: counter.unit,
      group,
      value,
      ...(base ? { base } : {}),
      scale: counter.scale ?? 1,
    });
  }
  return { name: object.name, groups, counters };
}

/** Position of a counter's group; throws when the declaration names a group that is not there. */
export function groupPosition(object: CounterObject, counter: Counter): number {
  const position = counter.group ? object.groups.findIndex((g) => g.id === counter.group) : 0;
  if (position < 0 || position >= object.groups.length) {
    throw new Error(`${object.name}: counter ${counter.name} names an unknown field group`);
  }
  return position;
}

function resolve(sum: FieldSum, fields: readonly Field[]): Terms | undefined {
  const terms: [number, 1 | -1][] = [];
  for (const term of sum) {
    const negative = term.startsWith("-");
    const id = negative ? term.slice(1) : term;
    const position = fields.findIndex((field) => field.id === id);
    if (position < 0) return undefined;
    terms.push([position, negative ? -1 : 1]);
  }
  return terms;
}
