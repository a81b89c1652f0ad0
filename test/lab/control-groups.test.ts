/**
 * Control groups of real kernels: version 1 (or whatever this host has) on the host itself, version
 * 2 in a user-mode-Linux guest. What is done in a group must show in its counters.
 */
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmdirSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { hostContext } from "../../src/agent/host-context.ts";
import type { HostContext } from "../../src/collectors/collector.ts";
import { controlGroup } from "../../src/collectors/control-group.ts";
import { type RecordedHost, Recording } from "../support/fake-host.ts";
import { needs } from "../support/needs.ts";
import { cpuControllerFolder } from "./cpu-quota.ts";
import { labFolder, runGuest } from "./uml-guest.ts";

/** A recording of a host whose clock goes as far as each sample says. */
function recordingOf(context: HostContext): Recording {
  const host: RecordedHost = {
    seconds: 1000,
    context: { ...context, monotonicSeconds: () => host.seconds },
  };
  return new Recording(host, controlGroup);
}

needs("root").describe("control groups of this host", () => {
  const name = `perfmon-test-${process.pid}`;
  const controllers = [cpuControllerFolder()?.folder, cpuAccountFolder(), memoryFolder()];
  const folders = [...new Set(controllers.filter((folder) => folder !== undefined))].map((folder) =>
    join(folder, name),
  );
  for (const folder of folders) mkdirSync(folder, { recursive: true });
  afterAll(() => {
    for (const folder of folders) rmdirSync(folder);
  });

  /** Runs a shell script inside the groups; bounded in time. */
  function runInside(script: string): void {
    const enter = folders.map((folder) => `echo $$ >${folder}/cgroup.procs`).join("; ");
    spawnSync("timeout", ["20", "sh", "-c", `${enter}; ${script}`], { stdio: "ignore" });
  }

  it.skipIf(folders.length === 0)("shows CPU time and throttling by a quota", () => {
    set("cpu.cfs_quota_us", "20000", "cpu.max", "20000 100000");
    const recording = recordingOf(hostContext({ allBlockDevices: true })).sample();
    runInside("timeout 1 sh -c 'while :; do :; done'");
    // As one second is taken what took a second: the busy loop.
    recording.sample(1);
    recording.open.close();
    const raw = (counter: string) => recording.value(name, counter)!;
    expect(raw("% Processor Limit")).toBe(20);
    expect(raw("% Processor Time")).toBeGreaterThan(12);
    expect(raw("% Processor Time")).toBeLessThan(32);
    expect(raw("% Throttled Periods")).toBeGreaterThan(50);
    expect(raw("% Throttled Time")).toBeGreaterThan(30);
    expect(raw("Throttled Periods/sec")).toBeGreaterThan(5);
  });

  it.skipIf(memoryFolder() === undefined)("shows a memory limit that is met, and a kill", () => {
    set("cpu.cfs_quota_us", "-1", "cpu.max", "max 100000");
    set("memory.limit_in_bytes", `${24 << 20}`, "memory.max", `${24 << 20}`);
    const recording = recordingOf(hostContext({ allBlockDevices: true })).sample();
    // `tail` keeps a line in memory until it ends, and this one never does.
    runInside("head -c 100000000 /dev/zero | tail");
    recording.sample(1);
    recording.open.close();
    expect(recording.value(name, "OOM Kills/sec")).toBeGreaterThanOrEqual(1);
    expect(recording.value(name, "Limit Events/sec")).toBeGreaterThan(1);
    expect(recording.value(name, "Memory Limit Bytes")).toBe(24 << 20);
    expect(recording.value(name, "Page Faults/sec")).toBeGreaterThan(1000);
  });

  /** Sets a control file by its name in version 1 or in version 2. */
  function set(v1: string, value1: string, v2: string, value2: string): void {
    for (const folder of folders) {
      if (existsSync(join(folder, v1))) writeFileSync(join(folder, v1), value1);
      else if (existsSync(join(folder, v2))) writeFileSync(join(folder, v2), value2);
    }
  }
});

/** A tree of its own on some hosts with version 1. */
function cpuAccountFolder(): string | undefined {
  const folder = "/sys/fs/cgroup/cpuacct";
  return existsSync(join(folder, "cpuacct.usage")) ? realpathSync(folder) : undefined;
}

function memoryFolder(): string | undefined {
  const v1 = "/sys/fs/cgroup/memory";
  if (existsSync(join(v1, "memory.limit_in_bytes"))) return v1;
  const control = "/sys/fs/cgroup/cgroup.subtree_control";
  const on = existsSync(control) && readFileSync(control, "utf8").split(/\s+/).includes("memory");
  return on ? "/sys/fs/cgroup" : undefined;
}

const GUEST_SCRIPT = `
root=/sys/fs/cgroup
mount -t cgroup2 none $root
echo "+cpu +memory +io +pids" >$root/cgroup.subtree_control
mkdir -p $root/job.slice
echo "+cpu +memory +io +pids" >$root/job.slice/cgroup.subtree_control
mkdir $root/job.slice/work.service $root/job.slice/idle.service
echo "50000 100000" >$root/job.slice/work.service/cpu.max
echo 32M >$root/job.slice/work.service/memory.max
echo 16M >$root/job.slice/idle.service/memory.high
snapshot() {
  mkdir -p /mnt/out/$1/proc/self
  cat /proc/self/mounts >/mnt/out/$1/proc/self/mounts
  cat /proc/uptime >/mnt/out/$1/proc/uptime
  (cd / && find sys/fs/cgroup -name cpu.stat -o -name cpu.max -o -name cpu.weight -o \\
    -name io.stat -o -name memory.current -o -name memory.stat -o -name memory.events -o \\
    -name memory.max -o -name memory.high -o -name memory.swap.current -o -name pids.current -o \\
    -name pids.max -o -name cgroup.controllers) |
    while read file; do
      mkdir -p /mnt/out/$1/$(dirname $file)
      cat /$file >/mnt/out/$1/$file 2>/dev/null || rm -f /mnt/out/$1/$file
    done
  mkdir -p /mnt/out/$1/sys/block/ubda
  cat /sys/block/ubda/dev >/mnt/out/$1/sys/block/ubda/dev
}
snapshot 1
(
  echo 0 >$root/job.slice/work.service/cgroup.procs
  dd if=/dev/ubda of=/dev/null bs=64k count=256 iflag=direct
  echo 8M >$root/job.slice/work.service/memory.high
  dd if=/dev/ubda of=/dev/null bs=64k
  echo max >$root/job.slice/work.service/memory.high
  timeout 2 sh -c 'while :; do :; done' || true
  head -c 200000000 /dev/zero | tail >/dev/null || true
)
snapshot 2
`;

needs("user-mode-linux").describe("control groups of a guest with version 2", () => {
  const lab = labFolder();
  afterAll(() => lab.remove());

  it("shows CPU time, throttling, memory and I/O", async () => {
    const { folder } = await runGuest(join(lab.path, "guest"), {
      hostname: "guest",
      memoryMib: 256,
      disksMib: [64],
      timeoutMs: 60_000,
      script: GUEST_SCRIPT,
    });
    const live = join(lab.path, "live");
    const lay = (snapshot: string) =>
      spawnSync("cp", ["-r", "--no-preserve=all", `${join(folder, snapshot)}/.`, live]);
    const uptime = () => Number(readFileSync(join(live, "proc/uptime"), "utf8").split(" ")[0]);
    mkdirSync(live);
    lay("1");
    const before = uptime();
    const base = hostContext({ allBlockDevices: true });
    const roots = { procRoot: join(live, "proc"), sysRoot: join(live, "sys") };
    const recording = recordingOf({ ...base, ...roots }).sample();
    expect(recording.raw("job.slice/idle.service")).toMatchObject({ memory_high: 16 * 2 ** 20 });
    lay("2");
    const seconds = uptime() - before;
    recording.sample(seconds);
    recording.open.close();
    const value = (counter: string) => recording.value("job.slice/work.service", counter)!;
    // 16 MiB past the page cache, and the whole disk through it.
    expect(value("IO Read Bytes/sec") * seconds).toBeCloseTo(80 * 2 ** 20, 0);
    expect(value("IO Read Operations/sec") * seconds).toBeGreaterThanOrEqual(256 + 64);
    expect(value("% Processor Limit")).toBe(50);
    expect(value("% Throttled Periods")).toBeGreaterThan(30);
    expect((value("% Processor Time") / 100) * seconds).toBeGreaterThan(0.8);
    expect(value("Memory Limit Bytes")).toBe(32 * 2 ** 20);
    expect(value("High Events/sec")).toBeGreaterThan(0);
    expect(value("OOM Kills/sec") * seconds).toBeCloseTo(1, 6);
    expect(recording.value("job.slice/idle.service", "% Processor Time")).toBe(0);
    // A group is all below it.
    const above = recording.value("job.slice", "% Processor Time")!;
    expect(above).toBeCloseTo(value("% Processor Time"), 6);
  }, 90_000);
});
