/**
 * Checks the JSON parts of a block before anything trusts them: a recording comes from elsewhere.
 * By hand and not by a schema library, because it runs for every block and the shapes are few.
 */
import { COOKED_FIELDS } from "../counter/cooked-object.ts";
import type { Field } from "../counter/declaration.ts";
import type { RecordedObject, Terms } from "../counter/recorded.ts";
import type { BlockHeader, LogEvent, SegmentEnd, UnitEntry } from "./block.ts";

const TYPES = new Set([
  "gauge",
  "rate",
  "percent-time",
  "inverse-percent-time",
  "average",
  "fraction",
  "delta",
  "elapsed",
]);

/** The units have been checked. @throws Error with what is wrong, in a few words */
export function checkBlockHeader(value: unknown): BlockHeader {
  const header = record(value, "header");
  const recording = record(header["recording"], "recording");
  for (const key of ["id", "host", "cluster", "run", "role"]) string(recording[key], key);
  positive(recording["intervalMs"], "intervalMs");
  count(header["segment"], "segment");
  count(header["block"], "block");
  const start = record(header["start"], "start");
  number(start["wallMs"], "start");
  number(start["monotonicMs"], "start");
  const objects = list(header["objects"], "objects");
  for (const object of objects) checkObject(record(object, "object"));
  return value as BlockHeader;
}

/** @throws Error when it is not an event */
export function checkEvent(value: unknown): LogEvent {
  const event = record(value, "event");
  number(event["timeMs"], "time of an event");
  string(event["kind"], "kind of an event");
  string(event["text"], "text of an event");
  return value as LogEvent;
}

/** @throws Error when it is not an end mark */
export function checkEnd(value: unknown): SegmentEnd {
  const { reason } = record(value, "end");
  if (reason !== "rotated" && reason !== "stopped") throw new Error("reason of an end");
  return { reason };
}

/** @throws Error when the entry is not one */
export function checkUnit(value: unknown, objects: number): UnitEntry {
  const [id, object, group, instance, parent, attributes] = list(value, "series");
  count(id, "series id");
  if (count(object, "object position") >= objects) throw new Error("series of an unknown object");
  count(group, "group position");
  string(instance, "instance");
  if (parent !== undefined) string(parent, "parent");
  if (attributes !== undefined) {
    for (const attribute of Object.values(record(attributes, "attributes"))) {
      string(attribute, "attribute");
    }
  }
  return value as UnitEntry;
}

function checkObject(
  object: Record<string, unknown>,
): asserts object is Record<keyof RecordedObject, unknown> {
  string(object["name"], "object name");
  const widths = list(object["groups"], "groups").map((group) => {
    const { id, fields } = record(group, "group");
    string(id, "group id");
    return list(fields, "fields").map((field) => checkField(record(field, "field"))).length;
  });
  const cooked = object["cooked"];
  if (cooked !== undefined && cooked !== true) throw new Error("form of an object");
  if (cooked && widths.some((width) => width !== COOKED_FIELDS.length)) {
    throw new Error("fields of values");
  }
  for (const counter of list(object["counters"], "counters")) {
    checkCounter(record(counter, "counter"), widths, cooked === true);
  }
}

function checkField(field: Record<string, unknown>): asserts field is Record<keyof Field, unknown> {
  string(field["id"], "field id");
  if (field["kind"] !== "counter" && field["kind"] !== "gauge") throw new Error("kind of a field");
}

function checkCounter(
  counter: Record<string, unknown>,
  widths: readonly number[],
  cooked: boolean,
): void {
  string(counter["name"], "counter name");
  string(counter["unit"], "unit");
  if (!TYPES.has(String(counter["type"]))) throw new Error("type of a counter");
  number(counter["scale"], "scale of a counter");
  const width = widths[count(counter["group"], "group of a counter")];
  if (width === undefined) throw new Error("counter of an unknown group");
  checkTerms(counter["value"], width);
  const needsBase = !cooked && (counter["type"] === "average" || counter["type"] === "fraction");
  if (counter["base"] !== undefined || needsBase) checkTerms(counter["base"], width);
}

function checkTerms(value: unknown, width: number): asserts value is Terms {
  const terms = list(value, "terms");
  if (terms.length === 0) throw new Error("counter without a field");
  for (const term of terms) {
    const [position, sign] = list(term, "term");
    if (count(position, "field position") >= width) throw new Error("counter of an unknown field");
    if (sign !== 1 && sign !== -1) throw new Error("sign of a field");
  }
}

export function record(value: unknown, what: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Error(`${what} is not an object`);
  }
  return value as Record<string, unknown>;
}

export function list(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new Error(`${what} is not a list`);
  return value;
}

function string(value: unknown, what: string): string {
  if (typeof value !== "string") throw new Error(`${what} is not text`);
  return value;
}

function number(value: unknown, what: string): number {
  if (typeof value !== "number") throw new Error(`${what} is not a number`);
  return value;
}

function count(value: unknown, what: string): number {
  if (typeof value !== "number" || !Number.isInteger(value) || value < 0) {
    throw new Error(`${what} is not a whole number`);
  }
  return value;
}

function positive(value: unknown, what: string): number {
  if (typeof value !== "number" || !(value > 0)) throw new Error(`${what} is not positive`);
  return value;
}
