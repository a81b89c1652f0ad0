/** What this kernel tells of control groups: learned once, from the groups near the root. */
import { readFileSync } from "../util/host-files.ts";
import { memoryStatFields } from "./cgroup-files.ts";
import type { CgroupController, CgroupLayout } from "./cgroup-layout.ts";
import { GroupFinder } from "./cgroup-tree.ts";
import { readAttribute } from "./sysfs.ts";

/** The root of version 2 lacks some files, so others are asked as well. */
const MAX_PROBES = 20;
const V2_ONLY_EVENTS = new Set(["low", "high", "oom"]);

/** @returns tells whether a field of a field group can be had */
export function probeCgroupFields(
  procRoot: string,
  layout: CgroupLayout,
): (field: string, group: string) => boolean {
  const version = (controller: CgroupController): 1 | 2 | undefined => {
    const tree = layout.controllers.get(controller);
    return tree === undefined ? undefined : layout.trees[tree]!.version;
  };
  const stat = statFields(layout);
  const unified = layout.controllers.has("pressure");
  const stalls = (resource: string): string =>
    unified ? (readAttribute(`${procRoot}/pressure/${resource}`) ?? "") : "";
  return (field, group) => {
    const stall = /^(cpu|memory|io)_(some|full)$/.exec(group);
    if (stall) return stalls(stall[1]!).includes(`${stall[2]!} `);
    switch (group) {
      case "cpu":
        return unified || layout.controllers.has("cpuacct");
      case "throttling":
      case "cpu_limit":
      case "cpu_weight":
        return layout.controllers.has("cpu");
      case "memory":
      case "memory_limit":
        return layout.controllers.has("memory");
      case "memory_high":
        return version("memory") === 2;
      case "memory_events":
        if (version("memory") !== 1) return version("memory") === 2;
        return field === "oom_kill" ? countsKills(layout) : !V2_ONLY_EVENTS.has(field);
      case "memory_stat":
        return stat ? stat.has(field) : version("memory") === 2;
      case "swap":
        return version("memory") === 2 || stat?.has(field) === true;
      case "io":
      case "io_disk":
        return layout.controllers.has("io");
      case "pids":
      case "pids_limit":
        return layout.controllers.has("pids");
      default:
        return true;
    }
  };
}

function statFields(layout: CgroupLayout): ReadonlySet<string> | undefined {
  const position = layout.controllers.get("memory");
  if (position === undefined) return undefined;
  const tree = layout.trees[position]!;
  for (const path of [...new GroupFinder([tree]).find().keys()].slice(0, MAX_PROBES)) {
    try {
      const fields = memoryStatFields(
        tree.version,
        readFileSync(`${tree.folder}/${path}/memory.stat`),
      );
      if (fields.size > 0) return fields;
    } catch {
      // The controller is not switched on here.
    }
  }
  return undefined;
}

/** Version 1 counts kills since Linux 4.13. */
function countsKills({ trees, controllers }: CgroupLayout): boolean {
  const { folder } = trees[controllers.get("memory")!]!;
  return /^oom_kill /m.test(readAttribute(`${folder}/memory.oom_control`) ?? "");
}
