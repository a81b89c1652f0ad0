import { describe, expect, it } from "vitest";
import type { SideFacts } from "../facts.ts";
import { MEASURES, type MeasureId } from "../measures.ts";
import { evaluate } from "./evaluate.ts";
import { RULES } from "./index.ts";
import type { ConjunctionRule, DropRule, Rule } from "./template.ts";

type Values = Partial<Record<MeasureId, number>>;

/** A side whose hosts hold each value throughout. */
function facts(hosts: readonly Values[]): SideFacts {
  return {
    hosts: hosts.map((values, i) => ({
      name: `h${i + 1}`,
      role: "worker",
      columns: Object.fromEntries(
        Object.entries(values).map(([id, value]) => {
          const column = new Float64Array(10).fill(value);
          return [id, column];
        }),
      ),
    })),
  };
}

/** One side whose hosts have columns of their own. */
function factsOf(hosts: readonly Partial<Record<MeasureId, readonly number[]>>[]): SideFacts {
  return {
    hosts: hosts.map((columns, i) => ({
      name: `h${i + 1}`,
      role: "worker",
      columns: Object.fromEntries(
        Object.entries(columns).map(([id, values]) => [id, Float64Array.from(values)]),
      ),
    })),
  };
}

function withDemand(facts: SideFacts, rule: DropRule): SideFacts {
  return {
    hosts: facts.hosts.map((host) => ({
      ...host,
      columns: {
        ...host.columns,
        [rule.while.measure]: new Float64Array(30).fill(rule.while.atLeast),
      },
    })),
  };
}

const NONE: SideFacts = { hosts: [] };
const ABOVE = 1.001;
const BELOW = 0.999;

/** Values that meet every condition, with one of them moved across its limit where asked. */
function conjunctionValues(rule: ConjunctionRule, broken = -1): Values {
  return Object.fromEntries(
    rule.conditions.map(({ measure, atLeast, below }, i) => {
      const met = i !== broken;
      const value =
        atLeast !== undefined ? atLeast * (met ? ABOVE : BELOW) : below! * (met ? BELOW : ABOVE);
      return [measure, value];
    }),
  );
}

/** The sides just beyond (or just short of) what makes the rule fire, one pair per limit it has. */
function sides(rule: Rule, factor: number): [baseline: SideFacts, candidate: SideFacts][] {
  switch (rule.template) {
    case "threshold":
      return [[NONE, facts([{ [rule.measure]: rule.atLeast * factor }])]];
    case "comparison": {
      const byDifference = rule.differenceAtLeast * factor;
      const low = (rule.differenceAtLeast * 2) / (rule.ratioAtLeast - 1);
      const near = facts([{ [rule.measure]: 0 }]);
      return [
        [near, facts([{ [rule.measure]: byDifference }])],
        [
          facts([{ [rule.measure]: low }]),
          facts([{ [rule.measure]: low * rule.ratioAtLeast * factor }]),
        ],
      ];
    }
    case "imbalance": {
      const peers = [1, 1, 1, 1].map((value) => ({ [rule.measure]: value }));
      return [[NONE, facts([...peers, { [rule.measure]: 1 + rule.differenceAtLeast * factor }])]];
    }
    case "drop": {
      const course = (level: number) =>
        factsOf([
          {
            [rule.measure]: [
              ...new Array<number>(15).fill(100),
              ...new Array<number>(15).fill(level),
            ],
            [rule.while.measure]: new Array<number>(30).fill(rule.while.atLeast * factor),
          },
        ]);
      // Just below its limits: as deep a fall without the demand, and a fall not deep enough.
      const low = course(100 * rule.ratioAtMost * 0.99);
      return factor > 1
        ? [[NONE, low]]
        : [
            [NONE, low],
            [NONE, withDemand(course(100 * rule.ratioAtMost * 1.01), rule)],
          ];
    }
    case "conjunction":
      if (factor > 1) return [[NONE, facts([conjunctionValues(rule)])]];
      return rule.conditions.map((_, i) => [NONE, facts([conjunctionValues(rule, i)])]);
  }
}

describe.each(RULES.map((rule) => [rule.id, rule] as const))("rule %s", (_, rule) => {
  it("fires just above its limits, on the side and host where it is so", () => {
    for (const [baseline, candidate] of sides(rule, ABOVE)) {
      const hit = evaluate(rule, baseline, candidate);
      expect(hit).toMatchObject({ cluster: "candidate" });
      expect(hit?.hosts).toEqual([candidate.hosts[candidate.hosts.length - 1]!.name]);
      expect(evaluate(rule, candidate, baseline)).toMatchObject({ cluster: "baseline" });
    }
  });

  it("is silent just below any of them", () => {
    for (const [baseline, candidate] of sides(rule, BELOW)) {
      expect(evaluate(rule, baseline, candidate)).toBeUndefined();
    }
  });

  it("is written for people: sentences, a known measure, a stable id", () => {
    expect(rule.id).toMatch(/^(cpu|memory|disk|network|virtualization)-[a-z-]+$/);
    expect(rule.id.startsWith(rule.resource)).toBe(true);
    for (const text of [rule.message, rule.why, rule.next]) expect(text).toMatch(/\.$/);
    const measures =
      rule.template === "conjunction" ? rule.conditions.map((c) => c.measure) : [rule.measure];
    for (const measure of measures) expect(MEASURES).toHaveProperty(measure);
  });
});

describe("rules", () => {
  it("have ids of their own", () => {
    const ids = RULES.map((rule) => rule.id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("name both sides when both are at a limit", () => {
    const rule = RULES.find(({ id }) => id === "cpu-saturated")!;
    const busy = facts([{ cpuUse: 99 }]);
    expect(evaluate(rule, busy, busy)).toMatchObject({ cluster: "both", hosts: ["h1"] });
  });

  it("do not fire on what was not recorded", () => {
    const empty = facts([{}]);
    for (const rule of RULES) expect(evaluate(rule, empty, empty)).toBeUndefined();
  });
});
