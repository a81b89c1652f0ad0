/**
 * A block header as bytes: JSON in which objects are written densely, deflated with a dictionary
 * that knows most of it beforehand. Every block has one, so its size counts. `docs/log-format.md`
 * describes the form.
 */
import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { Field } from "../counter/declaration.ts";
import type { RecordedObject, Terms } from "../counter/recorded.ts";
import type { BlockHeader } from "./block.ts";
import { checkBlockHeader, list, record } from "./check.ts";
import { READ_LIMITS } from "./format.ts";
import { headerDictionary } from "./header-dictionary.ts";

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

/** What fields share: kind, width; what counters share: type, unit, scale. */
interface Tables {
  readonly kinds: Table;
  readonly measures: Table;
}

/** @returns the payload of a header frame, after the version and the dictionary number */
export function encodeHeader(header: BlockHeader): Buffer {
  return deflateRawSync(headerText(header), { level: 9, dictionary: headerDictionary });
}

/** @throws Error when it is not a header */
export function decodeHeader(payload: Uint8Array): BlockHeader {
  const json = inflateRawSync(payload, {
    maxOutputLength: READ_LIMITS.headerJsonBytes,
    dictionary: headerDictionary,
  });
  const header = record(JSON.parse(json.toString("utf8")), "header");
  const { kinds, measures, objects, ...rest } = header;
  const tables = { kinds: list(kinds, "kinds"), measures: list(measures, "measures") };
  const loose = list(objects, "objects").map((object) => looseObject(object, tables));
  return checkBlockHeader({ ...rest, objects: loose });
}

/** Objects first: what is in the dictionary is found at the same distance from end to end. */
export function headerText({ objects, ...rest }: BlockHeader): string {
  const tables = { kinds: new Table(), measures: new Table() };
  const dense = JSON.stringify(objects.map((object) => denseObject(object, tables)));
  const [kinds, measures] = [tables.kinds.texts.join(), tables.measures.texts.join()];
  const others = JSON.stringify(rest).slice(1);
  return `{"objects":${dense},"kinds":[${kinds}],"measures":[${measures}],${others}`;
}

function denseObject(
  { name, cooked, groups, counters }: RecordedObject,
  tables: Tables,
): unknown[] {
  return [
    name,
    groups.map(({ id, fields }) => [id, ...denseFields(fields, tables)]),
    counters.map(({ name: counter, type, unit, scale, group, value, base }) => {
      const measure = tables.measures.position([type, unit, scale]);
      const dense = [counter, measure, group, denseTerms(value)];
      return base ? [...dense, denseTerms(base)] : dense;
    }),
    ...(cooked ? ["cooked"] : []),
  ];
}

/** Names; a number before a name is the position of its kind, and of those after it. */
function denseFields(fields: readonly Field[], { kinds }: Tables): (string | number)[] {
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

function denseTerms(terms: Terms): number[] {
  return terms.map(([position, sign]) => (sign === 1 ? position : -1 - position));
}

interface LooseTables {
  readonly kinds: readonly unknown[];
  readonly measures: readonly unknown[];
}

/** In the form of a `RecordedObject`, but not checked yet. */
function looseObject(dense: unknown, tables: LooseTables): unknown {
  const [name, groups, counters, form] = list(dense, "object");
  return {
    name,
    ...(form === undefined ? undefined : { cooked: form === "cooked" }),
    groups: list(groups, "groups").map((group) => {
      const [id, ...fields] = list(group, "group");
      return { id, fields: looseFields(fields, tables) };
    }),
    counters: list(counters, "counters").map((counter) => looseCounter(counter, tables)),
  };
}

function looseFields(dense: readonly unknown[], { kinds }: LooseTables): unknown[] {
  const fields: unknown[] = [];
  let kind: Record<string, unknown> = {};
  for (const item of dense) {
    if (typeof item === "number") kind = record(kinds[item], "kind of a field");
    else fields.push({ id: item, ...kind });
  }
  return fields;
}

function looseCounter(dense: unknown, { measures }: LooseTables): unknown {
  const [name, measure, group, value, base] = list(dense, "counter");
  const [type, unit, scale] = list(measures[Number(measure)], "measure of a counter");
  const counter = { name, type, unit, scale, group, value: looseTerms(value) };
  return base === undefined ? counter : { ...counter, base: looseTerms(base) };
}

function looseTerms(dense: unknown): unknown[] {
  return list(dense, "terms").map((term) =>
    typeof term === "number" && term < 0 ? [-1 - term, -1] : [term, 1],
  );
}
