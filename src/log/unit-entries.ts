/**
 * Lists of units as a log has them: an instance with attributes (a process: role, user, control group)
 * is written once, with the first of its units; the others name that unit.
 */
import type { UnitEntry } from "./block.ts";
import { checkUnit, list } from "./check.ts";

/** `[unit id, object position, group position, id of a unit of the same instance before it]` */
type Reference = readonly [id: number, object: number, group: number, same: number];

export function denseEntries(entries: readonly UnitEntry[]): (UnitEntry | Reference)[] {
  const known = new Map<unknown, UnitEntry>();
  return entries.map((entry) => {
    const [id, object, group, instance, parent, attributes] = entry;
    if (attributes === undefined) return entry;
    // Units of an instance share the attributes, the very same ones.
    const first = known.get(attributes);
    if (first?.[3] === instance && first[4] === parent) return [id, object, group, first[0]];
    known.set(attributes, entry);
    return entry;
  });
}

/** @throws Error when it is not such a list */
export function looseEntries(value: unknown, objects: number): UnitEntry[] {
  const known = new Map<number, UnitEntry>();
  return list(value, "series").map((item) => {
    const [id, object, group, same] = list(item, "series");
    let whole = item;
    if (typeof same === "number") {
      const first = known.get(same);
      if (!first) throw new Error("series of an unknown instance");
      whole = [id, object, group, ...first.slice(3)];
    }
    const entry = checkUnit(whole, objects);
    known.set(entry[0], entry);
    return entry;
  });
}
