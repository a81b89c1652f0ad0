/** Conformance of stores: buckets of series that never change, of which stores need not read the values. */
import { describe, expect, it } from "vitest";
import type { BucketedSeries } from "../../src/analysis/source.ts";
import { MemorySource, type MemoryHost, type MemoryRun } from "../analysis/memory-source.ts";
import { storeRun } from "../analysis/stored-runs.ts";
import { storesOfTests, type StoreUnderTest } from "./conformance-support.ts";

const START_MS = Date.UTC(2026, 0, 5, 10, 0, 20);
const SELECTOR = { cluster: "steady", run: "one" };

/** Two gaps in its sampling, and, on the second host, an end that comes early. */
function host(name: string, last: number): MemoryHost {
  const seconds = Array.from({ length: last }, (_, i) => i + 1).filter(
    (second) => second % 50 !== 13 && (second < 80 || second > 97),
  );
  const timeMs = seconds.map((second) => START_MS + second * 1000 + ((second * 7) % 5));
  const series = (
    counter: string,
    value: (second: number) => number,
    has: (second: number) => boolean = () => true,
  ) => {
    const kept = seconds.flatMap((second, i) => (has(second) ? [i] : []));
    return {
      object: "Memory",
      counter,
      timeMs: kept.map((i) => timeMs[i]!),
      values: kept.map((i) => value(seconds[i]!)),
    };
  };
  return {
    name,
    intervalMs: 1000,
    series: [
      series("Always Zero", () => 0),
      series("Always One Third", () => 1 / 3),
      series("Always Large", () => 123_456_789_012),
      series(
        "Steady, Now and Then",
        () => 5,
        (second) => second % 3 === 0,
      ),
      series("Changes Once", (second) => (second < 60 ? 1 : 2)),
      series("Changes", (second) => (second * 37) % 11),
    ],
  };
}

const STEADY: MemoryRun = { ...SELECTOR, hosts: [host("a", 200), host("b", 131)] };

export function steadyConformance({ name, freshUrl }: StoreUnderTest): void {
  const { opened, closeAll } = storesOfTests();

  describe(`${name}: series that never change`, () => {
    it("have the buckets that they would have by their values", async () => {
      const url = await freshUrl();
      await storeRun(await opened(url), STEADY);
      await closeAll();
      const expected = new MemorySource([STEADY]);
      for (const mode of ["read", "write"] as const) {
        const store = await opened(url, mode);
        for (const bucketMs of [500, 1000, 1700, 10_000]) {
          for (const window of [
            {},
            { fromMs: START_MS + 75_000, toMs: START_MS + 140_500 },
            { toMs: START_MS + 12_345 },
            { fromMs: START_MS + 150_000 },
          ]) {
            const run = { ...SELECTOR, ...window };
            const patterns = [{ object: "*", counter: "*" }];
            const originMs = START_MS - 500;
            const found = await store.buckets(run, patterns, originMs, bucketMs);
            const wanted = await expected.buckets(run, patterns, originMs, bucketMs);
            expect(found.map(plain), `${bucketMs} ms`).toEqual(wanted.map(plain));
          }
        }
        await closeAll();
      }
    });
  });
}

function plain({ series, first, mean, weight }: BucketedSeries) {
  const { host: on, counter } = series;
  return { on, counter, first, mean: [...mean], weight: [...weight] };
}
