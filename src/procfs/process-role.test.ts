import { describe, expect, it } from "vitest";
import { kernelThreadRole, processRole } from "./process-role.ts";

const role = (name: string, ...args: string[]) =>
  processRole(name, args.map((arg) => `${arg}\0`).join(""));

describe("processRole", () => {
  it.each([
    ["DataNode", ["-Xmx1g", "-cp", "/a:/b", "org.apache.hadoop.hdfs.server.datanode.DataNode"]],
    ["NameNode", ["-Dproc_namenode", "org.apache.hadoop.hdfs.server.namenode.NameNode"]],
    [
      "ResourceManager",
      ["-classpath", "x", "org.apache.hadoop.yarn.server.resourcemanager.ResourceManager"],
    ],
    ["YarnChild", ["org.apache.hadoop.mapred.YarnChild", "10.0.0.1", "4000", "attempt_1", "7"]],
    [
      "Spark executor",
      [
        "--add-opens",
        "java.base/java.lang=ALL-UNNAMED",
        "org.apache.spark.executor.YarnCoarseGrainedExecutorBackend",
        "--driver-url",
        "x",
      ],
    ],
    [
      "Spark driver",
      ["org.apache.spark.deploy.SparkSubmit", "--conf", "spark.password=geheim", "app.jar"],
    ],
    ["Kafka", ["-server", "kafka.Kafka", "/etc/server.properties"]],
    ["ZooKeeper", ["org.apache.zookeeper.server.quorum.QuorumPeerMain", "zoo.cfg"]],
    ["HRegionServer", ["org.apache.hadoop.hbase.regionserver.HRegionServer", "start"]],
    [
      "HiveServer2",
      ["org.apache.hadoop.util.RunJar", "/hive.jar", "org.apache.hive.service.server.HiveServer2"],
    ],
    [
      "RunJar",
      ["org.apache.hadoop.util.RunJar", "/my.jar", "com.example.Job", "--password=geheim"],
    ],
    ["app-server", ["-jar", "/opt/app-server-2.4.1-all.jar", "--token", "geheim"]],
    ["Main", ["-p", "mods", "-m", "my.module/com.example.Main"]],
    ["java", ["-version"]],
    ["java", ["geheim=1"]],
  ])("of a JVM: %s", (expected, args) => {
    expect(role("java", "/usr/lib/jvm/bin/java", ...args)).toBe(expected);
  });

  it.each([
    [
      "a name that the kernel cut",
      "prometheus-node",
      ["/usr/bin/prometheus-node-exporter", "--x=geheim"],
      "prometheus-node-exporter",
    ],
    [
      "a title that overwrote the arguments",
      "postgres",
      ["postgres: geheim db [local] idle"],
      "postgres",
    ],
    ["a login shell", "bash", ["-bash"], "bash"],
    ["a script", "start.sh", ["/bin/sh", "/opt/start.sh", "geheim"], "start.sh"],
    ["Node with a named main thread", "MainThread", ["/usr/bin/node", "geheim.js"], "node"],
    ["a program in Python", "python3", ["/usr/bin/python3.11", "-c", "geheim"], "python3.11"],
    ["a worker of PySpark", "python3", ["python3", "-m", "pyspark.daemon"], "PySpark worker"],
    ["no arguments (a zombie)", "defunct", [], "defunct"],
  ])("of %s", (_what, name, args, expected) => {
    expect(role(name, ...args)).toBe(expected);
  });
});

describe("kernelThreadRole", () => {
  it.each([
    ["kworker/u8:2", "kworker"],
    ["kswapd0", "kswapd"],
    ["jbd2/vda1-8", "jbd2"],
    ["scsi_eh_0", "scsi_eh"],
    ["kthreadd", "kthreadd"],
  ])("%s is a %s", (name, expected) => {
    expect(kernelThreadRole(name)).toBe(expected);
  });
});
