import type { HostFiles } from "./host-files.ts";
import { isSecretName, REDACTED, redactSetting } from "./redact.ts";
import { parseProperties, parseSiteXml, type SiteProperty } from "./site-xml.ts";

export interface SettingsFile {
  /** Name in the inventory. */
  readonly id: string;
  readonly name: string;
  /** Processes that it is for. */
  readonly roles: RegExp;
}

export const FILES: readonly SettingsFile[] = [
  { id: "core", name: "core-site.xml", roles: /^(DataNode|NameNode|NodeManager|ResourceManager)$/ },
  { id: "hdfs", name: "hdfs-site.xml", roles: /^(DataNode|NameNode|JournalNode)$/ },
  { id: "yarn", name: "yarn-site.xml", roles: /^(NodeManager|ResourceManager)$/ },
  { id: "mapred", name: "mapred-site.xml", roles: /^(JobHistoryServer|NodeManager)$/ },
  { id: "capacityScheduler", name: "capacity-scheduler.xml", roles: /^ResourceManager$/ },
  { id: "hive", name: "hive-site.xml", roles: /^(HiveServer2|HiveMetaStore)$/ },
  { id: "tez", name: "tez-site.xml", roles: /^(HiveServer2|DAGAppMaster)$/ },
  { id: "hbase", name: "hbase-site.xml", roles: /^(HRegionServer|HMaster)$/ },
  { id: "spark", name: "spark-defaults.conf", roles: /^Spark/ },
];

const MAX_VALUE_LENGTH = 1000;
/** As Hadoop has it: more is taken for a circle. */
const MAX_SUBSTITUTIONS = 20;

/**
 * What a file sets, as the processes that read it see it: after core-site.xml, which may have made
 * settings final, and with variables replaced.
 *
 * @returns by name, sorted; secrets and addresses taken out
 */
export function readSettings(
  files: HostFiles,
  folder: string,
  file: SettingsFile,
  notes: Set<string>,
): Readonly<Record<string, string>> {
  const own = readProperties(files, folder, file.name, notes);
  const core =
    file.id === "core" || file.id === "spark"
      ? []
      : readProperties(files, folder, "core-site.xml", notes);
  const values = new Map<string, string>();
  const final = new Set<string>();
  for (const property of [...core, ...own]) {
    if (!final.has(property.name)) values.set(property.name, property.value);
    if (property.final) final.add(property.name);
  }
  const names = [...new Set(own.map(({ name }) => name))].sort();
  const result: Record<string, string> = {};
  for (const name of names) {
    const value = expand(values.get(name) ?? "", (variable) => {
      const inner = values.get(variable);
      return inner === undefined || !isSecretName(variable) ? inner : REDACTED;
    });
    result[name] = redactSetting(name, value).slice(0, MAX_VALUE_LENGTH);
  }
  return result;
}

function readProperties(
  files: HostFiles,
  folder: string,
  name: string,
  notes: Set<string>,
): readonly SiteProperty[] {
  const text = files.read(`${folder}/${name}`) ?? "";
  if (!name.endsWith(".xml")) return parseProperties(text);
  const { properties, includes } = parseSiteXml(text);
  if (includes) notes.add(`${name}: what it includes was not read`);
  return properties;
}

/**
 * Hadoop's variables: `${hadoop.tmp.dir}/dfs`. One that is not set in these files (a Java property
 * such as `user.name`, a default) stays as it is written, and what follows it as well.
 */
export function expand(value: string, valueOf: (variable: string) => string | undefined): string {
  let result = value;
  for (let i = 0; i < MAX_SUBSTITUTIONS; i++) {
    const match = /\$\{([^}$ ]+)\}/.exec(result);
    const replacement = match ? valueOf(match[1]!) : undefined;
    if (!match || replacement === undefined) return result;
    result =
      result.slice(0, match.index) + replacement + result.slice(match.index + match[0].length);
    if (result.length > 10 * MAX_VALUE_LENGTH) return value;
  }
  return value;
}
