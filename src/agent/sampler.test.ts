import { afterEach, describe, expect, it } from "vitest";
import { ProcTree } from "../../test/support/proc-tree.ts";
import type { Collector } from "../collectors/collector.ts";
import { recordedObject } from "../counter/recorded.ts";
import { Sampler } from "./sampler.ts";

const tree = new ProcTree();
afterEach(() => tree.remove());

describe("Sampler", () => {
  it("calls a collector at its cadence, and for news in between without shifting it", () => {
    const calls: number[] = [];
    let now = 0;
    const source = { hasNews: false };
    const collector: Collector = {
      object: { name: "X", help: "", instances: "none", cadence: 10_000, groups: [], counters: [] },
      open() {
        return {
          object: recordedObject(this.object),
          get hasNews() {
            return source.hasNews;
          },
          collect: () => {
            calls.push(now);
            source.hasNews = now === 0;
          },
          close: () => undefined,
        };
      },
    };
    const sampler = new Sampler([collector], tree.context);
    for (now = 0; now <= 21_000; now += 1000) sampler.sample(now);
    expect(calls).toEqual([0, 1000, 10_000, 20_000]);
  });
});
