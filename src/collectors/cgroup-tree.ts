/**
 * Which control groups there are. They come and go, so their folders are listed each time; what is
 * below services, scopes and containers is theirs, and is not looked into.
 */
import { cgroupKind } from "../procfs/cgroup.ts";
import { foldersIn, statSync } from "../util/host-files.ts";
import type { CgroupTreePlace } from "./cgroup-layout.ts";

/** Deep enough for the containers of Kubernetes with systemd, and of users without root. */
const MAX_DEPTH = 6;
/** What systemd makes for mounts and the like: nothing runs in them. */
const NOTHING_RUNS = /\.(mount|swap|socket|device|automount|timer|path|target)$/;

/** A folder without folders in it, in file systems that count so (cgroupfs does). */
const LINKS_OF_LEAF = 2;

/** Path from the root, without a slash at its start (the root is ""), to the trees that have it, a bit each. */
export type FoundGroups = Map<string, number>;

/** Looking at a folder costs 10 us, and a host has hundreds of services: most never have groups. */
const LOOK_INTO_SERVICES_EVERY = 6;

export class GroupFinder {
  private readonly trees: readonly CgroupTreePlace[];
  /** Services that had no groups of their own when they were looked into. */
  private readonly plainServices = new Set<string>();
  private rounds = 0;

  constructor(trees: readonly CgroupTreePlace[]) {
    this.trees = trees;
  }

  /** @returns all groups of all trees, parents before children */
  find(): FoundGroups {
    const { trees } = this;
    if (this.rounds++ % LOOK_INTO_SERVICES_EVERY === 0) this.plainServices.clear();
    const found: FoundGroups = new Map();
    let level: string[] = [""];
    found.set("", (1 << trees.length) - 1);
    for (let depth = 1; depth <= MAX_DEPTH && level.length > 0; depth++) {
      const next = new Map<string, number>();
      for (const path of level) this.addGroupsOf(path, found.get(path)!, next);
      const names = [...next.keys()].sort();
      for (const path of names) found.set(path, next.get(path)!);
      level = names.filter(mayHaveGroups);
    }
    return found;
  }

  private addGroupsOf(path: string, inTrees: number, next: FoundGroups): void {
    const service = isService(path);
    if (service && this.plainServices.has(path)) return;
    const before = next.size;
    for (let tree = 0; tree < this.trees.length; tree++) {
      if ((inTrees & (1 << tree)) === 0) continue;
      for (const name of subgroups(`${this.trees[tree]!.folder}/${path}`)) {
        const child = path === "" ? name : `${path}/${name}`;
        next.set(child, (next.get(child) ?? 0) | (1 << tree));
      }
    }
    if (service && next.size === before) this.plainServices.add(path);
  }
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
    return foldersIn(folder).filter((name) => !NOTHING_RUNS.test(name));
  } catch {
    // Removed meanwhile.
    return [];
  }
}
