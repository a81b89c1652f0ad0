/**
 * Where the control groups of a host are: one tree with version 2, a tree per controller with
 * version 1, and both at once in the hybrid layout, where each controller is in one of them.
 */
import { join } from "node:path";
import { listFolder, pathExists, readAttribute } from "./sysfs.ts";

/** What is read of a control group; `pressure` stands for the unified tree itself. */
export type CgroupController = "cpu" | "cpuacct" | "memory" | "io" | "pids" | "pressure";

export interface CgroupTreePlace {
  /** Folder of its root. */
  readonly folder: string;
  readonly version: 1 | 2;
}

export interface CgroupLayout {
  /** Each tree once, even if several controllers share it. */
  readonly trees: readonly CgroupTreePlace[];
  /** Position in `trees` of each controller that there is. */
  readonly controllers: ReadonlyMap<CgroupController, number>;
}

const V1_OPTIONS: Readonly<Record<string, CgroupController>> = {
  cpu: "cpu",
  cpuacct: "cpuacct",
  memory: "memory",
  blkio: "io",
  pids: "pids",
};
const V2_CONTROLLERS: readonly CgroupController[] = ["cpu", "memory", "io", "pids"];

/**
 * @returns `undefined` when no tree is mounted
 * @throws when it cannot be told what is
 */
export function findCgroupTrees(procRoot: string, sysRoot: string): CgroupLayout | undefined {
  const trees: CgroupTreePlace[] = [];
  const controllers = new Map<CgroupController, number>();
  const add = (folder: string, version: 1 | 2): number => {
    const known = trees.findIndex((tree) => tree.folder === folder);
    return known >= 0 ? known : trees.push({ folder, version }) - 1;
  };
  for (const mount of cgroupMounts(procRoot, sysRoot)) {
    if (listFolder(mount.folder).length === 0) continue;
    if (mount.version === 1) {
      for (const option of mount.options) {
        const controller = V1_OPTIONS[option];
        if (controller && !controllers.has(controller)) {
          controllers.set(controller, add(mount.folder, 1));
        }
      }
    } else if (!controllers.has("pressure")) {
      const unified = add(mount.folder, 2);
      controllers.set("pressure", unified);
      const here = readAttribute(`${mount.folder}/cgroup.controllers`)?.split(" ") ?? [];
      for (const controller of V2_CONTROLLERS) {
        if (here.includes(controller)) controllers.set(controller, unified);
      }
    }
  }
  return trees.length > 0 ? { trees, controllers } : undefined;
}

interface CgroupMount extends CgroupTreePlace {
  readonly options: readonly string[];
}

/** Mounts in the order of the kernel's list; a container sees those of its own namespace. */
function cgroupMounts(procRoot: string, sysRoot: string): CgroupMount[] {
  const hostRoot = join(sysRoot, "..");
  const mounts: CgroupMount[] = [];
  const list = `${procRoot}/self/mounts`;
  let isList = false;
  for (const line of (readAttribute(list) ?? "").split("\n")) {
    const [, path = "", type, options = ""] = line.split(" ");
    if (path.startsWith("/") && options !== "") isList = true;
    if (type !== "cgroup" && type !== "cgroup2") continue;
    mounts.push({
      folder: join(hostRoot, unescaped(path)),
      version: type === "cgroup" ? 1 : 2,
      options: options.split(","),
    });
  }
  const usual = join(sysRoot, "fs/cgroup");
  if (mounts.length === 0 && pathExists(`${usual}/cgroup.controllers`)) {
    mounts.push({ folder: usual, version: 2, options: [] });
  } else if (!isList && pathExists(list)) throw new Error(`${list}: there are no mounts in it`);
  return mounts;
}

/** The kernel writes blanks in mount points as octal numbers. */
function unescaped(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_, octal: string) =>
    String.fromCharCode(parseInt(octal, 8)),
  );
}
