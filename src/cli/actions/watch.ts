/** `perfmon watch`: values of this host, live. */
import { hostname } from "node:os";
import { hostContext } from "../../agent/host-context.ts";
import { monotonicMs } from "../../util/monotonic.ts";
import { collectors } from "../../collectors/all.ts";
import { globMatcher, type CounterPath } from "../../counter/path.ts";
import { UsageError, UserError } from "../../util/errors.ts";
import { parseDuration } from "../../util/quantity.ts";
import type { CliContext } from "../context.ts";
import { LiveCounters } from "../live/live-counters.ts";
import { onGrid } from "../live/on-grid.ts";
import { resolvePatterns } from "../live/resolve-patterns.ts";
import { watchHost } from "../screen/watch-host.ts";
import { valueWriter, WATCH_FORMATS, type WatchFormat } from "../live/value-writer.ts";

interface WatchOptions {
  readonly interval: string;
  readonly count?: string;
  readonly format?: string;
}

export async function watch(
  paths: readonly string[],
  options: WatchOptions,
  context: CliContext,
): Promise<void> {
  const intervalMs = parseDuration(options.interval);
  if (intervalMs < 10) throw new UsageError("The interval must be at least 10ms.");
  const count = chosenCount(options.count);
  if (paths.length === 0) {
    checkScreenFormat(options.format);
    await watchHost({ intervalMs, count }, context);
    return;
  }
  const format = chosenFormat(options.format, context);
  const objects = collectors.map(({ object }) => object);
  const patterns = resolvePatterns(paths, objects);
  const needed = collectors.filter(({ object }) =>
    patterns.some((pattern) => globMatcher(pattern.object)(object.name)),
  );
  const host = hostname();
  const live = new LiveCounters(needed, hostContext({ allBlockDevices: true }), patterns, host);
  try {
    live.sample(monotonicMs());
    checkPresent(live, patterns);
    const writer = valueWriter(format, context.stdout, host);
    writer.start(live.values());
    await onGrid(intervalMs, count, context.interruption(), () => {
      live.sample(monotonicMs());
      writer.write(new Date(), live.values());
    });
    writer.end();
  } finally {
    live.close();
  }
}

function chosenFormat(format: string | undefined, { stdout }: CliContext): WatchFormat {
  if (format === undefined) return stdout.isTerminal ? "table" : "csv";
  const known = WATCH_FORMATS.find((name) => name === format);
  if (known) return known;
  throw new UsageError(
    `There is no format "${format}".`,
    `There are: ${WATCH_FORMATS.join(", ")}.`,
  );
}

/** Without paths there is the screen of the host, which has one form. */
function checkScreenFormat(format: string | undefined): void {
  if (format === undefined || format === "table") return;
  throw new UsageError(
    `--format ${format} needs counter paths.`,
    String.raw`For instance: perfmon watch '\Processor(*)\*' --format ${format}`,
  );
}

function chosenCount(text: string | undefined): number {
  if (text === undefined) return Infinity;
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new UsageError(
    `-n ${text} is not a number of samples.`,
    "Write a whole number, at least 1.",
  );
}

/** A path that is declared but finds nothing here is told at once, with what there is. */
function checkPresent(live: LiveCounters, patterns: readonly CounterPath[]): void {
  const failed = live.failures.find(({ object }) =>
    patterns.some((pattern) => pattern.object.toLowerCase() === object.toLowerCase()),
  );
  if (failed) throw new UserError(`${failed.object} cannot be read: ${failed.error.message}`);
  for (const pattern of patterns) {
    const isObject = globMatcher(pattern.object);
    const units = live.units.filter((unit) => isObject(unit.object.name));
    if (units.length === 0) {
      if (pattern.object.includes("*") || live.objectNames.some(isObject)) continue;
      throw new UserError(
        `This kernel has no counter object "${pattern.object}".`,
        "`perfmon counters -x` lists the counters that are here now.",
      );
    }
    const counters = units.flatMap(({ object }) => object.counters.map(({ name }) => name));
    if (!counters.some(globMatcher(pattern.counter))) {
      throw new UserError(
        `This kernel has no counter "${pattern.counter}" of "${pattern.object}".`,
      );
    }
    const instance = pattern.instance ?? "*";
    const names = [...new Set(units.map((unit) => unit.instance.name))];
    if (instance.includes("*") || live.hasMatch(pattern)) continue;
    const some = names.filter((name) => name !== "").slice(0, 12);
    throw new UsageError(
      `"${pattern.object}" has no instance "${instance}" now.`,
      some.length > 0
        ? `There are: ${some.join(", ")}${names.length > some.length ? ", ..." : ""}.`
        : "It has no instances: leave the parentheses out.",
    );
  }
}
