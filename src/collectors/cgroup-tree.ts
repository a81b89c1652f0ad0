/**
 * Which control groups there are. They come and go, so their folders are listed each time; what is
 * below services, scopes and containers is theirs, and is not looked into.
 */
import { readdirSync, statSync } from "node:fs";
import { cgroupKind } from "../procfs/cgroup.ts";
import type { CgroupTreePlace } from "./cgroup-layout.ts";

/** Deep enough for the containers of Kubernetes with systemd, and of users without root. */
const MAX_DEPTH = 6;
/** What systemd makes for mounts and the like: nothing runs in them. */
const NOTHING_RUNS = /\.(mount|swap|socket|device|automount|timer|path|target)$/;

/** A folder without folders in it, in file systems that count so (cgroupfs does). */
const LINKS_OF_LEAF = 2;

/** Path from the root, without a slash at its start (the root is ""), to the trees that have it, a bit each. */
export type FoundGroups = Map<string, number>;

/** @returns all groups of all trees, parents before children */
export function findGroups(trees: readonly CgroupTreePlace[]): FoundGroups {
  const found: FoundGroups = new Map();
  let level: string[] = [""];
  found.set("", (1 << trees.length) - 1);
  for (let depth = 1; depth <= MAX_DEPTH && level.length > 0; depth++) {
    const next = new Map<string, number>();
    for (const path of level) {
      const inTrees = found.get(path)!;
      for (let tree = 0; tree < trees.length; tree++) {
        // Of services only one tree is looked into: few have groups of their own.
        if ((inTrees & (1 << tree)) === 0 || (tree > 0 && isService(path))) continue;
        for (const name of subgroups(`${trees[tree]!.folder}/${path}`)) {
          const child = path === "" ? name : `${path}/${name}`;
          next.set(child, (next.get(child) ?? 0) | (1 << tree));
        }
      }
    }
    const names = [...next.keys()].sort();
    for (const path of names) found.set(path, next.get(path)!);
    level = names.filter(mayHaveGroups);
  }
  return found;
}

function isService(path: string): boolean {
  return path.endsWith(".service");
}

function mayHaveGroups(path: string): boolean {
  const kind = cgroupKind(path.slice(path.lastIndexOf("/") + 1));
  return kind !== "container" && kind !== "scope";
}

function subgroups(folder: string): string[] {
  try {
    if (statSync(folder).nlink === LINKS_OF_LEAF) return [];
    const names: string[] = [];
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (entry.isDirectory() && !NOTHING_RUNS.test(entry.name)) names.push(entry.name);
    }
    return names;
  } catch {
    // Removed meanwhile.
    return [];
  }
}
