/** What the hosts of a run are: each key once, with how many hosts have which value. */
import { valuesByKey } from "../inventory-keys.ts";
import { isIdentity, ruleFor } from "../inventory-relevance.ts";
import type { HostDescription } from "../source.ts";
import type { InventoryFact } from "./run-report.ts";

const RANK = { high: 0, medium: 1, low: 2 } as const;
const MOST_VALUES = 6;

/** The most relevant first; names and ids of hosts are left out. */
export function inventoryFacts(hosts: readonly HostDescription[]): InventoryFact[] {
  const inventories = hosts.map(({ inventory }) => inventory);
  // Against itself every disk and interface is there on both sides, and told in full.
  const [values] = valuesByKey(inventories, inventories);
  return [...values]
    .filter(([key]) => !isIdentity(key))
    .map(([key, list]) => ({
      key,
      relevance: ruleFor(key)?.relevance ?? ("low" as const),
      values: counted(list),
    }))
    .sort((a, b) => RANK[a.relevance] - RANK[b.relevance] || (a.key < b.key ? -1 : 1));
}

function counted(values: readonly string[]): InventoryFact["values"] {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts]
    .map(([value, hosts]) => ({ value, hosts }))
    .sort((a, b) => b.hosts - a.hosts || (a.value < b.value ? -1 : 1))
    .slice(0, MOST_VALUES);
}
