/** Conformance of stores: windows and buckets of any width, against the samples that are in them. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadRecording } from "../../src/load/load-recording.ts";
import { openStore } from "../../src/store/open.ts";
import type { Store } from "../../src/store/store.ts";
import { RUN, type StoreUnderTest } from "./conformance-support.ts";
import { START_MS, writeRecording } from "./recordings.ts";

export function windowsConformance({ name, freshUrl }: StoreUnderTest): void {
  describe(`${name}: windows`, () => {
    // Asked only: one store does for all of them.
    let shared: Store | undefined;
    beforeAll(async () => {
      shared = await openStore(await freshUrl(), { mode: "write" });
      await loadRecording(shared, await writeRecording());
      const other = { id: "6f1a3a52-0000-4000-8000-000000000005", host: "Node0", samples: 90 };
      await loadRecording(shared, await writeRecording(other));
    });
    afterAll(() => shared?.close());
    const filled = (): Store => shared!;

    // The recordings start 20 s into a minute: full minutes are at 40, 100 and 160 s.
    it.each([
      ["the whole run", undefined, undefined],
      ["from a full minute on", 40_000, undefined],
      ["from just before a full minute on", 39_999, undefined],
      ["up to a full minute", undefined, 100_000],
      ["up to just before a full minute", undefined, 99_999],
      ["with rests of minutes on both sides", 25_123, 165_456],
      ["of whole minutes alone", 39_999, 159_999],
      ["inside one minute", 45_000, 85_000],
      ["across a minute's end, without a whole one", 75_000, 105_000],
    ])("means and coverage from summaries are those of the samples: %s", async (_, from, to) => {
      const store = filled();
      const window = {
        ...RUN,
        ...(from === undefined ? {} : { fromMs: START_MS + from }),
        ...(to === undefined ? {} : { toMs: START_MS + to }),
      };
      const patterns = [{ object: "*", counter: "*" }];
      const exact = await store.statistics(window, patterns);
      expect(exact.length).toBeGreaterThan(10);
      const means = await store.means(window, patterns);
      expect(means.map(({ series, count }) => [series, count])).toEqual(
        exact.map(({ series, count }) => [series, count]),
      );
      for (const [i, { weight, mean }] of means.entries()) {
        expect(Math.abs(weight - exact[i]!.weight)).toBeLessThanOrEqual(1e-9 * weight);
        expect(Math.abs(mean - exact[i]!.mean)).toBeLessThanOrEqual(2e-9 * Math.abs(mean));
      }
      const coverage = await store.coverage(window);
      const sum = (values: readonly number[]) => values.reduce((total, one) => total + one, 0);
      expect(sum(coverage.map(({ values }) => values))).toBe(sum(exact.map(({ count }) => count)));
      expect(sum(coverage.map(({ instances }) => instances))).toBe(exact.length);
    });

    it.each([300, 1000, 2500, 3999, 4000, 17_000, 1e6])(
      "buckets of %d ms are the means of the samples in them",
      async (bucketMs) => {
        const store = filled();
        const patterns = [
          { object: "Disk", counter: "*" },
          { object: "Process", counter: "*", instance: "java:42" },
        ];
        const series = await store.series(RUN, patterns);
        const samples = await store.samples(RUN, series);
        const originMs = START_MS - 777.5;
        const cells = new Map<string, { moment: number; weight: number }>();
        samples.timeMs.forEach((timeMs, i) => {
          const bucket = Math.ceil((timeMs - originMs) / bucketMs) - 1;
          const key = `${samples.seriesId[i]} ${bucket}`;
          const cell = cells.get(key) ?? { moment: 0, weight: 0 };
          cell.moment += samples.value[i]! * samples.weight[i]!;
          cell.weight += samples.weight[i]!;
          cells.set(key, cell);
        });
        const answers = await store.buckets(RUN, patterns, originMs, bucketMs);
        expect(answers.map((answer) => answer.series)).toEqual(series.map(({ key }) => key));
        let found = 0;
        for (const [s, { first, mean, weight }] of answers.entries()) {
          for (const [i, value] of mean.entries()) {
            const cell = cells.get(`${series[s]!.id} ${first + i}`);
            if (!cell) {
              expect(value).toBeNaN();
              expect(weight[i]).toBe(0);
              continue;
            }
            found++;
            const expected = cell.moment / cell.weight;
            expect(Math.abs(mean[i]! - expected)).toBeLessThanOrEqual(1e-8 * Math.abs(expected));
            expect(Math.abs(weight[i]! - cell.weight)).toBeLessThanOrEqual(1e-8 * cell.weight);
            expect(mean[i]).toBe(Number(mean[i]!.toPrecision(9)));
          }
        }
        expect(found).toBe(cells.size);
      },
    );
  });
}
