import { describe, expect, it } from "vitest";
import { perfDataFile } from "../../test/support/perf-data-file.ts";
import { PerfData } from "./perf-data.ts";

const NUMBERS = {
  "sun.gc.collector.0.invocations": 48,
  "sun.gc.collector.0.time": 2 ** 40 + 7,
  "sun.os.hrt.frequency": 1e9,
  "java.threads.live": -1,
};

describe.each(["LE", "BE"] as const)("PerfData, %s", (order) => {
  const file = perfDataFile({
    numbers: NUMBERS,
    texts: { "sun.gc.policy.name": "Copy:MSC" },
    order,
  });

  it("finds numbers and texts by name", () => {
    const data = new PerfData();
    expect(data.take(file, file.length)).toBe("new");
    for (const [name, value] of Object.entries(NUMBERS)) {
      expect(data.number(file, data.placeOf(name))).toBe(value);
    }
    expect(data.text("sun.gc.policy.name")).toBe("Copy:MSC");
    expect(data.placeOf("sun.gc.policy.name")).toBe(-1);
    expect(data.placeOf("sun.gc.none")).toBe(-1);
    expect(data.take(file, file.length)).toBe("same");
  });

  it("learns again when entries were added", () => {
    const data = new PerfData();
    data.take(file, file.length);
    const more = perfDataFile({ numbers: { first: 1, ...NUMBERS }, texts: {}, order });
    expect(data.take(more, more.length)).toBe("new");
    expect(data.number(more, data.placeOf("java.threads.live"))).toBe(-1);
    expect(data.text("sun.gc.policy.name")).toBeUndefined();
  });

  it("never reads beyond what there is, whatever the file says", () => {
    for (let length = 0; length < file.length; length++) {
      const data = new PerfData();
      const cut = file.subarray(0, length);
      data.take(cut, length);
      for (const name of Object.keys(NUMBERS)) {
        const place = data.placeOf(name);
        if (place >= 0) expect(place + 8).toBeLessThanOrEqual(length);
      }
    }
    for (let at = 4; at < file.length; at++) {
      for (const value of [0, 0x7f, 0x80, 0xff]) {
        const garbled = Buffer.from(file);
        garbled[at] = value;
        const data = new PerfData();
        expect(() => data.take(garbled, garbled.length)).not.toThrow();
      }
    }
  });

  it("takes a file that became shorter for unusable", () => {
    const data = new PerfData();
    data.take(file, file.length);
    expect(data.take(file, file.length - 100)).toBe("unusable");
  });
});

describe("what is no performance data", () => {
  const file = perfDataFile({ numbers: NUMBERS, texts: {}, order: "LE" });
  it.each([
    ["another magic number", 0, 0],
    ["an unknown byte order", 4, 2],
    ["a version to come", 5, 3],
    ["a JVM that is starting", 7, 0],
  ])("%s", (_what, at, value) => {
    const other = Buffer.from(file);
    other[at] = value;
    expect(new PerfData().take(other, other.length)).toBe("unusable");
  });

  it("an empty file", () => {
    expect(new PerfData().take(Buffer.alloc(0), 0)).toBe("unusable");
  });
});
