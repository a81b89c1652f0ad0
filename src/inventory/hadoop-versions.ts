/** Versions by the names of installed files: nothing is started. */
import type { HostFiles } from "./host-files.ts";
import type { Jvm } from "./jvms.ts";

interface Component {
  readonly id: string;
  /** Variables of the environment that name its home. */
  readonly variables: readonly string[];
  readonly homes: readonly string[];
  /** Below the home. */
  readonly folders: readonly string[];
  /** Its own library; what is captured is the version. */
  readonly jar: RegExp;
}

const COMPONENTS: readonly Component[] = [
  {
    id: "hadoop",
    variables: ["HADOOP_HOME", "HADOOP_COMMON_HOME", "HADOOP_PREFIX"],
    homes: [
      "/usr/lib/hadoop",
      "/usr/local/hadoop",
      "/opt/hadoop",
      "/usr/hdp/current/hadoop-client",
      "/opt/cloudera/parcels/CDH/lib/hadoop",
    ],
    folders: ["/share/hadoop/common", ""],
    jar: /^hadoop-common-(\d[\w.-]*?)\.jar$/,
  },
  {
    id: "spark",
    variables: ["SPARK_HOME"],
    homes: ["/usr/lib/spark", "/usr/local/spark", "/opt/spark", "/usr/hdp/current/spark2-client"],
    folders: ["/jars"],
    jar: /^spark-core_[\d.]+-(\d[\w.-]*?)\.jar$/,
  },
  {
    id: "hive",
    variables: ["HIVE_HOME"],
    homes: ["/usr/lib/hive", "/opt/hive", "/usr/hdp/current/hive-client"],
    folders: ["/lib"],
    jar: /^hive-exec-(\d[\w.-]*?)\.jar$/,
  },
  {
    id: "hbase",
    variables: ["HBASE_HOME"],
    homes: ["/usr/lib/hbase", "/opt/hbase", "/usr/hdp/current/hbase-client"],
    folders: ["/lib"],
    jar: /^hbase-common-(\d[\w.-]*?)\.jar$/,
  },
  {
    id: "tez",
    variables: ["TEZ_HOME"],
    homes: ["/usr/lib/tez", "/opt/tez", "/usr/hdp/current/tez-client"],
    folders: [""],
    jar: /^tez-api-(\d[\w.-]*?)\.jar$/,
  },
];

/** Variants of a library that stand beside it. */
const VARIANT = /-(tests|sources|javadoc)$/;

export function componentVersions(
  jvms: readonly Jvm[],
  here: { readonly files: HostFiles; readonly environment: ReadonlyMap<string, string> },
): Record<string, string> {
  const versions: Record<string, string> = {};
  for (const component of COMPONENTS) {
    for (const { files, home } of homesOf(component, jvms, here)) {
      const version = versionIn(files, home, component);
      if (version === undefined) continue;
      versions[component.id] = version;
      break;
    }
  }
  return versions;
}

function homesOf(
  { id, variables, homes }: Component,
  jvms: readonly Jvm[],
  here: { readonly files: HostFiles; readonly environment: ReadonlyMap<string, string> },
): { files: HostFiles; home: string }[] {
  const found: { files: HostFiles; home: string }[] = [];
  for (const { environment, command, files } of [...jvms, { ...here, command: "" }]) {
    for (const variable of variables) {
      const home = environment.get(variable);
      if (home?.startsWith("/")) found.push({ files, home });
    }
    const named = id === "hadoop" ? /\0-Dhadoop\.home\.dir=([^\0]+)/.exec(command)?.[1] : undefined;
    if (named !== undefined) found.push({ files, home: named });
  }
  return [...found, ...homes.map((home) => ({ files: here.files, home }))];
}

function versionIn(files: HostFiles, home: string, component: Component): string | undefined {
  for (const folder of component.folders) {
    for (const name of files.list(home + folder)) {
      const version = component.jar.exec(name)?.[1];
      if (version !== undefined && !VARIANT.test(version)) return version;
    }
  }
  return undefined;
}
