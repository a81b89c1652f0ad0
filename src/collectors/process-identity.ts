/** What is recorded of a process once: name, role, user, control group, start. Never arguments. */
import { readFileSync } from "../util/host-files.ts";
import type { InstanceIdentity } from "../counter/sample-row.ts";
import { cgroupLabel, cgroupPath } from "../procfs/cgroup.ts";
import type { HostContext } from "./collector.ts";
import { kernelThreadRole, processRole } from "../procfs/process-role.ts";
import { readAttribute } from "./sysfs.ts";

export interface ProcessFacts {
  readonly pid: string;
  readonly name: string;
  readonly kernelThread: boolean;
  /** Clock ticks since boot. */
  readonly startTime: number;
  /** Effective user id. */
  readonly uid: number | undefined;
}

/**
 * The name that goes into the instance. A worker's name in /proc/PID/stat goes on with what it is
 * doing (`kworker/u8:2-events_unbound`), which changes all the time.
 */
export function stableName(name: string, kernelThread: boolean): string {
  // A control character has no place in a path that people read.
  const clean = name.replace(/[\u0000-\u001f\u007f]/g, "?");
  if (!kernelThread || !clean.startsWith("kworker/") || clean.startsWith("kworker/R-"))
    return clean;
  return clean.replace(/[-+].*$/, "");
}

export class ProcessIdentities {
  private readonly host: HostContext;
  private users: ReadonlyMap<number, string> = new Map();
  private usersReadAt = -Infinity;

  constructor(host: HostContext) {
    this.host = host;
  }

  identity(facts: ProcessFacts): InstanceIdentity {
    const { pid, name, kernelThread, startTime, uid } = facts;
    const attributes: Record<string, string> = {
      role: kernelThread ? kernelThreadRole(name) : processRole(name, this.read(pid, "cmdline")),
      kernelThread: kernelThread ? "yes" : "no",
      startTime: String(startTime),
    };
    if (uid !== undefined) {
      attributes["uid"] = String(uid);
      attributes["user"] = this.userName(uid);
    }
    const cgroup = this.read(pid, "cgroup");
    if (cgroup !== "") attributes["cgroup"] = cgroupLabel(cgroupPath(cgroup));
    return { name: `${name}:${pid}`, attributes };
  }

  /** A process may end meanwhile, or be another user's: then there is nothing to read. */
  private read(pid: string, file: string): string {
    try {
      return readFileSync(`${this.host.procRoot}/${pid}/${file}`, "utf8");
    } catch {
      return "";
    }
  }

  /** The name in /etc/passwd, else the number; a user made meanwhile is found within a minute. */
  private userName(uid: number): string {
    const now = this.host.monotonicSeconds();
    if (!this.users.has(uid) && now - this.usersReadAt >= 60) {
      this.usersReadAt = now;
      this.users = parseUsers(readAttribute(`${this.host.etcRoot}/passwd`) ?? "");
    }
    return this.users.get(uid) ?? String(uid);
  }
}

/** The first name of each user id, as getpwuid gives it. */
function parseUsers(passwd: string): Map<number, string> {
  const users = new Map<number, string>();
  for (const line of passwd.split("\n")) {
    const [name, , uid] = line.split(":");
    if (name && uid && !users.has(Number(uid))) users.set(Number(uid), name);
  }
  return users;
}
