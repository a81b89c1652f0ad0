/** Inventories of two sides: which keys differ, and how much that may matter. */
import type { InventoryDifference } from "./comparison.ts";
import type { ResourceName } from "./resources.ts";
import type { HostDescription } from "./source.ts";

type Relevance = InventoryDifference["relevance"];

/** What differs from host to host by nature. */
const IDENTITY = /^(schema|hostname|boot\.|privilege\.uid$|.*\.(id|uuid|serial|address)$)/i;

/** First match counts; what matches nothing is of low relevance. */
const RELEVANCE: readonly (readonly [RegExp, Relevance, ResourceName | null])[] = [
  [/^cpu\.(model|vendor|logicalCpus|cores|nominalMHz|maxMHz|frequency)/, "high", "cpu"],
  [/^cgroup\.cpuLimit$/, "high", "cpu"],
  [/^cpu\./, "medium", "cpu"],
  [/^memory\.totalBytes$|^cgroup\.(memory|swap)Limit/, "high", "memory"],
  [/^swap\.totalBytes$/, "high", "memory"],
  [/^(memory|swap)\.|^settings\.(vm\.|transparent_hugepage)/, "medium", "memory"],
  [/^virtualization\./, "high", "virtualization"],
  [/^disks\..*\.(kind|rotational|model|scheduler|writeCache|raidLevel)$/, "high", "disk"],
  [/^disks\./, "medium", "disk"],
  [/^interfaces\..*\.(speedMbps|duplex|driver|mtuBytes)$/, "high", "network"],
  [/^(interfaces\.|settings\.net\.)/, "medium", "network"],
  [/^kernel\.release$|^settings\.(cmdline|kernel\.)|^clockSource$/, "medium", "cpu"],
  [/^(kernel|distribution)\./, "medium", null],
];

const RANK: Readonly<Record<Relevance, number>> = { high: 0, medium: 1, low: 2 };
/** Numbers closer than this (memory of like guests, clocks) count as equal. */
const SAME_WITHIN = 0.01;

/** @param first the resource whose keys come first among equals: the one that differs */
export function inventoryDifferences(
  baseline: readonly HostDescription[],
  candidate: readonly HostDescription[],
  first: string,
): InventoryDifference[] {
  const left = valuesByKey(baseline);
  const right = valuesByKey(candidate);
  // A side without any inventory (an imported file) differs in nothing that is known.
  if (left.size === 0 || right.size === 0) return [];
  const differences: (InventoryDifference & { resource: ResourceName | null })[] = [];
  for (const key of new Set([...left.keys(), ...right.keys()])) {
    if (IDENTITY.test(key)) continue;
    const before = left.get(key) ?? [];
    const after = right.get(key) ?? [];
    if (sameValues(before, after)) continue;
    const [, relevance, resource] = RELEVANCE.find(([pattern]) => pattern.test(key)) ?? [
      null,
      "low" as const,
      null,
    ];
    differences.push({
      key,
      baseline: described(before),
      candidate: described(after),
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

/** Per dotted key the hosts' values, sorted. */
function valuesByKey(hosts: readonly HostDescription[]): Map<string, string[]> {
  const result = new Map<string, string[]>();
  const add = (key: string, value: unknown) => {
    if (value === null || value === undefined) return;
    if (Array.isArray(value)) add(key, value.map(String).join(" ") || null);
    else if (typeof value === "object") {
      for (const [name, inner] of Object.entries(value)) add(key ? `${key}.${name}` : name, inner);
    } else {
      const list = result.get(key);
      const text = typeof value === "string" ? value : JSON.stringify(value);
      if (list) list.push(text);
      else result.set(key, [text]);
    }
  };
  for (const host of hosts) add("", host.inventory);
  for (const list of result.values()) list.sort();
  return result;
}

/** Whether the kinds of values are the same, however many hosts have each. */
function sameValues(before: readonly string[], after: readonly string[]): boolean {
  const left = distinct(before);
  const right = distinct(after);
  const covers = (some: readonly string[], others: readonly string[]) =>
    some.every((value) => others.some((other) => sameValue(value, other)));
  return covers(left, right) && covers(right, left);
}

function sameValue(a: string, b: string): boolean {
  if (a === b) return true;
  const x = Number(a);
  const y = Number(b);
  return x > 0 && y > 0 && Math.abs(x - y) <= SAME_WITHIN * Math.max(x, y);
}

function described(values: readonly string[]): string | null {
  const kinds = distinct(values);
  if (kinds.length === 0) return null;
  if (kinds.length === 1) return kinds[0]!;
  const counted = kinds.map((kind) => {
    const hosts = values.filter((value) => value === kind).length;
    return `${kind} (${hosts} ${hosts === 1 ? "host" : "hosts"})`;
  });
  const shown = counted.slice(0, 4).join(", ");
  return counted.length > 4 ? `${shown} and ${counted.length - 4} more` : shown;
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)];
}
