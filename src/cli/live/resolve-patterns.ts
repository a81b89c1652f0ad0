/** Checks counter paths against what is declared, so that a typing error is told before anything runs. */
import type { CounterObject } from "../../counter/declaration.ts";
import { globMatcher, parseCounterPath, type CounterPath } from "../../counter/path.ts";
import { UsageError } from "../../util/errors.ts";
import { didYouMean, nearNames } from "../near-names.ts";

/**
 * Reads paths; one without a counter (`Memory`, `PhysicalDisk(sda)`) means all counters.
 *
 * @throws UsageError for an object or counter that is not declared, with names that are near
 */
export function resolvePatterns(
  texts: readonly string[],
  objects: readonly CounterObject[],
): CounterPath[] {
  return texts.map((text) => {
    const pattern = parseCounterPath(withCounter(text));
    const matching = objects.filter(({ name }) => globMatcher(pattern.object)(name));
    if (matching.length === 0) throw unknownObject(pattern.object, objects);
    const names = matching.flatMap(({ counters }) => counters.map(({ name }) => name));
    if (!names.some(globMatcher(pattern.counter))) throw unknownCounter(pattern, names);
    return pattern;
  });
}

/** `Memory` means all of its counters, `\\Memory\\*`. */
export function withCounter(text: string): string {
  const isWholeObject = text !== "" && !/\\./.test(text.replace(/^\\/, ""));
  return isWholeObject ? `${text.replace(/\\$/, "")}\\*` : text;
}

function unknownObject(name: string, objects: readonly CounterObject[]): UsageError {
  const near = nearNames(
    name,
    objects.map((object) => object.name),
  );
  return new UsageError(
    `There is no counter object "${name}".`,
    `${didYouMean(near)}\`perfmon counters\` lists all of them.`,
  );
}

function unknownCounter({ object, counter }: CounterPath, names: readonly string[]): UsageError {
  return new UsageError(
    `"${object}" has no counter "${counter}".`,
    `${didYouMean(nearNames(counter, names))}\`perfmon counters "${object}"\` lists all of them.`,
  );
}
