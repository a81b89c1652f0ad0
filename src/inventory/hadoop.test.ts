import { describe, expect, it } from "vitest";
import { inventoryOf } from "../../test/support/host-tree.ts";
import { expand } from "./hadoop-settings.ts";

const site = (settings: Record<string, string>) =>
  `<configuration>${Object.entries(settings)
    .map(([name, value]) => `<property><name>${name}</name><value>${value}</value></property>`)
    .join("")}</configuration>`;
const words = (...parts: string[]) => parts.map((part) => `${part}\0`).join("");

const DATA_NODE = "org.apache.hadoop.hdfs.server.datanode.DataNode";
const NODE_MANAGER = "org.apache.hadoop.yarn.server.nodemanager.NodeManager";

describe("variables", () => {
  const values = new Map([
    ["a", "1"],
    ["b", "${a}2"],
    ["loop", "x${loop}"],
    ["turn", "${back}"],
    ["back", "${turn}"],
  ]);
  const valueOf = (name: string) => values.get(name);

  it.each([
    ["${b}/${a}", "12/1"],
    ["${user.name}/${a}", "${user.name}/${a}"],
    ["${env.HOME}", "${env.HOME}"],
    ["${a", "${a"],
    ["${loop}", "${loop}"],
    ["${turn}", "${turn}"],
  ])("%s", (text, result) => expect(expand(text, valueOf)).toBe(result));
});

describe("the configuration of Hadoop", () => {
  it("is that of the process it is for, where each has a folder of its own", () => {
    const { hadoop, jvms } = inventoryOf({
      "proc/10/comm": "java\n",
      "proc/10/cmdline": words("/jdk/bin/java", "-Xmx1g", NODE_MANAGER),
      "proc/10/environ": words("HADOOP_CONF_DIR=/run/10-nodemanager"),
      "proc/20/comm": "java\n",
      "proc/20/cmdline": words("/jdk/bin/java", "-Xmx2g", DATA_NODE),
      "proc/20/environ": words("HADOOP_CONF_DIR=/run/20-datanode/"),
      "run/10-nodemanager/hdfs-site.xml": site({ "dfs.replication": "1" }),
      "run/10-nodemanager/yarn-site.xml": site({ "yarn.x": "node manager" }),
      "run/20-datanode/hdfs-site.xml": site({ "dfs.replication": "3" }),
      "run/20-datanode/yarn-site.xml": site({ "yarn.x": "data node" }),
      "etc/hadoop/conf/hdfs-site.xml": site({ "dfs.replication": "7" }),
      "etc/hadoop/conf/mapred-site.xml": site({ "mapreduce.x": "usual" }),
    });
    expect(hadoop?.files).toEqual({
      hdfs: "/run/20-datanode/hdfs-site.xml",
      yarn: "/run/10-nodemanager/yarn-site.xml",
      mapred: "/etc/hadoop/conf/mapred-site.xml",
    });
    expect(hadoop?.settings).toEqual({
      hdfs: { "dfs.replication": "3" },
      yarn: { "yarn.x": "node manager" },
      mapred: { "mapreduce.x": "usual" },
    });
    expect(Object.keys(jvms ?? {})).toEqual(["DataNode", "NodeManager"]);
  });

  it("is found by Hadoop's home when another user's environment cannot be read", () => {
    const { hadoop } = inventoryOf({
      "proc/20/comm": "java\n",
      "proc/20/cmdline": words("java", "-Dhadoop.home.dir=/srv/hadoop-3", DATA_NODE),
      "srv/hadoop-3/etc/hadoop/core-site.xml": site({ a: "1" }),
      "srv/hadoop-3/share/hadoop/common/hadoop-common-3.1.1.7.1.7.0-551.jar": "",
    });
    expect(hadoop).toEqual({
      versions: { hadoop: "3.1.1.7.1.7.0-551" },
      files: { core: "/srv/hadoop-3/etc/hadoop/core-site.xml" },
      settings: { core: { a: "1" } },
    });
  });

  it("and its Java are those inside of a container, for a process in one", () => {
    const { hadoop, java } = inventoryOf({
      "proc/self/ns/mnt": "->mnt:[1]",
      "proc/20/ns/mnt": "->mnt:[2]",
      "proc/20/comm": "java\n",
      "proc/20/cmdline": words("java", DATA_NODE),
      "proc/20/environ": words("HADOOP_CONF_DIR=/etc/hadoop/conf", "JAVA_HOME=/jdk"),
      "etc/hadoop/conf/core-site.xml": site({ where: "outside" }),
      "proc/20/root/etc/hadoop/conf": "->/conf",
      "proc/20/root/conf/core-site.xml": site({ where: "inside" }),
      "proc/20/root/jdk/release": 'JAVA_VERSION="21.0.1"\n',
    });
    expect(hadoop?.settings).toEqual({ core: { where: "inside" } });
    expect(java).toEqual({ running: ["21.0.1"] });
  });

  it("tells no secret through a variable", () => {
    const { hadoop } = inventoryOf({
      "etc/hadoop/conf/core-site.xml": site({
        "db.password": "hunter2",
        "db.url": "jdbc:x:${db.password}:y",
        "db.user": "${plain}",
        plain: "p",
      }),
    });
    expect(hadoop?.settings?.["core"]).toEqual({
      "db.password": "(redacted)",
      "db.url": "jdbc:x:(redacted):y",
      "db.user": "p",
      plain: "p",
    });
  });
});

describe("options of JVMs", () => {
  it("are merged by role: the last of one process, each of several", () => {
    const child = (pid: number, ...options: string[]) => ({
      [`proc/${pid}/comm`]: "java\n",
      [`proc/${pid}/cmdline`]: words(
        "java",
        ...options,
        "-Dyarn.app.container.log.dir=/logs/application_1700000000000_0001/container_e17_1700000000000_0001_01_000002",
        "org.apache.hadoop.mapred.YarnChild",
        "10.0.0.1",
        "-Xmx9g",
      ),
    });
    const { jvms } = inventoryOf({
      ...child(10, "-Xmx1g", "-Xmx2g", "-XX:-UseAdaptiveSizePolicy"),
      ...child(11, "-Xmx3g", "--add-opens", "java.base/java.lang=ALL-UNNAMED"),
    });
    expect(jvms).toEqual({
      YarnChild: {
        processes: 2,
        options: {
          "-Dyarn.app.container.log.dir": "/logs/application_(id)/container_(id)",
          "-XX:UseAdaptiveSizePolicy": "off",
          "-Xmx": "2g, 3g",
        },
      },
    });
  });
});
