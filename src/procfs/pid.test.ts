import { describe, expect, it } from "vitest";
import { cgroupLabel, cgroupPath } from "./cgroup.ts";
import { PID_IO_COLUMNS, PidIo } from "./pid-io.ts";
import { PID_STAT_COLUMNS, PidStat } from "./pid-stat.ts";
import { PID_STATUS_COLUMNS, PidStatus, effectiveUid } from "./pid-status.ts";

const named = (columns: readonly string[], values: Float64Array) =>
  Object.fromEntries(columns.map((id, i) => [id, values[i]]));

describe("PidStat", () => {
  const parse = (text: string) => {
    const bytes = Buffer.from(text);
    const stat = new PidStat();
    const ok = stat.parse(bytes, bytes.length);
    return {
      ok,
      stat,
      name: bytes.toString("utf8", stat.nameStart, stat.nameEnd),
      ...named(PID_STAT_COLUMNS, stat.values),
    };
  };

  it("reads a line of Linux 6.18", () => {
    const line =
      "1290 (java) S 1 1290 1290 0 -1 1077936128 251233 0 17 0 4187 913 0 0 20 0 61 0 124763 8210395136 98123 18446744073709551615 94307784355840 94307784375721 140721815438832 0 0 0 0 4096 16796879 0 0 0 17 1 0 0 12 5 0 94307784391728 94307784393344 94308404658176 140721815444192 140721815444212 140721815444212 140721815445483 0\n";
    expect(parse(line)).toMatchObject({
      ok: true,
      name: "java",
      state: 1,
      minflt: 251233,
      majflt: 17,
      utime: 4187,
      stime: 913,
      priority: 20,
      nice: 0,
      num_threads: 61,
      starttime: 124763,
      vsize: 8210395136,
      rss: 98123,
      delayacct_blkio_ticks: 12,
      guest_time: 5,
    });
  });

  it("reads real-time priorities, kernel threads, and names with blanks and parentheses", () => {
    const line =
      "17 (migration/0) D 2 0 0 0 -1 69238848 0 0 0 0 0 3 0 0 -100 -20 1 0 4 0 0 18446744073709551615 0 0 0 0 0 0 0 2147483647 0 0 0 0 17 0 99 1 7 0 0 0 0 0 0 0 0 0 0\n";
    expect(parse(line)).toMatchObject({
      name: "migration/0",
      state: 2,
      priority: -100,
      nice: -20,
      delayacct_blkio_ticks: 7,
    });
    expect(parse(line).stat.kernelThread).toBe(true);
    const odd = parse("9 (a) b (c) R 2 0 0 0 -1 4194304 5 0 0 0 0 3 0 0 20 0 1 0 4 0 0\n");
    expect(odd).toMatchObject({ ok: true, name: "a) b (c", state: 0, minflt: 5, stime: 3 });
    expect(odd.stat.kernelThread).toBe(false);
  });

  it("refuses what is no such line", () => {
    expect(parse("").ok).toBe(false);
    expect(parse("12 (cut").ok).toBe(false);
    expect(parse("no parentheses\n").ok).toBe(false);
  });
});

describe("PidStatus", () => {
  const parse = (text: string) => {
    const bytes = Buffer.from(text);
    const status = new PidStatus();
    status.parse(bytes, bytes.length);
    return { present: status.present, ...named(PID_STATUS_COLUMNS, status.values) };
  };

  it("finds its lines among the others", () => {
    const text =
      "Name:\tcat\nUid:\t1\t2\t3\t4\nVmPeak:\t    3060 kB\nVmHWM:\t    1772 kB\nVmRSS:\t    1772 kB\nRssAnon:\t     116 kB\nRssFile:\t    1656 kB\nRssShmem:\t       8 kB\nVmData:\t     360 kB\nVmSwap:\t       4 kB\nHugetlbPages:\t       0 kB\nvoluntary_ctxt_switches:\t77\nnonvoluntary_ctxt_switches:\t1\n";
    expect(parse(text)).toEqual({
      present: 255,
      VmHWM: 1772,
      VmRSS: 1772,
      RssAnon: 116,
      RssFile: 1656,
      RssShmem: 8,
      VmSwap: 4,
      voluntary_ctxt_switches: 77,
      nonvoluntary_ctxt_switches: 1,
    });
    expect(effectiveUid(Buffer.from(text), text.length)).toBe(2);
  });

  it("gives 0 for what a kernel thread or an old kernel lacks, and says so", () => {
    const old = parse(
      "VmHWM:\t  5 kB\nVmSwap:\t 6 kB\nvoluntary_ctxt_switches:\t7\nnonvoluntary_ctxt_switches:\t8\n",
    );
    expect(old).toMatchObject({
      present: 0b11100001,
      RssAnon: 0,
      VmSwap: 6,
      nonvoluntary_ctxt_switches: 8,
    });
    expect(
      parse("Name:\tkthreadd\nvoluntary_ctxt_switches:\t7\nnonvoluntary_ctxt_switches:\t8\n")
        .present,
    ).toBe(0b11000000);
    expect(effectiveUid(Buffer.from("Name:\tx\n"), 8)).toBeUndefined();
  });
});

describe("PidIo", () => {
  it("reads the seven numbers", () => {
    const io = new PidIo();
    const bytes = Buffer.from(
      "rchar: 6976\nwchar: 1\nsyscr: 10\nsyscw: 2\nread_bytes: 4096\nwrite_bytes: 8192\ncancelled_write_bytes: 512\n",
    );
    expect(io.parse(bytes, bytes.length)).toBe(true);
    expect(named(PID_IO_COLUMNS, io.values)).toEqual({
      rchar: 6976,
      wchar: 1,
      syscr: 10,
      syscw: 2,
      read_bytes: 4096,
      write_bytes: 8192,
      cancelled_write_bytes: 512,
    });
    expect(io.parse(Buffer.from("rchar: 1\n"), 9)).toBe(false);
  });
});

describe("control groups", () => {
  const id = "4f5c" + "ab".repeat(30);
  it.each([
    ["0::/system.slice/hadoop-datanode.service\n", "hadoop-datanode.service"],
    ["0::/user.slice/user-1000.slice/session-3.scope\n", "session-3.scope"],
    [`0::/system.slice/docker-${id}.scope\n`, "docker:4f5cabababab"],
    [`12:memory:/docker/${id}\n1:name=systemd:/docker/${id}\n`, "docker:4f5cabababab"],
    [
      `0::/kubepods.slice/kubepods-pod1.slice/cri-containerd-${id}.scope\n`,
      "cri-containerd:4f5cabababab",
    ],
    [
      "5:cpu,cpuacct:/hadoop-yarn/container_1523_0001_01_000002\n1:name=systemd:/\n",
      "container_1523_0001_01_000002",
    ],
    ["4:memory:/grp\n2:cpu:/x\n0::/\n", "grp"],
    ["0::/\n", "/"],
    ["", "/"],
  ])("shortens %j", (text, label) => {
    expect(cgroupLabel(cgroupPath(text))).toBe(label);
  });
});
