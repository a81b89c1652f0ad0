/**
 * Checks a parsed document against version 1 of the comparison's JSON (docs/compare-json.md): every
 * key, no other key, every value of its kind.
 */
import { RESOURCES, STATES } from "../../src/analysis/resources.ts";

/** Gives what is wrong at a place; nothing when all is well. */
type Check = (value: unknown, at: string) => string[];

const wrong = (at: string, expected: string, value: unknown) => [
  `${at}: expected ${expected}, got ${JSON.stringify(value)}`,
];

const text =
  (pattern = /./s): Check =>
  (value, at) =>
    typeof value === "string" && pattern.test(value) ? [] : wrong(at, String(pattern), value);

const anyText: Check = (value, at) =>
  typeof value === "string" ? [] : wrong(at, "a string", value);

const number =
  (low = -Infinity, high = Infinity): Check =>
  (value, at) =>
    typeof value === "number" && Number.isFinite(value) && value >= low && value <= high
      ? []
      : wrong(at, `a number from ${low} to ${high}`, value);

const oneOf =
  (...values: readonly unknown[]): Check =>
  (value, at) =>
    values.includes(value) ? [] : wrong(at, `one of ${values.join(", ")}`, value);

const orNull =
  (check: Check): Check =>
  (value, at) =>
    value === null ? [] : check(value, at);

const listOf =
  (check: Check): Check =>
  (value, at) =>
    Array.isArray(value)
      ? value.flatMap((item, i) => check(item, `${at}[${i}]`))
      : wrong(at, "a list", value);

const pairOf =
  (check: Check): Check =>
  (value, at) =>
    Array.isArray(value) && value.length === 2
      ? listOf(check)(value, at)
      : wrong(at, "a pair", value);

const object =
  (shape: Readonly<Record<string, Check>>): Check =>
  (value, at) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      return wrong(at, "an object", value);
    }
    const fields = value as Readonly<Record<string, unknown>>;
    return [
      ...Object.keys(fields)
        .filter((key) => !(key in shape))
        .map((key) => `${at}.${key}: not in the documentation`),
      ...Object.entries(shape).flatMap(([key, check]) => check(fields[key], `${at}.${key}`)),
    ];
  };

const each = (keys: readonly string[], check: Check): Check =>
  object(Object.fromEntries(keys.map((key) => [key, check])));

const moment = text(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const percent = orNull(number(0, 100));
const run = object({
  cluster: anyText,
  run: anyText,
  hosts: listOf(anyText),
  from: orNull(moment),
  to: orNull(moment),
  durationSeconds: number(0),
});
const use = object({
  utilization: percent,
  saturation: percent,
  errors: orNull(number(0)),
  signal: anyText,
});
const phaseOfRun = object({ from: moment, to: moment, seconds: number(0) });
const limit = oneOf(...RESOURCES, "none", "unknown");

export const FINDING_SHAPE: Readonly<Record<string, Check>> = {
  id: text(),
  rule: text(/^[a-z-]+$/),
  resource: oneOf(...RESOURCES, "system"),
  severity: oneOf("critical", "warning", "info"),
  cluster: oneOf("baseline", "candidate", "both"),
  hosts: listOf(text()),
  counter: text(/^\\\\[^\\]+\\[^\\]+/),
  baseline: orNull(number()),
  candidate: orNull(number()),
  ratio: orNull(number()),
  interval: orNull(pairOf(number())),
  score: number(0),
  message: text(),
  why: text(),
  next: text(),
  sql: text(),
};

export const COMPARISON_SHAPE: Readonly<Record<string, Check>> = {
  schema: oneOf(1),
  baseline: run,
  candidate: run,
  comparability: listOf(
    object({
      code: text(/^[a-z-]+$/),
      severity: oneOf("error", "warning", "info"),
      message: text(),
    }),
  ),
  inventory: listOf(
    object({
      key: text(),
      baseline: orNull(anyText),
      candidate: orNull(anyText),
      relevance: oneOf("high", "medium", "low"),
    }),
  ),
  resources: each(
    RESOURCES,
    object({
      baseline: use,
      candidate: use,
      state: oneOf("better", "same", "worse", "unknown"),
    }),
  ),
  timeAttribution: object({
    baseline: each(STATES, number(0, 1)),
    candidate: each(STATES, number(0, 1)),
    seconds: each(["baseline", "candidate"], number(0)),
    extraSeconds: each(STATES, number()),
    upperBounds: listOf(
      object({
        cluster: oneOf("baseline", "candidate"),
        resource: oneOf(...RESOURCES),
        seconds: number(0),
        remainingSeconds: number(0),
        arithmetic: text(),
      }),
    ),
  }),
  limits: object({ baseline: limit, candidate: limit }),
  verdict: object({
    outcome: oneOf("difference", "no-difference", "inconclusive"),
    slower: oneOf("baseline", "candidate", "neither", "unknown"),
    bottleneck: oneOf(...RESOURCES, "none", "inconclusive"),
    cluster: oneOf("baseline", "candidate", "both", null),
    scope: oneOf("cluster", "hosts", null),
    hosts: listOf(text()),
    confidence: number(0, 1),
    summary: text(),
  }),
  phases: listOf(
    object({
      name: text(),
      source: oneOf("marks", "change-points"),
      baseline: phaseOfRun,
      candidate: phaseOfRun,
      extraSeconds: each(STATES, number()),
      bottleneck: oneOf(...RESOURCES, "none"),
    }),
  ),
  stragglers: listOf(
    object({
      cluster: oneOf("baseline", "candidate"),
      host: text(),
      role: anyText,
      what: oneOf(...RESOURCES, "finish"),
      seconds: number(0),
      peersSeconds: number(0),
    }),
  ),
  findings: listOf(object(FINDING_SHAPE)),
};

/** Everything that is wrong with the document, by its place; empty when it is as documented. */
export function comparisonFaults(document: unknown): string[] {
  return object(COMPARISON_SHAPE)(document, "$");
}
