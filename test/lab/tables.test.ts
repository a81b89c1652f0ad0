import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { allScenarios } from "./all-scenarios.ts";
import { LAB_PAGE, labPage } from "./lab-page.ts";
import { lostShare } from "./lost-jiffies.ts";
import { addResults, readResults, repeatsOf, type ResultRow } from "./results.ts";
import { pairsOf, short, type Scenario } from "./scenario.ts";
import { confusionTable, reliabilityTable } from "./tables.ts";
import { wilsonInterval } from "./wilson.ts";

const folder = mkdtempSync(join(tmpdir(), "perfmon-results-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const row = (of: Partial<ResultRow>): ResultRow => ({
  date: "2026-01-02",
  commit: "abc1234",
  scenario: "slow-disk",
  repeat: 1,
  pair: "-",
  answer: "disk",
  slower: "candidate",
  scope: "cluster",
  hosts: "",
  confidence: 0.62,
  right: true,
  baselineSeconds: 15.25,
  candidateSeconds: 30.5,
  ...of,
});

const scenario = (expected: Scenario["expected"]): Scenario => ({
  plants: "something",
  machine: "UML guests",
  expected,
  record: () => Promise.resolve({}),
});

const scenarios = new Map([
  ["slow-disk", scenario(short("disk"))],
  ["nothing", scenario({ outcome: "no-difference", slower: "neither", bottleneck: ["none"] })],
]);

describe("wilsonInterval", () => {
  // Computed with R: prop.test(9, 10, correct = FALSE), prop.test(0, 21, correct = FALSE).
  it.each([
    [9, 10, 0.59585, 0.98212],
    [0, 21, 0, 0.15464],
    [21, 21, 0.84536, 1],
  ])("of %i in %i", (count, of, low, high) => {
    const interval = wilsonInterval(count, of);
    expect(interval[0]).toBeCloseTo(low, 4);
    expect(interval[1]).toBeCloseTo(high, 4);
  });

  it("knows nothing of no trial", () => {
    expect(wilsonInterval(0, 0)).toEqual([0, 1]);
  });
});

describe("the kept results", () => {
  it("come back as they were written, and are added to", () => {
    const file = join(folder, "results.tsv");
    expect(readResults(file)).toEqual([]);
    const first = row({});
    const second = row({
      repeat: 2,
      answer: "inconclusive",
      scope: "-",
      right: false,
      confidence: 0,
    });
    addResults([first], file);
    addResults([second], file);
    expect(readResults(file)).toEqual([
      { ...first, hosts: "-" },
      { ...second, hosts: "-" },
    ]);
    expect(repeatsOf("slow-disk", readResults(file))).toBe(2);
    expect(repeatsOf("nothing", readResults(file))).toBe(0);
  });

  it("count what was named what, and false alarms", () => {
    const table = confusionTable(
      [
        row({}),
        row({ repeat: 2, answer: "memory", right: false }),
        row({ scenario: "nothing", pair: "a1-a2", answer: "no-difference" }),
        row({ scenario: "nothing", pair: "a1-a3", answer: "cpu", right: false }),
        row({ scenario: "nothing", pair: "a2-a3", answer: "inconclusive", right: false }),
      ],
      scenarios,
    );
    expect(table).toMatch(
      /^\| slow-disk .*\| 1 +\| \*\*1\*\* .*\| 1 of 2 +\| 0\.09 to 0\.91 +\|$/m,
    );
    expect(table).toMatch(/^\| nothing .*\| \*\*1\*\* +\| 1 +\| 1 of 3/m);
    expect(table).toContain("named right: 1 of 2,");
    expect(table).toContain("equal pairs: 1 of 3,");
  });

  it("hold confidence against what came true", () => {
    const table = reliabilityTable([
      row({ confidence: 0.65 }),
      row({ confidence: 0.61, right: false }),
      row({ confidence: 0, answer: "inconclusive", right: false }),
    ]);
    expect(table.split("\n").slice(2)).toEqual([
      "| 0.6 to 0.7 | 2        | 0.63 | 0.50  | 0.09 to 0.91  |",
    ]);
  });

  it("are what docs/lab.md shows", async () => {
    const page = readFileSync(LAB_PAGE, "utf8");
    expect(page).toBe(labPage(page, readResults(), await allScenarios()));
  });
});

describe("pairsOf", () => {
  it("compares a baseline with a candidate, and of others each with each", () => {
    expect(pairsOf({ baseline: "/a", candidate: "/b" })).toHaveLength(1);
    const names = Array.from({ length: 7 }, (_, i) => [`a${i}`, `/a${i}`]);
    expect(pairsOf(Object.fromEntries(names))).toHaveLength(21);
  });
});

describe("lostShare", () => {
  it("is what the accounts of a kernel lack of the time that has passed", () => {
    const before = "cpu  100 0 100 800 0 0 0 0 0 0\n10.00 8.00";
    const after = "cpu  300 0 100 1300 50 25 25 0 50 0\n20.00 13.00";
    expect(lostShare(before, after)).toBeCloseTo(0.2, 9);
    expect(lostShare(before, before)).toBe(0);
  });
});
