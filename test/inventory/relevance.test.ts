/** What a comparison makes of inventories: every key is ranked on purpose, and nothing drowns. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { inventoryDifferences } from "../../src/analysis/inventory-differences.ts";
import { valuesByKey } from "../../src/analysis/inventory-keys.ts";
import { isIdentity, ruleFor } from "../../src/analysis/inventory-relevance.ts";
import type { HostDescription } from "../../src/analysis/source.ts";

const GOLDEN = join(import.meta.dirname, "golden");

function golden(name: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(GOLDEN, `${name}.json`), "utf8")) as Record<string, unknown>;
}

const host = (name: string, inventory: Record<string, unknown>): HostDescription => ({
  id: 1,
  name,
  role: "",
  intervalMs: 1000,
  inventory,
  fromMs: 0,
  toMs: 0,
  samples: 0,
});

describe("relevance", () => {
  it("is decided for every key of every fixture host", () => {
    const all = readdirSync(GOLDEN).map((name) => golden(name.replace(/\.json$/, "")));
    const keys = [...valuesByKey(all, all)[0].keys()];
    expect(keys.length).toBeGreaterThan(250);
    expect(keys.filter((key) => !isIdentity(key) && !ruleFor(key))).toEqual([]);
  });

  it.each([
    ["cpu.frequencyGovernor", "high", "cpu"],
    ["cpu.mitigations.spectre_v2", "high", "cpu"],
    ["cpu.idle.states", "medium", "cpu"],
    ["cgroup.cpuLimit", "high", "cpu"],
    ["settings.cmdline", "high", "cpu"],
    ["clockSource", "high", "cpu"],
    ["settings.transparent_hugepage", "high", "memory"],
    ["settings.vm.swappiness", "high", "memory"],
    ["settings.vm.overcommit_memory", "medium", "memory"],
    ["cgroup.memoryLimitBytes", "high", "memory"],
    ["memory.nodes.node0.totalBytes", "medium", "memory"],
    ["settings.vm.dirty_ratio", "high", "disk"],
    ["settings.vm.dirty_background_bytes", "high", "disk"],
    ["disks.sda.scheduler", "high", "disk"],
    ["disks.sda.readAheadBytes", "high", "disk"],
    ["disks.sda.queueRequests", "medium", "disk"],
    ["fileSystems./data1.options", "high", "disk"],
    ["cgroup.ioLimits.sda", "high", "disk"],
    ["interfaces.eth0.mtuBytes", "high", "network"],
    ["interfaces.eth0.driver", "high", "network"],
    ["interfaces.eth0.ethtool.offloadsOff", "high", "network"],
    ["interfaces.eth0.ethtool.receiveDelayUs", "medium", "network"],
    ["settings.net.ipv4.tcp_congestion_control", "high", "network"],
    ["settings.net.core.default_qdisc", "high", "network"],
    ["virtualization.instanceType", "high", "virtualization"],
    ["jvms.DataNode.options.-Xmx", "high", "memory"],
    ["jvms.DataNode.options.-XX:UseG1GC", "high", "memory"],
    ["jvms.NodeManager.options.-XX:ParallelGCThreads", "high", "cpu"],
    ["hadoop.settings.yarn.yarn.nodemanager.resource.memory-mb", "high", "memory"],
    ["hadoop.settings.yarn.yarn.nodemanager.resource.cpu-vcores", "high", "cpu"],
    ["hadoop.settings.mapred.mapreduce.map.java.opts", "high", "memory"],
    ["hadoop.settings.mapred.mapreduce.map.output.compress", "high", "cpu"],
    ["hadoop.settings.mapred.mapreduce.task.io.sort.mb", "high", "memory"],
    ["hadoop.settings.mapred.mapreduce.reduce.shuffle.parallelcopies", "high", "network"],
    ["hadoop.settings.hdfs.dfs.datanode.data.dir", "high", "disk"],
    ["hadoop.settings.hdfs.dfs.blocksize", "high", "disk"],
    ["hadoop.settings.hdfs.dfs.replication", "high", "disk"],
    ["hadoop.settings.hdfs.dfs.encrypt.data.transfer", "high", "network"],
    ["hadoop.settings.spark.spark.executor.cores", "high", "cpu"],
    ["hadoop.settings.hive.hive.exec.parallel", "medium", null],
    ["settings.fs.inotify.max_user_watches", "low", null],
    ["kernel.commandLine", "low", null],
  ])("of %s is %s, for %s", (key, relevance, resource) => {
    expect(isIdentity(key)).toBe(false);
    expect(ruleFor(key)).toMatchObject({ relevance, resource });
  });

  it.each([
    "hostname",
    "boot.id",
    "notes",
    "hadoop.files.hdfs",
    "hadoop.settings.core.fs.defaultFS",
    "hadoop.settings.yarn.yarn.resourcemanager.hostname",
    "hadoop.settings.hdfs.dfs.datanode.address",
    "hadoop.settings.hdfs.dfs.namenode.rpc-address.ns1.nn1",
    "hadoop.settings.core.ha.zookeeper.quorum",
    "hadoop.settings.core.hadoop.proxyuser.hive.hosts",
    "hadoop.settings.hive.hive.metastore.uris",
    "jvms.DataNode.options.-Dhadoop.log.file",
    "jvms.DataNode.options.-Dhadoop.id.str",
    "jvms.DataNode.options.-Dproc_datanode",
  ])("has nothing to say of %s", (key) => expect(isIdentity(key)).toBe(true));
});

describe("inventory differences", () => {
  it("finds nothing between two hosts that only differ by who they are", () => {
    const one = golden("bare-metal-numa");
    const text = JSON.stringify(one)
      .replaceAll("worker-7", "worker-8")
      .replaceAll("nn1.example.com", "nn2.example.com")
      .replaceAll("rm1.example.com", "rm2.example.com")
      .replace(/"timeMs":\d+/, '"timeMs":1700000099000');
    const other = JSON.parse(text) as Record<string, unknown>;
    // What is left is a word of the boot line, of low relevance.
    expect(inventoryDifferences([host("a", one)], [host("b", other)], "cpu")).toEqual([
      {
        key: "kernel.commandLine",
        baseline: "ip=(address)::(address):(address):worker-7:eno1:none",
        candidate: "ip=(address)::(address):(address):worker-8:eno1:none",
        relevance: "low",
      },
    ]);
  });

  it("puts the planted difference of the losing resource first", () => {
    const one = golden("bare-metal-numa");
    const change = (from: string, to: string) =>
      JSON.parse(JSON.stringify(one).replaceAll(from, to)) as Record<string, unknown>;
    const first = (other: Record<string, unknown>, resource: string) =>
      inventoryDifferences([host("a", one)], [host("b", other)], resource)[0];
    expect(first(change('"vm.swappiness":"1"', '"vm.swappiness":"60"'), "memory")).toEqual({
      key: "settings.vm.swappiness",
      baseline: "1",
      candidate: "60",
      relevance: "high",
    });
    expect(first(change('"readAheadBytes":4194304', '"readAheadBytes":131072'), "disk")?.key).toBe(
      "disks.sda.readAheadBytes",
    );
    expect(first(change('"-Xmx":"4g"', '"-Xmx":"1g"'), "memory")?.key).toBe(
      "jvms.DataNode.options.-Xmx",
    );
  });

  it("keeps a cloud and hardware of one's own comparable line by line", () => {
    const differences = inventoryDifferences(
      [host("a", golden("bare-metal-numa"))],
      [host("b", golden("ec2-m5-xlarge"))],
      "disk",
    );
    const keys = differences.map(({ key }) => key);
    expect(keys).toContain("virtualization.instanceType");
    expect(keys).toContain("disks.sda");
    expect(keys).toContain("interfaces.*.driver");
    // The disks come first, one line for each that only one side has.
    expect(differences[0]!.key).toMatch(/^(disks|fileSystems|settings\.vm\.dirty|cgroup\.io)/);
    expect(keys.filter((key) => key.startsWith("disks.sda"))).toEqual(["disks.sda"]);
    expect(keys.filter((key) => key.startsWith("disks.")).length).toBeLessThan(30);
  });
});
