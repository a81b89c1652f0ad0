/**
 * Limits the CPU time of processes from outside, by a control group of version 1 or 2: what a
 * hypervisor does to a guest that is promised more than there is. Needs root.
 */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

const PERIOD_US = 100_000;

/** Where groups with a CPU controller can be made; `undefined` when this kernel gives none. */
export function cpuControllerFolder():
  | { readonly folder: string; readonly version: 1 | 2 }
  | undefined {
  for (const folder of ["/sys/fs/cgroup/cpu,cpuacct", "/sys/fs/cgroup/cpu"]) {
    if (existsSync(join(folder, "cpu.cfs_quota_us"))) return { folder, version: 1 };
  }
  const folder = "/sys/fs/cgroup";
  const control = join(folder, "cgroup.subtree_control");
  if (!existsSync(control)) return undefined;
  if (!readFileSync(control, "utf8").split(/\s+/).includes("cpu")) {
    try {
      writeFileSync(control, "+cpu");
    } catch {
      return undefined;
    }
  }
  return { folder, version: 2 };
}

/**
 * @param share of one CPU, 0 to 1
 * @param name of the group, when there are several
 * @returns removes the group; its processes must have ended
 */
export function limitCpu(pids: readonly number[], share: number, name = "0"): () => void {
  const controller = cpuControllerFolder();
  if (!controller) throw new Error("this kernel has no CPU controller for control groups");
  const group = join(controller.folder, `perfmon-lab-${process.pid}-${name}`);
  mkdirSync(group);
  const quotaUs = Math.round(share * PERIOD_US);
  if (controller.version === 2) writeFileSync(join(group, "cpu.max"), `${quotaUs} ${PERIOD_US}`);
  else {
    writeFileSync(join(group, "cpu.cfs_period_us"), String(PERIOD_US));
    writeFileSync(join(group, "cpu.cfs_quota_us"), String(quotaUs));
  }
  for (const pid of pids) {
    try {
      writeFileSync(join(group, "cgroup.procs"), String(pid));
    } catch (error) {
      // One that has ended meanwhile needs no limit.
      if (existsSync(`/proc/${pid}`)) throw error;
    }
  }
  return () => removeWhenEmpty(group);
}

/** A group goes only when its last process is gone, which takes the kernel a moment. */
function removeWhenEmpty(group: string): void {
  for (let tries = 0; ; tries++) {
    try {
      rmdirSync(group);
      return;
    } catch (error) {
      if (tries === 50) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
    }
  }
}

/** A guest is several processes: those of its process group. */
export function processesOfGroup(groupId: number): number[] {
  return readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "latin1");
      const [, , group] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return Number(group) === groupId ? [Number(name)] : [];
    } catch {
      // It has ended meanwhile.
      return [];
    }
  });
}
