import { describe, expect, it } from "vitest";
import { cgroupKind, shortSegment } from "./cgroup.ts";
import { CgroupIo, deviceKey } from "./cgroup-io.ts";
import { KeyedNumbers, NO_LIMIT, firstNumber, secondNumber } from "./keyed-numbers.ts";

const bytes = (text: string) => Buffer.from(text, "latin1");

describe("KeyedNumbers", () => {
  const parse = (keys: readonly string[], text: string) => {
    const table = new KeyedNumbers(keys);
    const content = bytes(`${text}garbage 9`);
    table.parse(content, text.length);
    return [...table.values, table.present];
  };

  it("finds keys in any order, and tells what is missing", () => {
    const text = "slab 3\nanon 1\nanon_thp 5\nfile 2\nfile_dirty 7\n";
    expect(parse(["anon", "file", "missing", "slab"], text)).toEqual([1, 2, 0, 3, 0b1011]);
  });

  it("forgets what the text before had, and takes no key that is cut off", () => {
    const table = new KeyedNumbers(["a", "bcd"]);
    table.parse(bytes("a 1\nbcd 2\n"), 10);
    table.parse(bytes("a 18446744073709551615\nbc"), 25);
    expect([...table.values]).toEqual([2 ** 64, 0]);
    expect(table.has(1)).toBe(false);
  });
});

describe("numbers of limits", () => {
  it.each([
    ["max 100000\n", NO_LIMIT, 100000],
    ["50000 100000\n", 50000, 100000],
    ["-1\n", NO_LIMIT, NaN],
    ["9223372036854771712\n", 9223372036854771712, NaN],
    ["", NaN, NaN],
  ])("%j", (text, first, second) => {
    expect(firstNumber(bytes(text), text.length)).toBe(first);
    expect(secondNumber(bytes(text), text.length)).toBe(second);
  });
});

describe("CgroupIo", () => {
  const counted = { counts: (device: number) => device !== deviceKey(253, 0), areSeveral: true };

  it("sums up io.stat, volumes left out", () => {
    const io = new CgroupIo(counted);
    const text =
      "8:16 8:0 rbytes=100 wbytes=20 rios=3 wios=4 dbytes=50 dios=5\n" +
      "253:0 rbytes=100 wbytes=20 rios=3 wios=4 dbytes=0 dios=0\n" +
      "259:1 rbytes=1000 wbytes=200 rios=30 wios=40 dbytes=0 dios=0 cost.usage=77 cost.wait=8\n";
    io.addStat(bytes(text), text.length);
    expect([...io.values]).toEqual([1100, 220, 33, 44]);
    const byDevice = () => [...io.byDevice].map(([device, d]) => [device, d.isThere, ...d.values]);
    expect(byDevice()).toEqual([
      [deviceKey(8, 16), true, 0, 0, 0, 0],
      [deviceKey(8, 0), true, 100, 20, 3, 4],
      [deviceKey(259, 1), true, 1000, 200, 30, 40],
    ]);
    io.reset();
    expect(byDevice()[1]).toEqual([deviceKey(8, 0), false, 0, 0, 0, 0]);
    io.addStat(bytes(""), 0);
    expect([...io.values]).toEqual([0, 0, 0, 0]);
  });

  it("sums up the files of version 1", () => {
    const io = new CgroupIo(counted);
    const lines = (read: number, write: number) =>
      `8:0 Read ${read}\n8:0 Write ${write}\n8:0 Sync 0\n8:0 Async 9\n8:0 Discard 0\n8:0 Total 999\n` +
      "253:0 Read 7\n253:0 Write 7\n253:0 Total 14\nTotal 1013\n";
    io.addServiceBytes(bytes(lines(4096, 512)), lines(4096, 512).length);
    io.addServiced(bytes(lines(2, 1)), lines(2, 1).length);
    expect([...io.values]).toEqual([4096, 512, 2, 1]);
  });

  it.each([
    ["addStat", "", false],
    ["addStat", "8:0\n", false],
    ["addStat", "none of it\n", true],
    ["addServiced", "Total 0\n", false],
    ["addServiced", "", true],
    ["addServiceBytes", "none of it\n", true],
  ] as const)("%s of %j is garbled: %s", (add, text, expected) => {
    const io = new CgroupIo(counted);
    io[add](bytes(text), text.length);
    expect(io.isGarbled).toBe(expected);
  });
});

const ID = "0123456789abcdef".repeat(4);

describe("names of control groups", () => {
  it.each([
    ["system.slice", "slice", "system.slice"],
    ["ssh.service", "service", "ssh.service"],
    ["session-3.scope", "scope", "session-3.scope"],
    [`docker-${ID}.scope`, "container", "docker:0123456789ab"],
    [`cri-containerd-${ID}.scope`, "container", "cri-containerd:0123456789ab"],
    [ID, "container", "0123456789ab"],
    [
      "container_e17_1410901177871_0001_01_000005",
      "container",
      "container_e17_1410901177871_0001_01_000005",
    ],
    [
      "kubepods-burstable-pod2f9fb6a1_9d43_4a65_9a3a_0d6f0e7a5c11.slice",
      "pod",
      "kubepods-burstable-pod2f9fb6a1.slice",
    ],
    ["pod2f9fb6a1-9d43-4a65-9a3a-0d6f0e7a5c11", "pod", "pod2f9fb6a1"],
    ["hadoop-yarn", "group", "hadoop-yarn"],
  ])("%s is a %s", (segment, kind, short) => {
    expect(cgroupKind(segment)).toBe(kind);
    expect(shortSegment(segment)).toBe(short);
  });
});
