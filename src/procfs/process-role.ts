/**
 * What a process is there for: the class that a JVM runs, a known service, or the program's name.
 * Only names of programs and classes ever leave this module: arguments may carry passwords.
 */

/** Main classes of the systems that clusters run, by full name, and what people call them. */
const SERVICES: Readonly<Record<string, string>> = {
  "org.apache.spark.executor.CoarseGrainedExecutorBackend": "Spark executor",
  "org.apache.spark.executor.YarnCoarseGrainedExecutorBackend": "Spark executor",
  "org.apache.spark.deploy.SparkSubmit": "Spark driver",
  "org.apache.spark.deploy.yarn.ApplicationMaster": "Spark driver",
  "org.apache.spark.deploy.worker.DriverWrapper": "Spark driver",
  "org.apache.spark.deploy.yarn.ExecutorLauncher": "Spark ExecutorLauncher",
  "org.apache.spark.deploy.master.Master": "Spark Master",
  "org.apache.spark.deploy.worker.Worker": "Spark Worker",
  "org.apache.spark.deploy.history.HistoryServer": "Spark HistoryServer",
  "org.apache.spark.deploy.ExternalShuffleService": "Spark shuffle service",
  "kafka.Kafka": "Kafka",
  "org.apache.zookeeper.server.quorum.QuorumPeerMain": "ZooKeeper",
  "org.apache.zookeeper.server.ZooKeeperServerMain": "ZooKeeper",
  "org.apache.hadoop.hdfs.tools.DFSZKFailoverController": "DFSZKFailoverController",
  "org.apache.flink.yarn.YarnTaskExecutorRunner": "Flink TaskManager",
  "org.apache.flink.runtime.taskexecutor.TaskManagerRunner": "Flink TaskManager",
  "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint": "Flink JobManager",
  "org.apache.flink.yarn.entrypoint.YarnJobClusterEntrypoint": "Flink JobManager",
  "org.apache.flink.yarn.entrypoint.YarnSessionClusterEntrypoint": "Flink JobManager",
  "org.apache.cassandra.service.CassandraDaemon": "Cassandra",
  "org.elasticsearch.bootstrap.Elasticsearch": "Elasticsearch",
  "org.elasticsearch.server.cli.ServerCli": "Elasticsearch",
  "org.opensearch.bootstrap.OpenSearch": "OpenSearch",
  "io.trino.server.TrinoServer": "Trino",
  "com.facebook.presto.server.PrestoServer": "Presto",
};

/** Classes that RunJar, Hadoop's starter of other people's jars, may be given. */
const RUN_JAR_SERVICES: Readonly<Record<string, string>> = {
  "org.apache.hive.service.server.HiveServer2": "HiveServer2",
  "org.apache.hadoop.hive.metastore.HiveMetaStore": "HiveMetaStore",
};

/** Options of `java` that take the next argument as their value. */
const JAVA_OPTIONS_WITH_VALUE = new Set(
  (
    "-cp -classpath --class-path -p --module-path --upgrade-module-path --add-modules " +
    "--enable-native-access --limit-modules --add-reads --add-exports --add-opens " +
    "--patch-module --source -d --describe-module"
  ).split(" "),
);

const CLASS_NAME = /^[A-Za-z_$][\w$]*(\.[A-Za-z_$][\w$]*)*$/;
const PROGRAM_NAME = /^[\w.+@-]{1,64}$/;

/**
 * @param name the kernel's name of the process, at most 15 bytes
 * @param command content of /proc/PID/cmdline: arguments, each followed by a NUL byte
 */
export function processRole(name: string, command: string): string {
  const args = command.split("\0");
  const first = args[0] ?? "";
  const program = programName(name, first);
  if (program === "java" || name === "java") return javaRole(args) ?? "java";
  if (/^python[\d.]*$/.test(program)) return isPySpark(args) ? "PySpark worker" : program;
  return program;
}

/**
 * What a JVM itself was told, in its order: the arguments before its main class or jar, without those
 * that only say where to find classes. They may carry passwords.
 *
 * @param command content of /proc/PID/cmdline
 */
export function jvmOptions(command: string): string[] {
  const args = command.split("\0");
  const options: string[] = [];
  for (let i = 1; i < args.length; i++) {
    const arg = args[i]!;
    if (JAVA_OPTIONS_WITH_VALUE.has(arg)) i++;
    else if (!arg.startsWith("-") || arg === "-jar" || arg === "-m" || arg === "--module") break;
    else options.push(arg);
  }
  return options;
}

/** The role of a kernel thread: `kworker/u8:2` is one of many `kworker`, `kswapd0` of `kswapd`. */
export function kernelThreadRole(name: string): string {
  const slash = name.indexOf("/");
  return slash > 0 ? name.slice(0, slash) : name.replace(/[-_:]?\d+$/, "") || name;
}

/**
 * The kernel cuts names to 15 bytes; the first argument has the whole name, but programs overwrite
 * it (`postgres: user database`): it is believed as far as it agrees with the kernel's name.
 */
function programName(name: string, argument: string): string {
  const path = argument.split(" ")[0] ?? "";
  const base = path.slice(path.lastIndexOf("/") + 1).replace(/^-/, "");
  if (!PROGRAM_NAME.test(base)) return name;
  // Node since 22 and some others name their main thread.
  const says = base.startsWith(name) || name === "MainThread";
  return says ? base : name;
}

function javaRole(args: readonly string[]): string | undefined {
  for (let i = 1; i < args.length; i++) {
    const arg = args[i]!;
    if (arg === "-jar") return jarName(args[i + 1] ?? "");
    if (arg === "-m" || arg === "--module") return className((args[i + 1] ?? "").split("/").pop()!);
    if (JAVA_OPTIONS_WITH_VALUE.has(arg)) i++;
    else if (arg === "org.apache.hadoop.util.RunJar") return runJarRole(args.slice(i + 1));
    else if (arg !== "" && !arg.startsWith("-") && !arg.startsWith("@")) return className(arg);
  }
  return undefined;
}

function className(full: string): string | undefined {
  if (!CLASS_NAME.test(full)) return undefined;
  return SERVICES[full] ?? full.slice(full.lastIndexOf(".") + 1).slice(0, 64);
}

function runJarRole(args: readonly string[]): string {
  for (const arg of args) {
    const service = RUN_JAR_SERVICES[arg];
    if (service !== undefined) return service;
  }
  return "RunJar";
}

/** `/opt/app-server-2.4.1-all.jar` as `app-server`: the version is no part of the role. */
function jarName(path: string): string | undefined {
  const base = path.slice(path.lastIndexOf("/") + 1).replace(/\.jar$/, "");
  const name = base.replace(/[-_.]v?\d.*$/, "");
  return PROGRAM_NAME.test(name) ? name : undefined;
}

function isPySpark(args: readonly string[]): boolean {
  const module = args.indexOf("-m");
  return module > 0 && /^pyspark\.(daemon|worker)$/.test(args[module + 1] ?? "");
}
