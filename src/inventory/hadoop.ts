/** Hadoop and what runs on it: versions, and the settings of its configuration files. */
import type { HostFiles } from "./host-files.ts";
import { componentVersions } from "./hadoop-versions.ts";
import { FILES, readSettings, type SettingsFile } from "./hadoop-settings.ts";
import type { Jvm } from "./jvms.ts";
import { redactText } from "./redact.ts";
import { defined } from "./read-text.ts";

export interface HadoopInventory {
  /** `hadoop`, `spark`, `hive`, `hbase`, `tez`: version by name. */
  readonly versions?: Readonly<Record<string, string>>;
  /** Files read, by short name: `hdfs` is `/etc/hadoop/conf/hdfs-site.xml`. */
  readonly files?: Readonly<Record<string, string>>;
  /** By short name of the file: what it sets, variables replaced, by the settings' own names. */
  readonly settings?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Where configuration may stand: the folder, and whose files look into it. */
interface Place {
  readonly folder: string;
  readonly files: HostFiles;
  /** Roles of the processes that named it. */
  readonly roles: string[];
}

/** This process: its user may have Hadoop set up. */
interface Here {
  readonly files: HostFiles;
  readonly environment: ReadonlyMap<string, string>;
}

/** Variables that name a folder of configuration, and homes with the folder below them. */
const FOLDER_VARIABLES: readonly (readonly [string, string])[] = [
  ["HADOOP_CONF_DIR", ""],
  ["YARN_CONF_DIR", ""],
  ["SPARK_CONF_DIR", ""],
  ["HIVE_CONF_DIR", ""],
  ["HBASE_CONF_DIR", ""],
  ["TEZ_CONF_DIR", ""],
  ["HADOOP_HOME", "/etc/hadoop"],
  ["HADOOP_PREFIX", "/etc/hadoop"],
  ["HADOOP_COMMON_HOME", "/etc/hadoop"],
  ["SPARK_HOME", "/conf"],
  ["HIVE_HOME", "/conf"],
  ["HBASE_HOME", "/conf"],
];

const USUAL_FOLDERS: readonly string[] = [
  ...["hadoop", "spark", "spark3", "hive", "hbase", "tez"].map((name) => `/etc/${name}/conf`),
  "/etc/hadoop",
  "/usr/local/hadoop/etc/hadoop",
  "/opt/hadoop/etc/hadoop",
  "/usr/local/spark/conf",
  "/opt/spark/conf",
];

/** @param notes takes what was not read */
export function readHadoop(
  jvms: readonly Jvm[],
  here: Here,
  notes: Set<string>,
): HadoopInventory | undefined {
  const places = findPlaces(jvms, here);
  const found: Record<string, string> = {};
  const settings: Record<string, Readonly<Record<string, string>>> = {};
  for (const file of FILES) {
    const place = bestPlace(places, file);
    if (!place) continue;
    const path = `${place.folder}/${file.name}`;
    found[file.id] = redactText(path);
    settings[file.id] = readSettings(place.files, place.folder, file, notes);
  }
  const versions = componentVersions(jvms, here);
  const facts = defined<HadoopInventory>({
    versions: Object.keys(versions).length > 0 ? versions : undefined,
    files: Object.keys(found).length > 0 ? found : undefined,
    settings: Object.keys(settings).length > 0 ? settings : undefined,
  });
  return Object.keys(facts).length > 0 ? facts : undefined;
}

/** Running processes know best, then this process's environment, then the usual folders. */
function findPlaces(jvms: readonly Jvm[], here: Here): Place[] {
  const places: Place[] = [];
  const add = (folder: string, files: HostFiles, role?: string) => {
    let place = places.find((known) => known.folder === folder && known.files === files);
    if (!place) places.push((place = { folder, files, roles: [] }));
    if (role !== undefined) place.roles.push(role);
  };
  for (const { environment, command, files, role } of jvms) {
    for (const folder of namedFolders(environment)) add(folder, files, role);
    // Another user's environment cannot be read; Hadoop's scripts name its home to the JVM as well.
    const home = /\0-Dhadoop\.home\.dir=([^\0]+)/.exec(command)?.[1];
    if (home !== undefined) add(`${home}/etc/hadoop`, files, role);
  }
  for (const folder of [...namedFolders(here.environment), ...USUAL_FOLDERS]) {
    add(folder, here.files);
  }
  return places;
}

function namedFolders(environment: ReadonlyMap<string, string>): string[] {
  return FOLDER_VARIABLES.flatMap(([variable, below]) => {
    const folder = environment.get(variable);
    return folder?.startsWith("/") ? [folder.replace(/\/+$/, "") + below] : [];
  });
}

/** A manager may give every process a folder of its own: the file of the process it is for counts. */
function bestPlace(places: readonly Place[], { name, roles }: SettingsFile): Place | undefined {
  const has = ({ folder, files }: Place) => files.read(`${folder}/${name}`) !== undefined;
  const meant = places.filter((place) => place.roles.some((role) => roles.test(role)));
  return meant.find(has) ?? places.find(has);
}
