/**
 * Counter paths, as Windows Performance Monitor writes them:
 *
 *     \\host\Object(parent/instance#index)\Counter
 *
 * The host, the whole instance part, the parent and the index may be left out; `#0` is never
 * written. Any part may hold `*`, which stands for any run of characters. Names compare without
 * regard to case.
 */
import { UsageError } from "../util/errors.ts";

export interface CounterPath {
  readonly host?: string;
  readonly object: string;
  readonly parent?: string;
  /** Absent when the path has no parentheses. */
  readonly instance?: string;
  /** Which of several instances of one name, from 0; 0 when left out. */
  readonly index?: number;
  readonly counter: string;
}

/**
 * Reads a path. On the command line the leading backslash may be left out: `Memory\Available Bytes`.
 *
 * @throws UsageError that shows the form of a path
 */
export function parseCounterPath(text: string): CounterPath {
  const { host, rest } = splitHost(text);
  const instance = splitInstance(rest);
  const separator = instance ? instance.end : rest.indexOf("\\");
  if (separator < 0 || rest[separator] !== "\\") throw malformed(text);
  const object = rest.slice(0, instance ? instance.start : separator);
  const counter = rest.slice(separator + 1);
  if (object === "" || counter === "" || counter.includes("\\")) throw malformed(text);
  return {
    ...(host === undefined ? undefined : { host }),
    object,
    ...(instance ? parseInstance(instance.text) : undefined),
    counter,
  };
}

function splitHost(text: string): { host?: string; rest: string } {
  if (!text.startsWith("\\\\")) return { rest: text.startsWith("\\") ? text.slice(1) : text };
  const end = text.indexOf("\\", 2);
  if (end <= 2) throw malformed(text);
  return { host: text.slice(2, end), rest: text.slice(end + 1) };
}

/** The instance stands between the first `(` of the object part and the last `)` before a `\`. */
function splitInstance(rest: string): { text: string; start: number; end: number } | undefined {
  const start = rest.indexOf("(");
  const firstSeparator = rest.indexOf("\\");
  if (start < 0 || (firstSeparator >= 0 && firstSeparator < start)) return undefined;
  const close = rest.indexOf(")\\", start);
  if (close < 0) return undefined;
  return { text: rest.slice(start + 1, close), start, end: close + 1 };
}

function parseInstance(text: string): Pick<CounterPath, "parent" | "instance" | "index"> {
  const slash = text.indexOf("/");
  const parent = slash > 0 ? text.slice(0, slash) : undefined;
  let instance = slash > 0 ? text.slice(slash + 1) : text;
  let index: number | undefined;
  const numbered = /^(.*)#(\d+)$/.exec(instance);
  if (numbered) {
    instance = numbered[1]!;
    index = Number(numbered[2]);
  }
  return {
    ...(parent === undefined ? undefined : { parent }),
    instance,
    ...(index ? { index } : undefined),
  };
}

function malformed(text: string): UsageError {
  return new UsageError(
    `"${text}" is not a counter path.`,
    String.raw`A path is \Object(instance)\Counter, such as "\Processor(_Total)\% Processor Time" or "\Memory\*".`,
  );
}

/** Writes a path; reserved characters in names are replaced as Perfmon does. */
export function formatCounterPath(path: CounterPath): string {
  const host = path.host === undefined ? "" : `\\\\${path.host}`;
  return `${host}\\${path.object}${formatInstance(path)}\\${path.counter}`;
}

function formatInstance({ parent, instance, index }: CounterPath): string {
  if (instance === undefined || (instance === "" && !parent)) return "";
  const above = parent ? `${pathSafe(parent)}/` : "";
  return `(${above}${pathSafe(instance)}${index ? `#${index}` : ""})`;
}

/**
 * Perfmon's replacement of the characters that a path reserves: `(` and `)` become `[` and `]`, the
 * others `_`. A lone `*` is a wildcard and stays.
 */
export function pathSafe(name: string): string {
  return name
    .replace(/\(/g, "[")
    .replace(/\)/g, "]")
    .replace(/[#\\/]/g, "_");
}

/** Compiles a part with `*` to a test; without regard to case. */
export function globMatcher(pattern: string): (text: string) => boolean {
  if (pattern === "*") return () => true;
  if (!pattern.includes("*")) {
    const lower = pattern.toLowerCase();
    return (text) => text === pattern || text.toLowerCase() === lower;
  }
  const source = pattern
    .split("*")
    .map((piece) => piece.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
    .join(".*");
  const expression = new RegExp(`^${source}$`, "is");
  return (text) => expression.test(text);
}

/**
 * Compiles a pattern path to a test of concrete ones. A pattern without a host matches every host;
 * one without an instance part matches every instance; one without a parent matches every parent.
 * Names are compared in their path-safe form, so that what was printed can be typed.
 */
export function counterPathMatcher(pattern: CounterPath): (path: CounterPath) => boolean {
  const host = globMatcher(pattern.host ?? "*");
  const object = globMatcher(pattern.object);
  const parent = globMatcher(pattern.parent ?? "*");
  const instance = globMatcher(pattern.instance ?? "*");
  const counter = globMatcher(pattern.counter);
  return (path) =>
    object(path.object) &&
    counter(path.counter) &&
    instance(pathSafe(path.instance ?? "")) &&
    parent(pathSafe(path.parent ?? "")) &&
    host(path.host ?? "") &&
    (pattern.index === undefined || pattern.index === (path.index ?? 0));
}
