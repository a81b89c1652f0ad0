/** Inventories of two sides: which keys differ, and how much that may matter. */
import type { InventoryDifference } from "./comparison.ts";
import { valuesByKey } from "./inventory-keys.ts";
import { isIdentity, isSet, ruleFor, toleranceOf, type Relevance } from "./inventory-relevance.ts";
import type { ResourceName } from "./resources.ts";
import type { HostDescription } from "./source.ts";

const RANK: Readonly<Record<Relevance, number>> = { high: 0, medium: 1, low: 2 };
/** Numbers closer than this (memory of like guests, clocks) count as equal. */
const SAME_WITHIN = 0.01;

/** @param first the resource whose keys come first among equals: the one that differs */
export function inventoryDifferences(
  baseline: readonly HostDescription[],
  candidate: readonly HostDescription[],
  first: string,
): InventoryDifference[] {
  const [left, right] = valuesByKey(
    baseline.map(({ inventory }) => inventory),
    candidate.map(({ inventory }) => inventory),
  );
  // A side without any inventory (an imported file) differs in nothing that is known.
  if (left.size === 0 || right.size === 0) return [];
  const differences: (InventoryDifference & { resource: ResourceName | null })[] = [];
  for (const key of new Set([...left.keys(), ...right.keys()])) {
    if (isIdentity(key)) continue;
    const before = left.get(key) ?? [];
    const after = right.get(key) ?? [];
    if (sameValues(before, after, toleranceOf(key))) continue;
    const { relevance = "low", resource = null } = ruleFor(key) ?? {};
    const list = isSet(key) && before.length > 0 && after.length > 0;
    const common = list ? commonWords([...before, ...after]) : undefined;
    differences.push({
      key,
      baseline: described(key, before, common),
      candidate: described(key, after, common),
      relevance,
      resource,
    });
  }
  const order = (d: (typeof differences)[number]) =>
    RANK[d.relevance] * 2 + (d.resource === first ? 0 : 1);
  return differences
    .sort((a, b) => order(a) - order(b) || (a.key < b.key ? -1 : 1))
    .map(({ key, baseline: before, candidate: after, relevance }) => ({
      key,
      baseline: before,
      candidate: after,
      relevance,
    }));
}

/** Whether the kinds of values are the same, however many hosts have each. */
function sameValues(
  before: readonly string[],
  after: readonly string[],
  tolerance: number,
): boolean {
  const left = distinct(before);
  const right = distinct(after);
  const covers = (some: readonly string[], others: readonly string[]) =>
    some.every((value) => others.some((other) => sameValue(value, other, tolerance)));
  return covers(left, right) && covers(right, left);
}

/** Numbers that are close, and lists of such numbers (`287901 383868 575802`). */
function sameValue(a: string, b: string, tolerance: number): boolean {
  if (a === b) return true;
  const left = a.split(" ").map(Number);
  const right = b.split(" ").map(Number);
  if (left.length !== right.length) return false;
  return left.every((x, i) => {
    const y = right[i]!;
    if (x === y || Math.abs(x - y) <= tolerance) return true;
    return x > 0 && y > 0 && Math.abs(x - y) <= SAME_WITHIN * Math.max(x, y);
  });
}

/** Words that all of the values have. */
function commonWords(values: readonly string[]): ReadonlySet<string> {
  const [first = [], ...others] = values.map((value) => value.split(" "));
  return new Set(first.filter((word) => others.every((words) => words.includes(word))));
}

/** @param without words that are not worth telling, since all have them */
function described(
  key: string,
  values: readonly string[],
  without?: ReadonlySet<string>,
): string | null {
  if (values.length === 0) return null;
  const told = without ? values.map((value) => restOf(value, without)) : values;
  const kinds = distinct(told);
  if (kinds.length === 1) return kinds[0]!;
  const counted = kinds.map((kind) => {
    // Of a kind of things (`disks.*.model`) a host may have several.
    if (key.includes(".*.")) return kind;
    const hosts = told.filter((value) => value === kind).length;
    return `${kind} (${hosts} ${hosts === 1 ? "host" : "hosts"})`;
  });
  const shown = counted.slice(0, 4).join(", ");
  return counted.length > 4 ? `${shown} and ${counted.length - 4} more` : shown;
}

function restOf(value: string, without: ReadonlySet<string>): string {
  const rest = value.split(" ").filter((word) => !without.has(word));
  return rest.length > 0 ? rest.join(" ") : "none of these";
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)];
}
