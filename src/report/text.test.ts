import { describe, expect, it } from "vitest";
import type { Comparison } from "../analysis/comparison.ts";
import { byState } from "../analysis/resources.ts";
import { renderJson } from "./json.ts";
import { tableLines, wrap } from "./table.ts";
import { renderText } from "./text.ts";

const use = (utilization: number | null, saturation: number | null, signal: string) => ({
  utilization,
  saturation,
  errors: null,
  signal,
});
const alike = (signal: string) => ({
  baseline: use(1, 0, signal),
  candidate: use(1, 0, signal),
  state: "same" as const,
});

const COMPARISON: Comparison = {
  schema: 1,
  baseline: {
    cluster: "onprem",
    run: "tera",
    hosts: ["a1"],
    from: "2026-01-05T10:00:00.000Z",
    to: "2026-01-05T10:00:12.000Z",
    durationSeconds: 12,
  },
  candidate: {
    cluster: "cloud",
    run: "tera",
    hosts: ["c1"],
    from: "2026-01-05T11:00:00.000Z",
    to: "2026-01-05T11:00:22.000Z",
    durationSeconds: 22,
  },
  comparability: [{ code: "gap", severity: "warning", message: "The candidate has gaps." }],
  inventory: [{ key: "cpu.logicalCpus", baseline: "4", candidate: "2", relevance: "high" }],
  resources: {
    cpu: {
      baseline: use(98, 4, "Pressure(cpu)\\% Some Stall Time"),
      candidate: use(100, 92, "Pressure(cpu)\\% Some Stall Time"),
      state: "worse",
    },
    memory: alike("Pressure(memory)\\% Some Stall Time"),
    disk: alike("Pressure(io)\\% Some Stall Time"),
    network: alike("Network Interface(*)\\% Utilization"),
    virtualization: alike("Processor(_Total)\\% Steal Time"),
  },
  timeAttribution: {
    baseline: byState((state) => (state === "cpu" ? 1 : 0)),
    candidate: byState((state) => (state === "cpu" ? 1 : 0)),
    seconds: { baseline: 12, candidate: 22 },
    extraSeconds: byState((state) => (state === "cpu" ? 10 : 0)),
    upperBounds: [],
  },
  limits: { baseline: "cpu", candidate: "cpu" },
  verdict: {
    outcome: "difference",
    slower: "candidate",
    bottleneck: "cpu",
    cluster: "candidate",
    scope: "cluster",
    hosts: [],
    confidence: 0.51,
    summary: "cloud/tera (candidate) took 83 % longer than onprem/tera.",
  },
  phases: [],
  stragglers: [],
  findings: [
    {
      id: "cpu-more-waiting:x",
      rule: "cpu-more-waiting",
      resource: "cpu",
      severity: "critical",
      cluster: "candidate",
      hosts: ["c1"],
      counter: "\\\\c1\\Pressure(cpu)\\% Some Stall Time",
      baseline: 4,
      candidate: 92,
      ratio: 23,
      interval: [80, 95],
      score: 800,
      message: "Waiting for a CPU: 4 % in the baseline, 92 % in the candidate.",
      why: "Why.",
      next: "Compare the processes.",
      sql: "select 1",
    },
    {
      id: "counter-difference:y",
      rule: "counter-difference",
      resource: "cpu",
      severity: "info",
      cluster: "both",
      hosts: [],
      counter: "\\\\*\\System\\Processor Queue Length",
      baseline: 3,
      candidate: 5,
      ratio: 1.66667,
      interval: [1.5, 2.5],
      score: 0.1,
      message: "m",
      why: "w",
      next: "n",
      sql: "select 2",
    },
  ],
};

describe("renderText", () => {
  const text = renderText(COMPARISON);
  const lines = text.split("\n");

  it("starts with the verdict and goes on from evidence to what to check next", () => {
    const titles = lines
      .filter((line) => /^[A-Z]{3}/.test(line))
      .map((line) => line.split(" (")[0]);
    expect(titles).toEqual([
      "VERDICT",
      "EVIDENCE",
      "WHERE THE TIME WENT",
      "RESOURCES",
      "INVENTORY DIFFERENCES",
      "TOP DIFFERENCES BY COUNTER",
      "COMPARABILITY",
      "CHECK NEXT",
    ]);
    expect(lines[1]).toBe("  cloud/tera (candidate) took 83 % longer than onprem/tera.");
    expect(text).toContain("Compare the processes.");
  });

  it("lines numbers up to the right, without borders", () => {
    expect(lines).toContain("  limited by  baseline s      %  candidate s      %  extra s");
    expect(lines).toContain("  cpu               12.0  100.0         22.0  100.0    +10.0");
    expect(lines).toContain("  all               12.0  100.0         22.0  100.0    +10.0");
    expect(text).not.toMatch(/[│─┼|+]-/);
  });

  it("fits 100 columns and has no trailing blanks", () => {
    for (const line of lines) {
      expect(line.length).toBeLessThanOrEqual(100);
      expect(line).toBe(line.trimEnd());
    }
  });

  it("is colored only when asked", () => {
    const escape = "\u001b[";
    expect(text).not.toContain(escape);
    const colored = renderText(COMPARISON, { color: true });
    expect(colored).toContain(`${escape}1mVERDICT${escape}22m`);
    expect(colored.replace(/\u001b\[\d+m/g, "")).toBe(text);
  });

  it("writes JSON that reads back as it was", () => {
    expect(JSON.parse(renderJson(COMPARISON))).toEqual(COMPARISON);
  });
});

describe("table", () => {
  it("cuts what is too long", () => {
    const columns = [{ title: "name", align: "left", maxWidth: 8 } as const];
    expect(tableLines(columns, [["abcdefghijk"]])).toEqual(["name", "abcde..."]);
  });

  it("wraps at blanks and keeps units with their numbers", () => {
    expect(wrap("aaa bbb 10 % ccc", 10, "  ")).toEqual(["  aaa bbb", "  10 % ccc"]);
    expect(wrap("aaaa bbb 10 %", 13, "")).toEqual(["aaaa bbb 10 %"]);
    expect(wrap("aaaa bbbb 10 % c", 13, "")).toEqual(["aaaa bbbb", "10 % c"]);
  });
});
