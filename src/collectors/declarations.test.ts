import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { collectorRegistry } from "../../scripts/collector-registry.ts";
import type { Counter, CounterType } from "../counter/declaration.ts";
import { groupPosition, recordedObject } from "../counter/recorded.ts";
import { collectors } from "./all.ts";

/** What a type of counter can be measured in. */
const UNITS: Readonly<Record<CounterType, RegExp>> = {
  gauge: /^(?!.*\/s$)|^bits\/s$/,
  // Milliseconds of waiting per second are a mean number of those that wait: a plain count.
  rate: /\/s$|^count$|^W$/,
  "percent-time": /^%$/,
  "inverse-percent-time": /^%$/,
  average: /^(?!.*\/s$)/,
  fraction: /^%$/,
  delta: /^(count|bytes|seconds|joules)$/,
  elapsed: /^seconds$/,
};
const NEEDS_BASE: ReadonlySet<CounterType> = new Set(["average", "fraction"]);
/** Characters that a counter path gives a meaning to. */
const RESERVED = /[\\()#*\n]/;

describe("registry", () => {
  it("lists every collector of the folder", () => {
    const folder = dirname(fileURLToPath(import.meta.url));
    // Stale? npx tsx scripts/generate-registry.ts
    expect(readFileSync(`${folder}/all.ts`, "utf8")).toBe(collectorRegistry(folder));
  });

  it("has each object once", () => {
    const names = collectors.map(({ object }) => object.name.toLowerCase());
    expect(names).toContain("processor");
    expect(new Set(names).size).toBe(names.length);
  });
});

describe.each(collectors.map(({ object }) => object))("object $name", (object) => {
  it("says what it is", () => {
    expect(object.name).not.toMatch(RESERVED);
    expect(object.help).toMatch(/^[A-Z].{30,}\.$/);
    if (object.instances !== "none") expect(object.instances.what).toMatch(/\w{3}/);
  });

  it("names every counter and field once", () => {
    const counters = object.counters.map(({ name }) => name.toLowerCase());
    expect(counters.length).toBeGreaterThan(0);
    expect(counters).toEqual([...new Set(counters)]);
    const fields = object.groups.flatMap((group) => group.fields.map(({ id }) => id));
    expect(fields).toEqual([...new Set(fields)]);
  });

  it("keeps every counter where the kernel has all fields", () => {
    expect(recordedObject(object).counters.map(({ name }) => name)).toEqual(
      object.counters.map(({ name }) => name),
    );
  });

  describe.each(object.counters)("$name", (counter: Counter) => {
    const fields = object.groups[groupPosition(object, counter)]!.fields;
    const kinds = (sum: readonly string[]): (string | undefined)[] =>
      sum.map((term) => fields.find(({ id }) => id === term.replace(/^-/, ""))?.kind);

    it("is soundly named and explained", () => {
      expect(counter.name).not.toMatch(RESERVED);
      expect(counter.help).toMatch(/^[A-Z0-9].{15,}\.$/);
      expect(counter.help.split(" ").length).toBeGreaterThan(3);
      expect(counter.source.file).toMatch(/^\/(proc|sys)\b|agent/i);
      expect(counter.source.field).not.toBe("");
      // `since` tells it, to the pages and to --explain.
      expect(counter.help).not.toMatch(/\bsince (kernel|linux) \d[\d.]*\.$/i);
      expect(counter.source.since ?? "2.6.32").toMatch(/^\d+\.\d+(\.\d+)?$/);
      if (counter.source.doc)
        expect(counter.source.doc).toMatch(/^https:\/\/(docs\.kernel|man7|www\.kernel)\.org\//);
    });

    it("is made of fields of the right kind", () => {
      const kindsOfValue = kinds(counter.value);
      expect(kindsOfValue.length).toBeGreaterThan(0);
      for (const kind of [...kindsOfValue, ...kinds(counter.base ?? [])])
        expect(kind).toBeDefined();
      const type = counter.type;
      if (type === "gauge" || type === "elapsed") {
        // A counter shown as it stands is a total since boot: of use only as a span of time.
        const kind = counter.unit === "seconds" ? /gauge|counter/ : /gauge/;
        for (const found of kindsOfValue) expect(found).toMatch(kind);
      } else if (type === "fraction") {
        expect(new Set([...kindsOfValue, ...kinds(counter.base!)]).size).toBe(1);
      } else {
        expect(
          [...kindsOfValue, ...kinds(counter.base ?? [])].every((kind) => kind === "counter"),
        ).toBe(true);
      }
    });

    it("has a unit, base and scale that fit its type", () => {
      expect(counter.unit).toMatch(UNITS[counter.type]);
      if (NEEDS_BASE.has(counter.type)) expect(counter.base).toBeDefined();
      expect(counter.scale ?? 1).toBeGreaterThan(0);
      const defaultScale = counter.defaultScale ?? 0;
      expect(Number.isInteger(defaultScale) && Math.abs(defaultScale) <= 9).toBe(true);
    });
  });
});
