import { describe, expect, it } from "vitest";
import type { Collector, HostContext } from "../../collectors/collector.ts";
import type { CounterObject } from "../../counter/declaration.ts";
import { parseCounterPath } from "../../counter/path.ts";
import { recordedObject } from "../../counter/recorded.ts";
import type { Unit } from "../../counter/sample-row.ts";
import { LiveCounters } from "./live-counters.ts";

const facts = {
  help: "x",
  resource: "system",
  use: "information",
  better: "neutral",
  source: { file: "x", field: "x" },
} as const;

const object: CounterObject = {
  name: "Test",
  help: "A test object.",
  instances: { what: "one per test", total: false },
  cadence: "every-sample",
  groups: [
    {
      id: "all",
      fields: [
        { id: "work", kind: "counter" },
        { id: "level", kind: "gauge" },
      ],
    },
  ],
  counters: [
    { ...facts, name: "Work/sec", unit: "count/s", type: "rate", value: ["work"] },
    { ...facts, name: "Level", unit: "count", type: "gauge", value: ["level"] },
  ],
};

/** What is there: instance name to [work, level]. */
type Host = Map<string, readonly [work: number, level: number]>;

/** A collector that reads what the test says is there. */
function collectorOf(host: Host, unread = new Set<string>()): Collector {
  return {
    object,
    open: () => {
      const recorded = recordedObject(object);
      const units = new Map<string, Unit>();
      return {
        object: recorded,
        collect: (row) => {
          for (const [name, unit] of units) {
            if (host.has(name)) continue;
            row.remove(unit);
            units.delete(name);
          }
          for (const [name, [work, level]] of host) {
            const unit = units.get(name) ?? row.add(recorded, 0, { name });
            units.set(name, unit);
            if (unread.has(name)) continue;
            row.values[unit.slot] = work;
            row.values[unit.slot + 1] = level;
            row.read(unit);
          }
        },
        close: () => undefined,
      };
    },
  };
}

function live(collector: Collector, ...paths: string[]): LiveCounters {
  return new LiveCounters([collector], {} as HostContext, paths.map(parseCounterPath), "node1");
}

const shown = (counters: LiveCounters) =>
  Object.fromEntries(counters.values().map(({ path, value }) => [path, value]));

describe("live counters", () => {
  it("have no value before the second reading, then that of the interval", () => {
    const host: Host = new Map([["a", [100, 7]]]);
    const counters = live(collectorOf(host), String.raw`\Test(*)\*`);
    counters.sample(1000);
    expect(shown(counters)).toEqual({
      "\\Test(a)\\Work/sec": undefined,
      "\\Test(a)\\Level": undefined,
    });
    host.set("a", [150, 9]);
    counters.sample(3000);
    expect(shown(counters)).toEqual({ "\\Test(a)\\Work/sec": 25, "\\Test(a)\\Level": 9 });
    host.set("a", [10, 9]);
    counters.sample(4000);
    expect(shown(counters)["\\Test(a)\\Work/sec"]).toBeUndefined();
  });

  it("follow instances that come and go, also when slots move", () => {
    const host: Host = new Map([
      ["a", [100, 1]],
      ["b", [5, 2]],
    ]);
    const counters = live(collectorOf(host), String.raw`\Test(*)\Work/sec`);
    counters.sample(1000);
    host.delete("a");
    host.set("b", [6, 2]);
    host.set("c", [50, 3]);
    counters.sample(2000);
    expect(shown(counters)).toEqual({ "\\Test(b)\\Work/sec": 1, "\\Test(c)\\Work/sec": undefined });
    host.set("b", [9, 2]);
    host.set("c", [60, 3]);
    counters.sample(3000);
    expect(shown(counters)).toEqual({ "\\Test(b)\\Work/sec": 3, "\\Test(c)\\Work/sec": 10 });
  });

  it("keep the gauges of what was not read, and take a change over all the time since", () => {
    const host: Host = new Map([["a", [100, 1]]]);
    const unread = new Set<string>();
    const counters = live(collectorOf(host, unread), String.raw`\Test(a)\*`);
    counters.sample(1000);
    host.set("a", [110, 5]);
    counters.sample(2000);
    unread.add("a");
    counters.sample(3000);
    expect(shown(counters)).toEqual({ "\\Test(a)\\Work/sec": undefined, "\\Test(a)\\Level": 5 });
    unread.clear();
    host.set("a", [140, 6]);
    counters.sample(4000);
    expect(shown(counters)).toEqual({ "\\Test(a)\\Work/sec": 15, "\\Test(a)\\Level": 6 });
  });

  it("come in the order of the paths, once each, and only of this host", () => {
    const host: Host = new Map([["a", [1, 1]]]);
    const paths = [
      String.raw`\Test(a)\Level`,
      String.raw`\Test(*)\*`,
      String.raw`\\other\Test(*)\*`,
    ];
    const counters = live(collectorOf(host), ...paths);
    counters.sample(1000);
    expect(counters.values().map(({ path }) => path)).toEqual([
      "\\Test(a)\\Level",
      "\\Test(a)\\Work/sec",
    ]);
    expect(live(collectorOf(host), paths[2]!).values()).toEqual([]);
  });
});
