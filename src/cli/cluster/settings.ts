/** The cluster that is meant: a file, hosts on the command line, or a run that was begun before. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse, TomlError } from "smol-toml";
import { clusterHosts } from "../../cluster/hosts.ts";
import { ClusterRun, findRunFolder, RUN_FILE } from "../../cluster/run-folder.ts";
import {
  clusterSettings,
  parseClusterFile,
  type ClusterSettings,
} from "../../config/cluster-file.ts";
import { expandHosts } from "../../config/host-ranges.ts";
import { UsageError, UserError } from "../../util/errors.ts";

export interface ClusterOptions {
  readonly file?: string;
  readonly hosts?: string;
  readonly cluster?: string;
  readonly run?: string;
  readonly set?: readonly string[];
  readonly json?: true;
}

const DEFAULT_FILE = "cluster.toml";

export function settingsFrom(options: ClusterOptions): ClusterSettings {
  const { file, hosts, cluster, run, set = [] } = options;
  const path = file ?? (hosts === undefined && existsSync(DEFAULT_FILE) ? DEFAULT_FILE : undefined);
  if (path === undefined && hosts === undefined) {
    throw new UsageError(
      `There is no ${DEFAULT_FILE} here, and no hosts are named.`,
      "Name them (--hosts worker[01-40]), or write a file: perfmon cluster init > cluster.toml.",
    );
  }
  const text = path === undefined ? "" : readFile(path);
  // What is wrong with the file itself is told with its name and line.
  if (path !== undefined) parseClusterFile(text, path);
  const document: Record<string, unknown> = path === undefined ? {} : parse(text);
  if (hosts !== undefined) {
    for (const key of ["hosts_file", "hosts_command"]) delete document[key];
    document["hosts"] = expandHosts(hosts);
  }
  if (cluster !== undefined) document["name"] = cluster;
  if (run !== undefined) document["run"] = run;
  for (const setting of set) Object.assign(document, settingOf(setting));
  const settings = clusterSettings(document);
  if (hosts === undefined) return settings;
  // Roles of hosts that are not asked for add none.
  const named = new Set(expandHosts(hosts));
  return { ...settings, hosts: settings.hosts.filter((host) => named.has(host)) };
}

function readFile(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new UserError(
      `The cluster file ${path} cannot be read (${reason}).`,
      "perfmon cluster init prints a sample.",
    );
  }
}

/** `sudo=true`, `interval="5s"`, and `interval=5s` for texts without quotes. */
function settingOf(text: string): Record<string, unknown> {
  const equals = text.indexOf("=");
  const key = text.slice(0, equals).trim();
  const value = text.slice(equals + 1).trim();
  if (equals < 1 || !/^[a-z_]+$/.test(key)) {
    throw new UsageError(`--set ${text} is no setting: write KEY=VALUE, as in the cluster file.`);
  }
  try {
    return parse(`${key} = ${value}`);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    return { [key]: value };
  }
}

/** A new run, or the one of that name that is there. */
export async function beginRun(
  settings: ClusterSettings,
  folder: string | undefined,
): Promise<{ readonly run: ClusterRun; readonly hosts: readonly string[] }> {
  const hosts = await clusterHosts(settings);
  const name = settings.run ?? timeStamp();
  const path = folder ?? join(settings.name, name);
  const run = ClusterRun.create(path, {
    version: 1,
    cluster: settings.name,
    run: name,
    settings,
    marks: [],
  });
  // From here on every command knows of them, whatever becomes of this one.
  for (const host of hosts) run.updateHost(host, {});
  return { run, hosts };
}

/**
 * A run that was begun before: by its folder, by file and name where that folder is lost, or the
 * newest one here.
 */
export async function openRun(
  folder: string | undefined,
  options: ClusterOptions,
): Promise<ClusterRun> {
  if (folder !== undefined) return ClusterRun.open(folder);
  if (options.run === undefined) return ClusterRun.open(findRunFolder("."));
  const settings = settingsFrom(options);
  const path = join(settings.name, options.run);
  if (existsSync(join(path, RUN_FILE))) return ClusterRun.open(path);
  return (await beginRun(settings, path)).run;
}

function timeStamp(): string {
  return new Date().toISOString().slice(0, 19).replace(/[-:]/g, "").replace("T", "-");
}
