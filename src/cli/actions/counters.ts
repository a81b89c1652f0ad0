/** `perfmon counters`: everything it says comes from the collectors' declarations. */
import { hostname } from "node:os";
import { hostContext } from "../../agent/host-context.ts";
import { monotonicMs } from "../../util/monotonic.ts";
import type { Collector } from "../../collectors/collector.ts";
import { collectors } from "../../collectors/all.ts";
import type { Counter, CounterObject } from "../../counter/declaration.ts";
import { formatCounterPath, globMatcher, parseCounterPath } from "../../counter/path.ts";
import { UserError } from "../../util/errors.ts";
import type { CliContext } from "../context.ts";
import { explainCounter, firstSentence } from "../live/explain.ts";
import { LiveCounters } from "../live/live-counters.ts";
import { resolvePatterns } from "../live/resolve-patterns.ts";
import { jsonDocument } from "../output/numbers.ts";
import { textTable } from "../output/text-table.ts";

interface CountersOptions {
  readonly explain?: true;
  readonly instances?: true;
  readonly advanced?: true;
  readonly json?: true;
}

/** An object with those of its counters that were asked for. */
interface Selection {
  readonly object: CounterObject;
  readonly counters: readonly Counter[];
  /** Advanced counters that are left out of the list. */
  readonly hidden: number;
}

export async function listCounters(
  paths: readonly string[],
  options: CountersOptions,
  context: CliContext,
): Promise<void> {
  const objects = collectors.map(({ object }) => object);
  const selections = select(paths, objects, options);
  if (options.instances) {
    const chosen = new Set(selections.map(({ object }) => object));
    const open = collectors.filter(({ object }) => chosen.has(object));
    const lines = livePaths(open, selections);
    context.stdout.write(options.json ? jsonDocument(lines) : `${lines.join("\n")}\n`);
  } else if (options.json) {
    context.stdout.write(
      jsonDocument(selections.map(({ object, counters }) => described(object, counters))),
    );
  } else if (options.explain) {
    const width = Math.min(context.stdout.columns, 100);
    const blocks = selections.flatMap(({ object, counters }) =>
      counters.map((counter) => explainCounter(object, counter, width)),
    );
    context.stdout.write(`${blocks.join("\n\n")}\n`);
  } else if (paths.length === 0) context.stdout.write(objectTable(selections, context));
  else context.stdout.write(counterTables(selections, context));
}

function select(
  paths: readonly string[],
  objects: readonly CounterObject[],
  options: CountersOptions,
): Selection[] {
  const all = paths.length === 0;
  const word = paths.length === 1 ? paths[0]! : "";
  const found = all ? undefined : searched(word, objects);
  if (found) return found;
  const patterns = resolvePatterns(all ? [String.raw`\*\*`] : paths, objects);
  const selections: Selection[] = [];
  for (const object of objects) {
    const matching = patterns.filter((pattern) => globMatcher(pattern.object)(object.name));
    if (matching.length === 0) continue;
    // Advanced counters are shown when asked for by more than "everything of this object".
    const everything =
      options.json === true || options.advanced === true || options.instances === true;
    const wanted = object.counters.filter(({ name }) =>
      matching.some(({ counter }) => globMatcher(counter)(name)),
    );
    const counters = wanted.filter(
      ({ level, name }) =>
        everything ||
        level !== "advanced" ||
        matching.some(({ counter }) => counter !== "*" && globMatcher(counter)(name)),
    );
    if (wanted.length > 0) {
      selections.push({ object, counters, hidden: wanted.length - counters.length });
    }
  }
  return selections;
}

/** A plain word that names no object: looked for in names, help and equivalents. */
function searched(word: string, objects: readonly CounterObject[]): Selection[] | undefined {
  if (!/^[^\\()*]{2,}$/.test(word)) return undefined;
  if (objects.some(({ name }) => name.toLowerCase() === word.toLowerCase())) return undefined;
  const needle = word.toLowerCase();
  const selections = objects.flatMap((object) => {
    const counters = object.counters.filter((counter) => searchText(counter).includes(needle));
    return counters.length > 0 ? [{ object, counters, hidden: 0 }] : [];
  });
  return selections.length > 0 ? selections : undefined;
}

function searchText({ name, help, source, equivalents = [] }: Counter): string {
  return [name, help, source.field, ...equivalents].join("\n").toLowerCase();
}

function described(object: CounterObject, counters: readonly Counter[]): unknown {
  return {
    object: object.name,
    help: object.help,
    instances: object.instances === "none" ? null : object.instances.what,
    counters: counters.map((counter) => ({
      path: pathOf(object, counter),
      name: counter.name,
      help: counter.help,
      unit: counter.unit,
      type: counter.type,
      resource: counter.resource,
      use: counter.use,
      better: counter.better,
      level: counter.level ?? "standard",
      defaultScale: counter.defaultScale ?? 0,
      source: counter.source,
      equivalents: counter.equivalents ?? [],
    })),
  };
}

function pathOf(object: CounterObject, counter: Counter): string {
  const instance = object.instances === "none" ? undefined : "*";
  return formatCounterPath({
    object: object.name,
    ...(instance === undefined ? undefined : { instance }),
    counter: counter.name,
  });
}

function objectTable(selections: readonly Selection[], context: CliContext): string {
  const rows = selections.map(({ object }) => [
    object.name,
    String(object.counters.length),
    object.instances === "none" ? "" : object.instances.what,
    firstSentence(object.help),
  ]);
  const columns = [
    { title: "object" },
    { title: "counters", align: "right" as const },
    { title: "instances", maxWidth: 30 },
    { title: "what it tells", maxWidth: 200 },
  ];
  const lines = textTable(columns, rows).map((line) => clip(line, context));
  return `${lines.join("\n")}\n\nCounters of an object: perfmon counters OBJECT\n`;
}

function counterTables(selections: readonly Selection[], context: CliContext): string {
  const blocks = selections.map(({ object, counters, hidden }) => {
    const rows = counters.map((counter) => [
      pathOf(object, counter),
      counter.unit,
      firstSentence(counter.help),
    ]);
    const lines = textTable(
      [{ title: object.name }, { title: "unit" }, { title: "what it tells" }],
      rows,
    );
    if (hidden > 0) lines.push(`... and ${hidden} advanced: perfmon counters -a "${object.name}"`);
    return lines.map((line) => clip(line, context)).join("\n");
  });
  return `${blocks.join("\n\n")}\n`;
}

/** On a terminal a line stays a line; in a pipe nothing is cut. */
function clip(line: string, { stdout }: CliContext): string {
  return stdout.isTerminal && line.length > stdout.columns
    ? `${line.slice(0, stdout.columns - 1)}…`
    : line;
}

function livePaths(open: readonly Collector[], selections: readonly Selection[]): string[] {
  const context = hostContext({ allBlockDevices: true });
  const patterns = selections.flatMap(({ object, counters }) =>
    counters.map((counter) => parseCounterPath(pathOf(object, counter))),
  );
  const live = new LiveCounters(open, context, patterns, hostname());
  try {
    live.sample(monotonicMs());
    const paths = live.values().map(({ path }) => path);
    if (paths.length > 0) return paths;
    const [failure] = live.failures;
    throw new UserError(
      failure
        ? `${failure.object} cannot be read: ${failure.error.message}`
        : "This host has no such counter.",
      failure
        ? ""
        : "Another kernel may have it; `perfmon counters` without -x lists what is declared.",
    );
  } finally {
    live.close();
  }
}
