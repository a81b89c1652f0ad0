import { readIoLimits, readThrottles } from "./cgroup-io.ts";
import { defined, readInteger, readText, readWhole } from "./read-text.ts";

/**
 * Limits that the cgroups of the recording process (and so of a job started by it) impose, the
 * tightest from its own up to the root. A missing key is no limit.
 */
export interface CgroupInventory {
  /** `v1`, `v2`. */
  readonly version: string;
  /** CPUs' worth of time per second. */
  readonly cpuLimit?: number;
  /** CPUs it may use: `0-3`. */
  readonly cpus?: string;
  /** Share among busy neighbors; 100 (v2) or 1024 (v1) is the ordinary one. */
  readonly cpuWeight?: number;
  readonly memoryLimitBytes?: number;
  /** Above it processes are slowed down and made to give memory back. */
  readonly memoryHighBytes?: number;
  readonly swapLimitBytes?: number;
  readonly processLimit?: number;
  /** Limits of bytes and requests per second by disk: `rbps=max wbps=10485760`. */
  readonly ioLimits?: Readonly<Record<string, string>>;
}

export function readCgroup(procRoot: string, sysRoot: string): CgroupInventory | undefined {
  const memberships = parseMemberships(readWhole(`${procRoot}/self/cgroup`));
  const mount = `${sysRoot}/fs/cgroup`;
  const cpu = memberships.get("cpu");
  const memory = memberships.get("memory");
  if (cpu || memory) {
    const read = (controller: string, name: string) => {
      const of = memberships.get(controller);
      const file = (folder: string) => limit(readInteger(`${folder}/${name}`));
      return of && tightest(`${mount}/${of.mount}`, of.path, file);
    };
    return defined<CgroupInventory>({
      version: "v1",
      cpuLimit: cpu && tightest(`${mount}/${cpu.mount}`, cpu.path, cpuLimitV1),
      cpus: ownText(mount, memberships.get("cpuset"), "cpuset.cpus"),
      cpuWeight: ownInteger(mount, cpu, "cpu.shares"),
      memoryLimitBytes: read("memory", "memory.limit_in_bytes"),
      processLimit: read("pids", "pids.max"),
      ioLimits: readThrottles(mount, memberships.get("blkio"), sysRoot),
    });
  }
  const unified = memberships.get("");
  if (!unified) return undefined;
  const read = (name: string) =>
    tightest(mount, unified.path, (folder) => limit(readInteger(`${folder}/${name}`)));
  return defined<CgroupInventory>({
    version: "v2",
    cpuLimit: tightest(mount, unified.path, cpuLimitV2),
    cpus: ownText(mount, unified, "cpuset.cpus.effective"),
    cpuWeight: ownInteger(mount, unified, "cpu.weight"),
    memoryLimitBytes: read("memory.max"),
    memoryHighBytes: read("memory.high"),
    swapLimitBytes: read("memory.swap.max"),
    processLimit: read("pids.max"),
    ioLimits: readIoLimits(mount, unified.path, sysRoot),
  });
}

export interface Membership {
  /** Folder below /sys/fs/cgroup: the controllers as the kernel lists them, `cpu,cpuacct`. */
  readonly mount: string;
  readonly path: string;
}

/** `4:memory:/a/b`, and `0::/a/b` of the unified hierarchy; by controller. */
function parseMemberships(text: string): Map<string, Membership> {
  const result = new Map<string, Membership>();
  for (const line of text.split("\n")) {
    const match = /^\d+:([^:]*):(\/.*)$/.exec(line);
    if (!match) continue;
    const [, mount = "", path = "/"] = match;
    for (const controller of mount.split(",")) result.set(controller, { mount, path });
  }
  return result;
}

/**
 * Inside a container the path may be that of the host and not be there: then the limits stand at the
 * root of what is mounted, which the walk upwards reaches as well.
 */
function tightest(
  root: string,
  path: string,
  read: (folder: string) => number | undefined,
): number | undefined {
  let smallest: number | undefined;
  const parts = path.split("/").filter((part) => part !== "" && part !== "..");
  for (let depth = parts.length; depth >= 0; depth--) {
    const value = read([root, ...parts.slice(0, depth)].join("/"));
    if (value !== undefined && (smallest === undefined || value < smallest)) smallest = value;
  }
  return smallest;
}

/** What stands in the own group, or, where its path is that of another root, at the root. */
function ownText(mount: string, of: Membership | undefined, name: string): string | undefined {
  if (!of) return undefined;
  const root = [mount, of.mount].filter(Boolean).join("/");
  return readText(`${root}${of.path}/${name}`) ?? readText(`${root}/${name}`);
}

function ownInteger(mount: string, of: Membership | undefined, name: string): number | undefined {
  const text = ownText(mount, of, name);
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}

/** `max 100000` or `50000 100000`: microseconds of CPU time per period. */
function cpuLimitV2(folder: string): number | undefined {
  const match = /^(\d+) (\d+)$/.exec(readText(`${folder}/cpu.max`) ?? "");
  return match ? Number(match[1]) / Number(match[2]) : undefined;
}

function cpuLimitV1(folder: string): number | undefined {
  const quotaUs = readInteger(`${folder}/cpu.cfs_quota_us`);
  const periodUs = readInteger(`${folder}/cpu.cfs_period_us`);
  return quotaUs && quotaUs > 0 && periodUs ? quotaUs / periodUs : undefined;
}

/** Version 1 writes "no limit" as the largest number of pages. */
function limit(value: number | undefined): number | undefined {
  return value !== undefined && value < 2 ** 60 ? value : undefined;
}
