/** Running JVMs: what they are there for, which Java runs them, and how it was set. */
import { jvmOptions, processRole } from "../procfs/process-role.ts";
import type { HostFiles } from "./host-files.ts";
import { javaOf } from "./java.ts";
import { parseMounts, type Mount } from "./mounts.ts";
import type { RunningProcess } from "./processes.ts";
import { isSecretName, REDACTED, redactSetting, redactText } from "./redact.ts";
import { defined, linkTarget, readWhole } from "./read-text.ts";

export interface Jvm {
  readonly pid: string;
  /** `DataNode`, `Spark executor`. */
  readonly role: string;
  readonly command: string;
  /** Empty where it may not be read (another user's). */
  readonly environment: ReadonlyMap<string, string>;
  /** Files as this process sees them: it may live in a container. */
  readonly files: HostFiles;
}

export interface JvmInventory {
  /** How many of this role are running. */
  readonly processes: number;
  /** `17.0.15 Debian`; where they differ, each. */
  readonly java?: string;
  /** By name: `-Xmx` is `4g`, `-XX:UseG1GC` is `on`, `-Dfile.encoding` is `UTF-8`. */
  readonly options: Readonly<Record<string, string>>;
}

/** Programs of the JVM; `jsvc` is what starts a secure DataNode. */
const PROGRAMS = /^(java|jsvc(\..*)?)$/;
const MAX_JVMS = 200;
const MAX_OPTIONS = 200;
const MAX_VALUE_LENGTH = 500;

/**
 * @param here files as this process sees them
 * @param inside makes the same for a process that has mounts of its own
 */
export function findJvms(
  procRoot: string,
  processes: readonly RunningProcess[],
  here: HostFiles,
  inside: (root: string, mounts: readonly Mount[]) => HostFiles,
): Jvm[] {
  const own = linkTarget(`${procRoot}/self/ns/mnt`);
  const jvms: Jvm[] = [];
  for (const { pid, name } of processes) {
    if (!PROGRAMS.test(name) || jvms.length >= MAX_JVMS) continue;
    const folder = `${procRoot}/${pid}`;
    const command = readWhole(`${folder}/cmdline`);
    const namespace = linkTarget(`${folder}/ns/mnt`);
    const elsewhere = namespace !== undefined && own !== undefined && namespace !== own;
    jvms.push({
      pid,
      role: processRole(name, command),
      command,
      environment: readEnvironment(`${folder}/environ`),
      files: elsewhere ? inside(`${folder}/root`, mountsOf(folder)) : here,
    });
  }
  return jvms;
}

/** By role. Options that processes of a role have with different values are told as `1g, 2g`. */
export function describeJvms(
  procRoot: string,
  jvms: readonly Jvm[],
): Readonly<Record<string, JvmInventory>> | undefined {
  const roles = new Map<string, Jvm[]>();
  for (const jvm of jvms) {
    const list = roles.get(jvm.role);
    if (list) list.push(jvm);
    else roles.set(jvm.role, [jvm]);
  }
  const result: Record<string, JvmInventory> = {};
  for (const role of [...roles.keys()].sort()) {
    const list = roles.get(role)!;
    const javas = new Set(list.flatMap((jvm) => javaOf(procRoot, jvm) ?? []));
    result[role] = defined<JvmInventory>({
      processes: list.length,
      java: javas.size > 0 ? [...javas].sort().join(", ") : undefined,
      options: mergedOptions(list),
    });
  }
  return roles.size > 0 ? result : undefined;
}

function mergedOptions(jvms: readonly Jvm[]): Record<string, string> {
  const values = new Map<string, Set<string>>();
  for (const { command } of jvms) {
    // Of an option given twice the last counts.
    const own = new Map<string, string>();
    for (const option of jvmOptions(command)) {
      const parsed = parseOption(option);
      if (parsed) own.set(parsed[0], parsed[1]);
    }
    for (const [name, value] of own) {
      const seen = values.get(name);
      if (seen) seen.add(value);
      else if (values.size < MAX_OPTIONS) values.set(name, new Set([value]));
    }
  }
  const result: Record<string, string> = {};
  for (const name of [...values.keys()].sort()) {
    result[name] = [...values.get(name)!].sort().join(", ").slice(0, MAX_VALUE_LENGTH);
  }
  return result;
}

/** Ids of one application or attempt, as YARN gives them to what it starts. */
const JOB_ID = /\b(application|container|attempt|job)_(e\d+_)?\d+_\d+\w*/g;

/** `-XX:+UseG1GC`, `-XX:MaxGCPauseMillis=200`, `-Xmx4g`, `-Dname=value`; others as they stand. */
function parseOption(option: string): [string, string] | undefined {
  const text = option.replace(JOB_ID, "$1_(id)");
  const flag = /^-XX:([+-])(\w+)$/.exec(text);
  if (flag) return [`-XX:${flag[2]}`, flag[1] === "+" ? "on" : "off"];
  // What an agent is told is its own business, and may be a key.
  const agent = /^(-(?:javaagent|agentlib|agentpath):[^=]*)/.exec(text);
  if (agent) return [redactText(agent[1]!), "on"];
  const setting = /^(-XX:\w+|-D[^=]*|--?[\w:-]+)=([^]*)$/.exec(text);
  if (setting) return [setting[1]!, redactSetting(setting[1]!, setting[2]!)];
  const size = /^(-X(?:mx|ms|mn|ss|log:|loggc:|bootclasspath\/a:))(.+)$/.exec(text);
  if (size) return [size[1]!.replace(/:$/, ""), redactText(size[2]!)];
  if (!/^-[\w:.-]+$/.test(text)) return undefined;
  return isSecretName(text) ? [REDACTED, "on"] : [redactText(text), "on"];
}

function mountsOf(folder: string): Mount[] {
  return parseMounts(readWhole(`${folder}/mountinfo`));
}

export function readEnvironment(path: string): ReadonlyMap<string, string> {
  const environment = new Map<string, string>();
  for (const variable of readWhole(path).split("\0")) {
    const equals = variable.indexOf("=");
    if (equals > 0) environment.set(variable.slice(0, equals), variable.slice(equals + 1));
  }
  return environment;
}
