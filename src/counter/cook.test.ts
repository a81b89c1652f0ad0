import { describe, expect, it } from "vitest";
import { cook, cookedSeries, prepareIntervals, type SampleClock } from "./cook.ts";
import type { CounterType, Field } from "./declaration.ts";
import type { RecordedCounter, RecordedObject, Terms } from "./recorded.ts";

interface Reading {
  /** Seconds of the monotonic clock. */
  readonly at: number;
  readonly epoch?: number;
  readonly raw: readonly number[];
}

interface Options {
  readonly fields?: readonly Partial<Field>[];
  readonly value?: Terms;
  readonly base?: Terms;
  readonly scale?: number;
  /** Which samples of the clock have no reading of this unit. */
  readonly absent?: readonly number[];
}

/** Cooks readings of one counter, and gives [sample, value, weight] per value. */
function cooked(
  type: CounterType,
  readings: readonly Reading[],
  options: Options = {},
): number[][] {
  const width = readings[0]!.raw.length;
  const fields = Array.from({ length: width }, (_, i): Field => {
    return { id: `f${i}`, kind: "counter", ...options.fields?.[i] };
  });
  const counter: RecordedCounter = {
    name: "counter",
    type,
    unit: "none",
    group: 0,
    value: options.value ?? [[0, 1]],
    ...(options.base ? { base: options.base } : {}),
    scale: options.scale ?? 1,
  };
  const object: RecordedObject = {
    name: "Object",
    groups: [{ id: "all", fields }],
    counters: [counter],
  };
  const clock: SampleClock = {
    monotonicMs: Float64Array.from(readings, ({ at }) => at * 1000),
    timeMs: Float64Array.from(readings, ({ at }) => 1.7e12 + at * 1000),
    epoch: Uint32Array.from(readings, ({ epoch }) => epoch ?? 0),
  };
  const present = readings.map((_, i) => i).filter((i) => !options.absent?.includes(i));
  const columns = fields.map((_, field) =>
    Float64Array.from(present, (sample) => readings[sample]!.raw[field]!),
  );
  const raw = { object, group: 0, at: Uint32Array.from(present), columns };
  const out = cookedSeries(readings.length);
  cook(counter, prepareIntervals(raw, clock), out);
  return Array.from({ length: out.length }, (_, i) => [
    out.at[i]!,
    out.values[i]!,
    out.weights[i]!,
  ]);
}

const at = (seconds: number, ...raw: number[]): Reading => ({ at: seconds, raw });

describe("rates", () => {
  it("need two readings: the first yields no value", () => {
    expect(cooked("rate", [at(0, 100)])).toEqual([]);
    expect(cooked("rate", [at(0, 100), at(2, 110)])).toEqual([[1, 5, 2]]);
  });

  it("are per second of the interval that really passed", () => {
    expect(cooked("rate", [at(0, 0), at(1, 10), at(11, 110), at(11.5, 111)])).toEqual([
      [1, 10, 1],
      [2, 10, 10],
      [3, 2, 0.5],
    ]);
  });

  it("span samples in which the unit was not read", () => {
    const readings = [at(0, 0), at(1, 7), at(2, 20), at(3, 30)];
    expect(cooked("rate", readings, { absent: [1] })).toEqual([
      [2, 10, 2],
      [3, 10, 1],
    ]);
  });

  it("do not span a gap, a reboot or a new recording process", () => {
    const readings = [
      at(0, 0),
      at(1, 10),
      { at: 90, epoch: 1, raw: [500] },
      { at: 91, epoch: 1, raw: [520] },
    ];
    expect(cooked("rate", readings)).toEqual([
      [1, 10, 1],
      [3, 20, 1],
    ]);
  });

  it("go on from zero after a reboot, where the counter is smaller than before", () => {
    const readings = [
      at(500, 9e9),
      at(501, 9e9 + 1),
      { at: 3, epoch: 1, raw: [5] },
      { at: 4, epoch: 1, raw: [8] },
    ];
    expect(cooked("rate", readings)).toEqual([
      [1, 1, 1],
      [3, 3, 1],
    ]);
  });

  it("have no value where the clock stood still or went back", () => {
    expect(cooked("rate", [at(5, 0), at(5, 10), at(4, 20), at(6, 30)])).toEqual([[3, 5, 2]]);
  });

  it("sum several fields, with signs and a scale", () => {
    const readings = [at(0, 10, 1, 1), at(2, 30, 5, 2)];
    const value = [
      [0, 1],
      [1, 1],
      [2, -1],
    ] as const;
    expect(cooked("rate", readings, { value, scale: 512 })).toEqual([[1, (512 * 23) / 2, 2]]);
  });
});

describe("wraps and resets", () => {
  it("a 32-bit counter that falls from the upper into the lower half wrapped", () => {
    const fields = [{ bits: 32 as const }];
    const readings = [at(0, 2 ** 32 - 10), at(1, 2 ** 32 - 4), at(2, 6), at(3, 16)];
    expect(cooked("rate", readings, { fields })).toEqual([
      [1, 6, 1],
      [2, 10, 1],
      [3, 10, 1],
    ]);
  });

  it("wraps again and again", () => {
    const fields = [{ bits: 32 as const }];
    const readings = [at(0, 3e9), at(1, 1e9), at(2, 3e9), at(3, 1e9)];
    const step = 2 ** 32 - 2e9;
    expect(cooked("delta", readings, { fields }).map(([, value]) => value)).toEqual([
      step,
      2e9,
      step,
    ]);
  });

  it("a 64-bit counter wraps at 2^64", () => {
    const readings = [at(0, 2 ** 64 - 2 ** 20), at(1, 2 ** 20)];
    expect(cooked("rate", readings)).toEqual([[1, 2 ** 21, 1]]);
  });

  it("any other fall is a reset: no value across it, and values again after it", () => {
    const readings = [at(0, 1000), at(1, 1010), at(2, 3), at(3, 8)];
    expect(cooked("rate", readings)).toEqual([
      [1, 10, 1],
      [3, 5, 1],
    ]);
    // A 32-bit counter that never came near its end did not wrap either.
    expect(cooked("rate", readings, { fields: [{ bits: 32 }] })).toEqual([
      [1, 10, 1],
      [3, 5, 1],
    ]);
  });

  it("a value above 32 bits in a counter of that width is no wrap", () => {
    const readings = [at(0, 2 ** 40), at(1, 1)];
    expect(cooked("rate", readings, { fields: [{ bits: 32 }] })).toEqual([]);
  });

  it("the reset of one field takes the whole unit's interval", () => {
    // The counter itself rose, but its device was replaced: the other field shows it.
    const readings = [at(0, 10, 1000), at(1, 20, 5), at(2, 30, 6)];
    expect(cooked("rate", readings)).toEqual([[2, 10, 1]]);
  });

  it("a counter that may decrease counts a step back as zero and is no reset", () => {
    const fields = [{ mayDecrease: true }, {}];
    const readings = [at(0, 100, 0), at(1, 98, 10), at(2, 105, 20)];
    expect(cooked("rate", readings, { fields })).toEqual([
      [1, 0, 1],
      [2, 7, 1],
    ]);
    expect(cooked("rate", readings, { fields, value: [[1, 1]] })).toEqual([
      [1, 10, 1],
      [2, 10, 1],
    ]);
  });

  it("a wrap before a gap does not carry over it", () => {
    const fields = [{ bits: 32 as const }];
    const readings = [
      at(0, 2 ** 32 - 1),
      at(1, 1),
      { at: 100, epoch: 1, raw: [7] },
      { at: 101, epoch: 1, raw: [9] },
    ];
    expect(cooked("rate", readings, { fields })).toEqual([
      [1, 2, 1],
      [3, 2, 1],
    ]);
  });
});

describe("gauges", () => {
  const gauge = { fields: [{ kind: "gauge" as const }] };

  it("stand for the interval that ends with their reading; falling is no reset", () => {
    expect(cooked("gauge", [at(0, 9), at(1, 7), at(3, 2)], { ...gauge, scale: 1024 })).toEqual([
      [1, 7 * 1024, 1],
      [2, 2 * 1024, 2],
    ]);
  });

  it("have no value after a gap either: there is no interval to stand for", () => {
    const readings = [at(0, 1), { at: 90, epoch: 1, raw: [2] }, { at: 91, epoch: 1, raw: [3] }];
    expect(cooked("gauge", readings, gauge)).toEqual([[2, 3, 1]]);
  });

  it("may be negative", () => {
    const value = [
      [0, 1],
      [1, -1],
    ] as const;
    const fields = [{ kind: "gauge" as const }, { kind: "gauge" as const }];
    expect(cooked("gauge", [at(0, 0, 0), at(1, 3, 5)], { fields, value })).toEqual([[1, -2, 1]]);
  });

  it("as a fraction are parts of a whole; without a whole there is no value", () => {
    const fields = [{ kind: "gauge" as const }, { kind: "gauge" as const }];
    const value = [
      [1, 1],
      [0, -1],
    ] as const;
    const readings = [at(0, 4, 16), at(1, 4, 16), at(2, 0, 0)];
    expect(cooked("fraction", readings, { fields, value, base: [[1, 1]] })).toEqual([[1, 75, 1]]);
  });

  it("elapsed is seconds since boot less the start", () => {
    // Start in clock ticks since boot, 100 a second.
    expect(cooked("elapsed", [at(20, 1500), at(22, 1500)], { ...gauge, scale: 0.01 })).toEqual([
      [1, 7, 2],
    ]);
  });
});

describe("ratios", () => {
  it("an average is the change of the value by the change of the base, weighted by the latter", () => {
    const readings = [at(0, 0, 0), at(1, 30, 10), at(2, 130, 15)];
    expect(cooked("average", readings, { base: [[1, 1]], scale: 0.001 })).toEqual([
      [1, 0.003, 10],
      [2, 0.02, 5],
    ]);
  });

  it("there is no value where the base did not move", () => {
    const readings = [at(0, 0, 0), at(1, 0, 0), at(2, 8, 2), at(3, 8, 2)];
    expect(cooked("average", readings, { base: [[1, 1]] })).toEqual([[2, 4, 2]]);
  });

  it("percent of time is of seconds, or of a base", () => {
    expect(cooked("percent-time", [at(0, 0), at(2, 500)], { scale: 0.001 })).toEqual([[1, 25, 2]]);
    const base = [
      [0, 1],
      [1, 1],
    ] as const;
    expect(cooked("percent-time", [at(0, 0, 0), at(1, 30, 90)], { base })).toEqual([[1, 25, 120]]);
  });

  it("inverse percent of time is what is left of a hundred", () => {
    expect(cooked("inverse-percent-time", [at(0, 0), at(2, 500)], { scale: 0.001 })).toEqual([
      [1, 75, 2],
    ]);
    const base = [
      [0, 1],
      [1, 1],
    ] as const;
    expect(cooked("inverse-percent-time", [at(0, 0, 0), at(1, 30, 90)], { base })).toEqual([
      [1, 75, 120],
    ]);
  });

  it("a fraction of counters is of their changes", () => {
    const readings = [at(0, 50, 1000), at(1, 51, 1004)];
    expect(cooked("fraction", readings, { base: [[1, 1]] })).toEqual([[1, 25, 4]]);
  });

  it("a base that may decrease by a tick yields no negative share", () => {
    const fields = [{}, { mayDecrease: true }];
    const base = [
      [0, 1],
      [1, 1],
    ] as const;
    const readings = [at(0, 10, 100), at(1, 60, 99), at(2, 110, 149)];
    expect(cooked("percent-time", readings, { fields, base })).toEqual([
      [1, 100, 50],
      [2, 50, 100],
    ]);
  });
});

describe("weights", () => {
  // However readings are thinned out, Σ(value·weight)/Σ(weight) is the same true average.
  const readings = Array.from({ length: 40 }, (_, i) => {
    const busy = (i * i * 7919) % 1000;
    return at(i + (i % 3) / 10, i * 1000 + busy, i * 10 + ((i * 31) % 7));
  });
  const everyFifth = readings.map((_, i) => i).filter((i) => i % 5 !== 0 && i !== 39);

  it.each<[CounterType, Options]>([
    ["rate", {}],
    ["percent-time", { scale: 0.0001 }],
    ["inverse-percent-time", { scale: 0.0001 }],
    ["average", { base: [[1, 1]] }],
    ["fraction", { base: [[1, 1]] }],
  ])("of %s combine exactly", (type, options) => {
    const average = (values: number[][]): number => {
      const weight = values.reduce((sum, [, , w]) => sum + w!, 0);
      return values.reduce((sum, [, v, w]) => sum + v! * w!, 0) / weight;
    };
    const fine = cooked(type, readings, options);
    const coarse = cooked(type, readings, { ...options, absent: everyFifth });
    expect(fine.length).toBe(39);
    expect(coarse.length).toBe(8);
    expect(average(fine) / average(coarse)).toBeCloseTo(1, 12);
  });
});

describe("a broken declaration", () => {
  it("without a field is an error, not a silent zero", () => {
    expect(() => cooked("rate", [at(0, 1), at(1, 2)], { value: [] })).toThrow(/at least one field/);
  });
});
