/** Inventories of two sides as flat keys that can be laid side by side. */
import { isSet, NAMED_GROUPS } from "./inventory-relevance.ts";

type Inventory = Readonly<Record<string, unknown>>;

/** Per dotted key the hosts' values as text, sorted. A host has each value of a key once. */
export type ValuesByKey = ReadonlyMap<string, readonly string[]>;

/**
 * What stands under a name (a disk, an interface) is laid side by side by that name. Where the two
 * sides have no name in common, the things are compared as a kind, under `*`; what only one side has
 * is one line that says what it is, and not one for each of its facts.
 */
export function valuesByKey(
  baseline: readonly Inventory[],
  candidate: readonly Inventory[],
): readonly [ValuesByKey, ValuesByKey] {
  const left = baseline.map((inventory) => ({ ...inventory }));
  const right = candidate.map((inventory) => ({ ...inventory }));
  const sides = [collected(left), collected(right)] as const;
  for (const [group, summary] of NAMED_GROUPS) {
    const before = namesOf(left, group);
    const after = namesOf(right, group);
    const shared = new Set([...before].filter((name) => after.has(name)));
    const asKind = shared.size === 0 && before.size > 0 && after.size > 0;
    for (const [values, inventories] of [
      [sides[0], left],
      [sides[1], right],
    ] as const) {
      for (const inventory of inventories) {
        const found = new Map<string, Set<string>>();
        for (const [name, facts] of Object.entries(groupOf(inventory, group))) {
          if (asKind) flatten(`${group}.*`, facts, found);
          else if (shared.has(name)) flatten(`${group}.${name}`, facts, found);
          else put(found, `${group}.${name}`, shortly(facts, summary));
        }
        take(values, found);
      }
    }
  }
  for (const values of sides) for (const list of values.values()) list.sort();
  return sides;
}

/** All keys but those of the named groups. */
function collected(inventories: readonly Inventory[]): Map<string, string[]> {
  const values = new Map<string, string[]>();
  for (const inventory of inventories) {
    const found = new Map<string, Set<string>>();
    flatten("", inventory, found);
    take(values, found);
  }
  return values;
}

function take(
  values: Map<string, string[]>,
  found: ReadonlyMap<string, ReadonlySet<string>>,
): void {
  for (const [key, set] of found) {
    const list = values.get(key);
    if (list) list.push(...set);
    else values.set(key, [...set]);
  }
}

function flatten(key: string, value: unknown, found: Map<string, Set<string>>): void {
  if (value === null || value === undefined) return;
  if (Array.isArray(value)) {
    const words = value.map(String);
    if (words.length > 0) put(found, key, (isSet(key) ? words.sort() : words).join(" "));
  } else if (typeof value === "object") {
    for (const [name, inner] of Object.entries(value)) {
      const path = key === "" ? name : `${key}.${name}`;
      if (!GROUPS.has(path)) flatten(path, inner, found);
    }
  } else put(found, key, typeof value === "string" ? value : JSON.stringify(value));
}

const GROUPS: ReadonlySet<string> = new Set(NAMED_GROUPS.map(([group]) => group));

function put(found: Map<string, Set<string>>, key: string, value: string): void {
  const set = found.get(key);
  if (set) set.add(value);
  else found.set(key, new Set([value]));
}

function namesOf(inventories: readonly Inventory[], group: string): Set<string> {
  return new Set(inventories.flatMap((inventory) => Object.keys(groupOf(inventory, group))));
}

function groupOf(inventory: Inventory, group: string): Readonly<Record<string, unknown>> {
  let value: unknown = inventory;
  for (const part of group.split(".")) {
    value = isObject(value) ? value[part] : undefined;
  }
  return isObject(value) ? value : {};
}

/** `nvme, Amazon Elastic Block Store, 107374182400`; without facts to tell, how many there are. */
function shortly(facts: unknown, summary: readonly string[]): string {
  if (!isObject(facts)) return "present";
  const told = summary.flatMap((name) => {
    const value = facts[name];
    return typeof value === "string" || typeof value === "number" ? [`${value}`] : [];
  });
  return told.length > 0 ? told.join(", ") : `${Object.keys(facts).length} keys`;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
