/** Pages of every planted cause: well-formed, self-contained, accessible, and true to the answer. */
import { describe, expect, it } from "vitest";
import { headline } from "../../src/report/headline.ts";
import { renderHtml } from "../../src/report/html.ts";
import type { MemoryRun } from "../analysis/memory-source.ts";
import { plants } from "../analysis/plants.ts";
import { scenarioRun } from "../analysis/scenario.ts";
import { pageFaults } from "./page-faults.ts";
import { comparedPage, runPage } from "./render.ts";

const all = plants("pages");
const plant = (name: string) => all.find((one) => one.name === name)!;
const renamed = (run: MemoryRun, cluster: string, name: (host: string) => string): MemoryRun => ({
  ...run,
  cluster,
  hosts: run.hosts.map((host) => ({ ...host, name: name(host.name) })),
});

describe("the page of a comparison", () => {
  it("has no faults, whatever the verdict, and is the same each time", async () => {
    for (const { name, baseline, candidate } of all) {
      const { page, comparison } = await comparedPage(baseline, candidate);
      expect({ name, faults: pageFaults(page) }).toEqual({ name, faults: [] });
      expect(page.includes(`<h1>${headline(comparison)}</h1>`)).toBe(true);
      expect(/.{0,60}(NaN|Infinity|undefined|\[object).{0,20}/.exec(page)?.[0]).toBeUndefined();
      expect(page.length).toBeLessThan(300_000);
    }
    const { baseline, candidate } = plant("another writer");
    const [once, again] = [
      await comparedPage(baseline, candidate),
      await comparedPage(baseline, candidate),
    ];
    expect(once.page).toBe(again.page);
  });

  it("shows the arithmetic: seconds of the states add up to the durations", async () => {
    const { baseline, candidate } = plant("another writer");
    const { page, comparison } = await comparedPage(baseline, candidate);
    const table = /<caption>\s*Share of the wall time[^]*?<\/table>/.exec(page)![0];
    const numbers = [...table.matchAll(/<tr>([^]*?)<\/tr>/g)].map(([, row]) =>
      [...row!.matchAll(/>\s*([+-]?[\d.]+)\s*</g)].map(([, number]) => Number(number)),
    );
    const rows = numbers.filter((row) => row.length === 3);
    const total = rows.pop()!;
    expect(rows.length).toBeGreaterThan(1);
    [0, 1, 2].forEach((column) => {
      const sum = rows.reduce((added, row) => added + row[column]!, 0);
      expect(Math.abs(sum - total[column]!)).toBeLessThan(0.05 * rows.length + 0.051);
    });
    expect(total[1]! - total[0]!).toBeCloseTo(
      comparison.candidate.durationSeconds - comparison.baseline.durationSeconds,
      1,
    );
  });

  it("draws the losing resource of both sides on one scale, the straggler with a line of its own", async () => {
    const { baseline, candidate } = plant("one straggler of six");
    const { courses, page } = await comparedPage(baseline, candidate);
    const [first] = courses.counters;
    expect(first).toMatchObject({ title: "time in which tasks waited for I/O", unit: "%" });
    expect(first!.sides.map(({ side, hosts }) => [side, hosts])).toEqual([
      ["baseline", 6],
      ["candidate", 6],
    ]);
    expect(first!.sides.map(({ outliers }) => outliers.map(({ host }) => host))).toEqual([
      [],
      ["n4"],
    ]);
    const candidates = courses.heatMap!.rows.filter(({ side }) => side === "candidate");
    expect(candidates[0]).toMatchObject({ host: "n4" });
    expect(candidates[0]!.mean).toBeGreaterThan(90);
    expect(candidates[1]!.mean).toBeLessThan(5);
    const text = page.replace(/\s+/g, " ");
    const says = "The verdict rests on one host (disk): <strong>n4</strong>";
    expect(text.includes(says)).toBe(true);
  });

  it("takes names from recordings as text", async () => {
    const { baseline, candidate } = plant("one straggler of six");
    const name = (host: string) => `<script>alert('${host}')</script>`;
    const evil = (run: MemoryRun) => renamed(run, `"><img src=x onerror="alert(1)">`, name);
    const { page } = await comparedPage(evil(baseline), evil(candidate));
    expect(pageFaults(page)).toEqual([]);
    expect(page).not.toMatch(/<script>alert|<img/);
    expect(page).toContain("&lt;script&gt;alert(&#39;n4&#39;)&lt;/script&gt;");
  });

  it("has tables only where there are no pictures, and says so", async () => {
    const { comparison } = await comparedPage(
      plant("four seconds only").baseline,
      plant("four seconds only").candidate,
    );
    const page = renderHtml({ ...comparison, findings: [], inventory: [], comparability: [] });
    expect(pageFaults(page)).toEqual([]);
    expect(page).toContain("No rule fired");
    expect(page).toContain("No verdict on onprem/one and cloud/two.");
  });

  it("stays small with many hosts and values", async () => {
    const run = (cluster: string, seconds: number) =>
      scenarioRun({
        cluster,
        run: "many",
        seconds,
        hosts: 40,
        load: () => ({ busy: 20, ioSome: 60, ioWait: 30, diskTime: 70 }),
      });
    const { page, courses } = await comparedPage(run("a", 40), run("b", 70));
    expect(courses.heatMap!.rows).toHaveLength(80);
    expect(pageFaults(page)).toEqual([]);
    expect(page.length).toBeLessThan(500_000);
  });
});

describe("the page of one run", () => {
  it("has no faults, and says what limited the run", async () => {
    for (const { name, candidate, limits } of all) {
      const { page, report } = await runPage(candidate);
      expect({ name, faults: pageFaults(page) }).toEqual({ name, faults: [] });
      expect(/.{0,60}(NaN|Infinity|undefined|\[object).{0,20}/.exec(page)?.[0]).toBeUndefined();
      if (limits)
        expect({ name, limit: report.diagnosis.limit }).toEqual({ name, limit: limits.candidate });
    }
  });

  it("takes names from recordings as text", async () => {
    const { candidate } = plant("one straggler of six");
    const { page } = await runPage(renamed(candidate, "<b>", (host) => `<script>${host}</script>`));
    expect(pageFaults(page)).toEqual([]);
    expect(page).toContain("&lt;script&gt;n4&lt;/script&gt;");
  });
});

describe("what a comparison may hold besides", () => {
  it("is shown where it is there: phases, stragglers, upper bounds", async () => {
    const { baseline, candidate } = plant("another writer");
    const { comparison } = await comparedPage(baseline, candidate);
    const more = {
      ...comparison,
      timeAttribution: {
        ...comparison.timeAttribution,
        upperBounds: [
          {
            cluster: "candidate" as const,
            resource: "disk" as const,
            seconds: 30,
            remainingSeconds: 10,
            arithmetic: "0.75 x 40 s = 30 s",
          },
        ],
      },
      phases: [
        {
          name: "shuffle <2>",
          source: "marks" as const,
          baseline: { from: "", to: "", seconds: 5 },
          candidate: { from: "", to: "", seconds: 25 },
          extraSeconds: { ...comparison.timeAttribution.extraSeconds, disk: 19.5, cpu: 0.5 },
          bottleneck: "disk" as const,
        },
      ],
      stragglers: [
        {
          cluster: "candidate" as const,
          host: "n7",
          role: "worker",
          what: "finish" as const,
          seconds: 90,
          peersSeconds: 40,
        },
      ],
    };
    const page = renderHtml(more);
    expect(pageFaults(page)).toEqual([]);
    for (const text of ["shuffle &lt;2&gt;", "+19.5", "0.75 x 40 s = 30 s", "at work longer"]) {
      expect({ text, there: page.includes(text) }).toEqual({ text, there: true });
    }
  });
});
