import { readdirSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FakeHost, Recording } from "../../test/support/fake-host.ts";
import { IO_DISK } from "./cgroup-files.ts";
import { controlGroup } from "./control-group.ts";

let host: FakeHost;
beforeEach(() => {
  host = new FakeHost();
});
afterEach(() => {
  host.remove();
});

const CGROUP = "sys/fs/cgroup";
const ID = "0123456789abcdef".repeat(4);

interface Group {
  readonly usage?: number;
  readonly throttled?: number;
  readonly limited?: boolean;
  readonly current?: number;
  readonly refaults?: number;
  readonly kills?: number;
  readonly read?: number;
  readonly stall?: number;
}

function rounded(value: number | undefined): number | undefined {
  return value === undefined ? undefined : Number(value.toPrecision(12));
}

/** Writes a group of version 2 as Linux 6.x has it. */
function put(path: string, g: Group = {}): void {
  const usage = g.usage ?? 0;
  const files: Record<string, string> = {
    "cpu.stat": `usage_usec ${usage}\nuser_usec ${usage * 0.75}\nsystem_usec ${usage * 0.25}\nnice_usec 0\nnr_periods ${(g.throttled ?? 0) * 4}\nnr_throttled ${g.throttled ?? 0}\nthrottled_usec ${(g.throttled ?? 0) * 50000}\nnr_bursts 0\n`,
    "cpu.max": g.limited ? "150000 100000\n" : "max 100000\n",
    "cpu.weight": "100\n",
    "memory.current": `${g.current ?? 4096}\n`,
    "memory.max": g.limited ? "1048576\n" : "max\n",
    "memory.high": "max\n",
    "memory.swap.current": "8192\n",
    "memory.stat": `anon 1000\nfile 2000\nkernel 900\nshmem 30\nfile_dirty 4\nfile_writeback 5\ninactive_file 96\nslab 600\nworkingset_refault_anon 0\nworkingset_refault_file ${g.refaults ?? 0}\npgfault 70\npgmajfault 8\n`,
    "memory.events": `low 0\nhigh 0\nmax 3\noom 1\noom_kill ${g.kills ?? 0}\noom_group_kill 0\n`,
    "io.stat": `8:0 rbytes=${g.read ?? 0} wbytes=0 rios=${(g.read ?? 0) / 4096} wios=0 dbytes=0 dios=0\n`,
    "pids.current": "5\n",
    "pids.max": g.limited ? "20\n" : "max\n",
  };
  for (const resource of ["cpu", "memory", "io"]) {
    const line = `avg10=0.00 avg60=0.00 avg300=0.00 total=${g.stall ?? 0}\n`;
    files[`${resource}.pressure`] = `some ${line}full ${line}`;
  }
  for (const [name, content] of Object.entries(files)) {
    host.write(join(CGROUP, path, name), content);
  }
}

/** The root of version 2 lacks most. */
function putRoot(): void {
  host.write("proc/self/mounts", "cgroup2 /sys/fs/cgroup cgroup2 rw,nosuid 0 0\n");
  for (const resource of ["cpu", "memory", "io"]) {
    host.write(`proc/pressure/${resource}`, "some avg10=0.00 total=1\nfull avg10=0.00 total=1\n");
  }
  host.write(`${CGROUP}/cgroup.controllers`, "cpuset cpu io memory pids\n");
  host.write(`${CGROUP}/cpu.stat`, "usage_usec 1000\nuser_usec 700\nsystem_usec 300\n");
}

describe("Control Group, version 2", () => {
  it("shows what a service uses and what holds it back", () => {
    putRoot();
    put("system.slice");
    put("system.slice/ssh.service", { limited: true });
    const recording = new Recording(host, controlGroup).sample(10);
    put("system.slice/ssh.service", {
      usage: 12e6,
      throttled: 20,
      limited: true,
      current: 524288,
      refaults: 50,
      kills: 10,
      read: 409600,
      stall: 4e6,
    });
    recording.sample(10);
    const value = (name: string) => rounded(recording.value("system.slice/ssh.service", name));
    expect(value("% Processor Time")).toBeCloseTo(120, 9);
    expect([value("% User Time"), value("% Privileged Time")]).toEqual([90, 30]);
    expect(value("% Throttled Periods")).toBe(25);
    expect(value("% Throttled Time")).toBeCloseTo(10, 9);
    expect(value("% Processor Limit")).toBe(150);
    expect(value("CPU Weight")).toBe(100);
    expect(value("Memory Bytes")).toBe(524288);
    expect(value("Working Set")).toBe(524288 - 96);
    expect([value("Memory Limit Bytes"), value("% Memory Limit")]).toEqual([1048576, 50]);
    expect([value("Swap Bytes"), value("Slab Bytes"), value("Anonymous Bytes")]).toEqual([
      8192, 600, 1000,
    ]);
    expect([value("File Refaults/sec"), value("OOM Kills/sec")]).toEqual([5, 1]);
    expect([value("IO Read Bytes/sec"), value("IO Read Operations/sec")]).toEqual([40960, 10]);
    expect([value("Task Count"), value("Task Limit"), value("% Task Limit")]).toEqual([5, 20, 25]);
    for (const resource of ["CPU", "Memory", "IO"]) {
      expect(value(`% ${resource} Some Stall Time`)).toBeCloseTo(40, 9);
      expect(value(`% ${resource} Full Stall Time`)).toBeCloseTo(40, 9);
    }
  });

  it("gives the root what the root has, and no limit where there is none", () => {
    putRoot();
    put("a.slice");
    const recording = new Recording(host, controlGroup).sample(10);
    host.write(`${CGROUP}/cpu.stat`, "usage_usec 1001000\nuser_usec 700\nsystem_usec 300\n");
    recording.sample(10);
    expect(Object.keys(recording.raw("root"))).toEqual(
      "usage_usec user_usec system_usec groups left_out".split(" "),
    );
    expect(recording.value("root", "% Processor Time")).toBeCloseTo(10, 9);
    expect(recording.value("root", "Control Groups")).toBe(2);
    const limits = Object.keys(recording.raw("a.slice")).filter((id) => /max|quota|limit/.test(id));
    expect(limits).toEqual([]);
  });

  it("names slices, services and containers readably, and looks into none of them", () => {
    putRoot();
    const pod =
      "kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod2f9fb6a1_9d43_4a65_9a3a_0d6f0e7a5c11.slice";
    const yarn = "system.slice/hadoop.service/hadoop-yarn/container_e17_1_0001_01_000005";
    const containers = [yarn, `${pod}/cri-containerd-${ID}.scope`, "user.slice/session-1.scope"];
    for (const path of containers) {
      put(path);
      put(`${path}/inner`);
    }
    put("system.slice/dev-mqueue.mount");
    const recording = new Recording(host, controlGroup).sample(10);
    const shortPod = "kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod2f9fb6a1.slice";
    expect(recording.instances()).toEqual([
      `${shortPod}/cri-containerd:0123456789ab`,
      "root",
      yarn,
      "user.slice/session-1.scope",
    ]);
    expect(recording.unit(`${shortPod}/cri-containerd:0123456789ab`).instance.attributes).toEqual({
      kind: "container",
      label: "cri-containerd:0123456789ab",
    });
  });

  it("tells on hosts with several disks what each group did on which", () => {
    host.link("sys/block/sda/device", "../../devices/sda");
    host.link("sys/block/sdb/device", "../../devices/sdb");
    host.write("sys/block/sda/dev", "8:0\n");
    host.write("sys/block/sdb/dev", "8:16\n");
    putRoot();
    put("data.slice/disks.service", { usage: 1 });
    const io = (sda: number, sdb: number) =>
      host.write(
        `${CGROUP}/data.slice/disks.service/io.stat`,
        `253:0 rbytes=7 wbytes=7000 rios=7 wios=77\n` +
          `8:0 rbytes=${sda} wbytes=0 rios=${sda / 4096} wios=0 dbytes=0 dios=0\n` +
          (sdb > 0 ? `8:16 rbytes=0 wbytes=${sdb} rios=0 wios=${sdb / 4096}\n` : ""),
      );
    io(4096, 0);
    // A volume on a partition of one of them: its bytes show there.
    host.write("sys/block/dm-0/dev", "253:0\n");
    host.link("sys/block/dm-0/slaves/sda2", "../../sda/sda2");
    host.write("sys/block/sda/sda2/partition", "2\n");
    const recording = new Recording(host, controlGroup).sample(10);
    const group = "data.slice/disks.service";
    expect(recording.instances().filter((name) => name.startsWith(`${group}/`))).toEqual([
      `${group}/sda`,
    ]);
    put("data.slice/disks.service", { usage: 2 });
    io(4096 * 11, 4096 * 20);
    recording.sample(10);
    put("data.slice/disks.service", { usage: 3 });
    io(4096 * 11, 4096 * 50);
    recording.sample(10);
    expect(recording.values(`${group}/sda`, "Disk Reads/sec")).toEqual([1, 0]);
    expect(recording.values(`${group}/sdb`, "Disk Write Bytes/sec")).toEqual([4096 * 3]);
    expect(recording.values(group, "IO Write Operations/sec")).toEqual([2, 3]);
    expect(recording.unit(`${group}/sdb`, IO_DISK).instance.attributes).toEqual({
      kind: "disk",
      label: "disks.service sdb",
    });
    host.remove(`${CGROUP}/data.slice/disks.service`);
    recording.sample(10);
    expect(recording.instances()).not.toContain(`${group}/sda`);
  });

  it.each(["cpu.stat", "memory.stat", "memory.events", "io.stat", "io.pressure", "pids.current"])(
    "says that %s of a group is garbled, and records its other files",
    (file) => {
      putRoot();
      put("a.slice", { usage: 1 });
      const recording = new Recording(host, controlGroup).sample(60);
      put("a.slice", { usage: 1_000_001 });
      const before = recording.raw("a.slice");
      host.write(`${CGROUP}/a.slice/${file}`, "?!\n");
      expect(() => recording.sample(60)).toThrow(`a.slice/${file} holds nothing known`);
      const lost = Object.keys(before).filter((field) => !(field in recording.raw("a.slice")));
      expect(lost.length).toBeGreaterThan(0);
      expect(lost.length).toBeLessThan(12);
    },
  );

  it("reads idle groups in full once a minute", () => {
    putRoot();
    put("idle.slice", { limited: true });
    put("busy.slice", { limited: true });
    const recording = new Recording(host, controlGroup).sample(10);
    const full: number[] = [];
    for (let sample = 1; sample <= 13; sample++) {
      put("busy.slice", { usage: sample, limited: true, current: 4096 * sample });
      recording.sample(10);
      expect(recording.raw("busy.slice")).toMatchObject({
        limited_current: 4096 * sample,
        memory_max: 1048576,
      });
      expect(recording.raw("idle.slice")).toMatchObject({ usage_usec: 0 });
      if ("memory_current" in recording.raw("idle.slice")) full.push(sample);
    }
    expect(full.length).toBeGreaterThanOrEqual(2);
    for (let i = 1; i < full.length; i++) expect(full[i]! - full[i - 1]!).toBe(6);
  });

  it("follows groups that come and go, up to a number", () => {
    host.remove();
    host = new FakeHost({ maxControlGroups: 3 });
    putRoot();
    for (const name of ["a", "b", "c", "d"]) put(`${name}.slice`, { usage: 5 });
    const recording = new Recording(host, controlGroup).sample(10);
    expect(recording.instances()).toEqual(["a.slice", "b.slice", "root"]);
    expect(recording.raw("root")).toMatchObject({ groups: 5, left_out: 2 });
    host.remove(`${CGROUP}/a.slice`);
    recording.sample(10).sample(10);
    expect(recording.instances()).toEqual(["b.slice", "c.slice", "root"]);
    expect(openFiles(host.folder).filter((path) => path.includes("a.slice"))).toEqual([]);
    recording.open.close();
    expect(openFiles(host.folder)).toEqual([]);
  });

  it("is not there without control groups", () => {
    expect(controlGroup.open(host.context)).toBeUndefined();
  });
});

function openFiles(folder: string): string[] {
  return readdirSync("/proc/self/fd").flatMap((fd) => {
    try {
      const path = readlinkSync(`/proc/self/fd/${fd}`);
      return path.startsWith(folder) ? [path] : [];
    } catch {
      return [];
    }
  });
}

describe("Control Group, version 1", () => {
  function putV1(controllers: string, path: string, files: Record<string, string>): void {
    for (const [name, content] of Object.entries(files)) {
      host.write(join(CGROUP, controllers, path, name), content);
    }
  }

  function putAll(path: string, usageNs: number, more: Record<string, number> = {}): void {
    putV1("cpu,cpuacct", path, {
      "cpuacct.usage": `${usageNs}\n`,
      "cpuacct.stat": `user ${usageNs / 2e7}\nsystem ${usageNs / 2e7}\n`,
      "cpu.stat": `nr_periods ${more["periods"] ?? 0}\nnr_throttled ${more["throttled"] ?? 0}\nthrottled_time ${(more["throttled"] ?? 0) * 1e8}\n`,
      "cpu.cfs_quota_us": path === "" ? "-1\n" : "25000\n",
      "cpu.cfs_period_us": "50000\n",
      "cpu.shares": "2048\n",
    });
    putV1("memory", path, {
      "memory.usage_in_bytes": "1000000\n",
      "memory.limit_in_bytes": path === "" ? "9223372036854771712\n" : "4000000\n",
      "memory.failcnt": `${more["fails"] ?? 0}\n`,
      "memory.oom_control": `oom_kill_disable 0\nunder_oom 0\noom_kill ${more["kills"] ?? 0}\n`,
      "memory.stat":
        "cache 1\nrss 1\ntotal_cache 600000\ntotal_rss 300000\ntotal_dirty 5\ntotal_swap 77\ntotal_pgfault 9\ntotal_pgmajfault 8\ntotal_inactive_file 200000\n",
    });
    putV1("blkio", path, {
      "blkio.throttle.io_service_bytes": `8:0 Read ${more["bytes"] ?? 0}\n8:0 Write 0\nTotal 0\n`,
      "blkio.throttle.io_serviced": `8:0 Read ${(more["bytes"] ?? 0) / 1024}\n8:0 Write 0\nTotal 0\n`,
    });
  }

  beforeEach(() => {
    host.write(
      "proc/self/mounts",
      ["cpu,cpuacct", "memory", "blkio", "name=systemd"]
        .map((c) => `cgroup /${CGROUP}/${c.replace("name=", "")} cgroup rw,relatime,${c} 0 0\n`)
        .join("") + `cgroup2 /${CGROUP}/unified cgroup2 rw 0 0\n`,
    );
    putAll("", 1e9);
  });

  it("says that a file of I/O is empty, and gives no zeros for it", () => {
    putAll("a", 1e9);
    const recording = new Recording(host, controlGroup).sample(60);
    putAll("a", 2e9);
    putV1("blkio", "a", { "blkio.throttle.io_serviced": "" });
    expect(() => recording.sample(60)).toThrow(/a\/blkio.throttle.io_serviced holds nothing known/);
    expect(recording.raw("a")).not.toHaveProperty("rbytes");
    expect(recording.raw("a")).toHaveProperty("usage_usec");
  });

  it("shows the same, from other files", () => {
    putAll("hadoop-yarn/container_1_0001_01_000002", 0);
    const recording = new Recording(host, controlGroup).sample(10);
    putAll("hadoop-yarn/container_1_0001_01_000002", 4e9, {
      periods: 200,
      throttled: 50,
      fails: 30,
      kills: 10,
      bytes: 102400,
    });
    recording.sample(10);
    const value = (name: string) =>
      rounded(recording.value("hadoop-yarn/container_1_0001_01_000002", name));
    expect(value("% Processor Time")).toBeCloseTo(40, 9);
    expect([value("% User Time"), value("% Privileged Time")]).toEqual([20, 20]);
    expect([value("% Throttled Periods"), value("% Throttled Time")]).toEqual([25, 50]);
    expect([value("% Processor Limit"), value("CPU Weight")]).toEqual([50, 200]);
    expect([value("Memory Bytes"), value("Working Set")]).toEqual([1e6, 8e5]);
    expect([value("% Memory Limit"), value("Swap Bytes")]).toEqual([25, 77]);
    expect([value("Anonymous Bytes"), value("File Cache Bytes")]).toEqual([3e5, 6e5]);
    expect([value("Limit Events/sec"), value("OOM Kills/sec")]).toEqual([3, 1]);
    expect([value("IO Read Bytes/sec"), value("IO Read Operations/sec")]).toEqual([10240, 10]);
    const names = recording.open.object.counters.map(({ name }) => name);
    for (const missing of ["Slab Bytes", "Memory High Bytes", "Task Count", "OOM Events/sec"]) {
      expect(names).not.toContain(missing);
    }
    expect(recording.raw("root")).not.toHaveProperty("memory_max");
  });

  it("takes from the unified tree of the hybrid layout what only that has", () => {
    host.write("proc/pressure/cpu", "some avg10=0.00 total=1\n");
    host.write(`${CGROUP}/unified/cgroup.controllers`, "\n");
    const service = (usage: number): void => {
      host.write(
        `${CGROUP}/unified/system.slice/a.service/cpu.stat`,
        `usage_usec ${usage}\nuser_usec ${usage}\nsystem_usec 0\n`,
      );
      host.write(
        `${CGROUP}/unified/system.slice/a.service/cpu.pressure`,
        `some avg10=0.00 avg60=0.00 avg300=0.00 total=${usage}\n`,
      );
    };
    service(0);
    const recording = new Recording(host, controlGroup).sample(10);
    service(5e6);
    recording.sample(10);
    expect(recording.value("system.slice/a.service", "% Processor Time")).toBeCloseTo(50, 9);
    expect(recording.value("system.slice/a.service", "% CPU Some Stall Time")).toBeCloseTo(50, 9);
    // Of version 1 where that has it: nanoseconds, and the same in both.
    expect(recording.raw("root")).toMatchObject({ usage_usec: 1e6, user_usec: 5e5 });
  });
});
