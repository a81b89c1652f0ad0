/** The cluster file: which hosts, how they are reached, and what is recorded on them. TOML. */
import { parse, TomlError } from "smol-toml";
import { UsageError } from "../util/errors.ts";
import { parseDuration, parseSize } from "../util/quantity.ts";
import { expandHosts } from "./host-ranges.ts";

export interface ClusterSettings {
  readonly name: string;
  readonly run?: string;
  /** Names of hosts, without those of `hostsFile` and `hostsCommand`. */
  readonly hosts: readonly string[];
  readonly hostsFile?: string;
  readonly hostsCommand?: string;
  /** Host to its role; `worker` for all others. */
  readonly roles: Readonly<Record<string, string>>;
  readonly user?: string;
  readonly port?: number;
  readonly sshOptions: readonly string[];
  readonly connectTimeoutSeconds: number;
  /** Connections at once. */
  readonly connections: number;
  readonly sudo: boolean;
  readonly recorder: "auto" | "node" | "sh";
  /** Where Node is on the hosts, if not in a usual place. */
  readonly node?: string;
  /** Folder on the hosts; `/var/tmp/perfmon-USER` when left out. */
  readonly folder?: string;
  readonly intervalMs: number;
  readonly forMs: number;
  readonly maxBytes: number;
  readonly minFreeBytes: number;
  readonly objects: readonly string[];
  /** The sh recorder records processes this often. */
  readonly processesMs?: number;
}

export const MOST_CONNECTIONS = 64;

type Checked<T> = (value: unknown, key: string) => T;

/** @throws UsageError that says which key is wrong, and how */
export function parseClusterFile(text: string, path: string): ClusterSettings {
  let document: Record<string, unknown>;
  try {
    document = parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    throw new UsageError(`${path}, line ${error.line}: ${error.message.split("\n")[0]!}.`);
  }
  try {
    return clusterSettings(document);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(`${path}: ${error.message}`, "perfmon cluster init prints a sample.");
  }
}

/** Settings from keys as the file has them; what is left out has its default. */
export function clusterSettings(document: Readonly<Record<string, unknown>>): ClusterSettings {
  const unread = new Set(Object.keys(document));
  const optional = <T>(key: string, check: Checked<T>): T | undefined => {
    unread.delete(key);
    const value = document[key];
    return value === undefined ? undefined : check(value, key);
  };
  const roles = optional("roles", rolesOf) ?? {};
  const settings: ClusterSettings = {
    name: optional("name", nameOf) ?? "cluster",
    ...given("run", optional("run", nameOf)),
    hosts: [...new Set([...(optional("hosts", hostsOf) ?? []), ...Object.keys(roles)])],
    ...given("hostsFile", optional("hosts_file", textOf)),
    ...given("hostsCommand", optional("hosts_command", textOf)),
    roles,
    ...given("user", optional("user", nameOf)),
    ...given("port", optional("port", wholeNumber(1, 65_535))),
    sshOptions: optional("ssh_options", textsOf) ?? [],
    connectTimeoutSeconds: optional("connect_timeout_seconds", wholeNumber(1, 600)) ?? 15,
    connections: optional("connections", wholeNumber(1, MOST_CONNECTIONS)) ?? MOST_CONNECTIONS,
    sudo: optional("sudo", flagOf) ?? false,
    recorder: optional("recorder", recorderOf) ?? "auto",
    ...given("node", optional("node", pathOf)),
    ...given("folder", optional("folder", pathOf)),
    intervalMs: optional("interval", durationOf) ?? 1000,
    forMs: optional("for", durationOf) ?? 86_400_000,
    maxBytes: optional("max_size", sizeOf) ?? 1024 ** 3,
    minFreeBytes: optional("min_free", sizeOf) ?? 200 * 1024 ** 2,
    objects: optional("objects", textsOf) ?? [],
    ...given("processesMs", optional("processes", durationOf)),
  };
  const [unknown] = unread;
  if (unknown !== undefined) throw new UsageError(`There is no key ${unknown}.`);
  return settings;
}

function given<K extends string, T>(key: K, value: T | undefined): { [k in K]?: T } {
  return value === undefined ? {} : ({ [key]: value } as { [k in K]?: T });
}

function wrong(key: string, expected: string): UsageError {
  return new UsageError(`${key} must be ${expected}.`);
}

const textOf: Checked<string> = (value, key) => {
  if (typeof value === "string" && value !== "") return value;
  throw wrong(key, "a text");
};

const textsOf: Checked<string[]> = (value, key) => {
  if (!Array.isArray(value)) throw wrong(key, "a list of texts");
  return value.map((item) => textOf(item, key));
};

const flagOf: Checked<boolean> = (value, key) => {
  if (typeof value === "boolean") return value;
  throw wrong(key, "true or false");
};

/** It becomes a folder's name and a word of a shell on the hosts. */
const nameOf: Checked<string> = (value, key) => {
  const text = textOf(value, key);
  if (/^[A-Za-z0-9][A-Za-z0-9._:+-]*$/.test(text)) return text;
  throw wrong(key, "of letters, digits and . _ : + -, and begin with one of the first two");
};

const pathOf: Checked<string> = (value, key) => {
  const text = textOf(value, key);
  if (/^(\/|~\/)[^\u0000-\u001f]*[^/\u0000-\u001f]$/.test(text)) return text;
  throw wrong(key, "a full path (/... or ~/...), without / at its end");
};

const hostsOf: Checked<string[]> = (value, key) =>
  (Array.isArray(value) ? value : [value]).flatMap((item) => expandHosts(textOf(item, key)));

const rolesOf: Checked<Record<string, string>> = (value, key) => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw wrong(key, 'a table: master = ["m1", "m2"]');
  }
  return Object.fromEntries(
    Object.entries(value).flatMap(([role, hosts]) =>
      hostsOf(hosts, `roles.${role}`).map((host) => [host, nameOf(role, key)]),
    ),
  );
};

const recorderOf: Checked<ClusterSettings["recorder"]> = (value, key) => {
  if (value === "auto" || value === "node" || value === "sh") return value;
  throw wrong(key, "auto, node or sh");
};

const durationOf: Checked<number> = (value, key) => parseDuration(textOf(value, key));
const sizeOf: Checked<number> = (value, key) => parseSize(textOf(value, key));

function wholeNumber(least: number, most: number): Checked<number> {
  return (value, key) => {
    if (Number.isInteger(value) && Number(value) >= least && Number(value) <= most) {
      return Number(value);
    }
    throw wrong(key, `a whole number from ${least} to ${most}`);
  };
}
