/** report, compare --html and --anonymize, on real recordings of this machine. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunReport } from "../../src/analysis/run/run-report.ts";
import { STATES } from "../../src/analysis/resources.ts";
import { pageFaults } from "../report/page-faults.ts";
import { perfmon } from "../support/run-cli.ts";

const HOST = "planted-host-7.corp.example";
let folder = "";
let db = "";
const path = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "perfmon-report-"));
  db = path("t.duckdb");
  for (const run of ["one", "two"]) {
    const recorded = await perfmon([
      ..."record --for 1500ms -i 100ms --cluster lab --role worker".split(" "),
      "--host",
      HOST,
      "--run",
      run,
      "-o",
      path(`runs/${run}`),
    ]);
    expect(recorded).toMatchObject({ exitCode: 0 });
  }
  expect(await perfmon(["load", path("runs"), "--db", db])).toMatchObject({ exitCode: 0 });
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function json(...argv: string[]): Promise<RunReport> {
  const { stdout, stderr, exitCode } = await perfmon(["report", ...argv, "--json"]);
  expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
  return JSON.parse(stdout) as RunReport;
}

describe("perfmon report", () => {
  it("says the same of a folder and of a run of a store, twice", async () => {
    const ofFolder = await json(path("runs/one"));
    expect(await json("lab/one", "--db", db)).toEqual(ofFolder);
    expect(await json("lab/one", "--db", db)).toEqual(ofFolder);
    expect(ofFolder.run).toMatchObject({ cluster: "lab", run: "one", hosts: [HOST] });
    const sum = STATES.reduce((total, state) => total + ofFolder.timeShares[state], 0);
    expect(sum).toBeCloseTo(1, 5);
    expect(Object.keys(ofFolder.resources)).toHaveLength(5);
    expect(ofFolder.resources.cpu.hosts[0]).toMatchObject({ host: HOST, role: "worker" });
    expect(ofFolder.processes.byMemory.some(({ role }) => role.startsWith("node"))).toBe(true);
    expect(ofFolder.inventory.map(({ key }) => key)).toContain("cpu.logicalCpus");
  });

  it("documents every key of its JSON", async () => {
    const page = readFileSync(new URL("../../docs/report.md", import.meta.url), "utf8");
    const report = await json(path("runs/one"));
    const keys = [
      ...Object.keys(report),
      ...Object.keys(report.resources.cpu),
      ...Object.keys(report.processes.byMemory[0]!),
      ...report.disks.flatMap((disk) => Object.keys(disk)),
      ...report.interfaces.flatMap((one) => Object.keys(one)),
      ...Object.keys(report.inventory[0]!),
    ];
    for (const key of new Set(keys)) expect(page).toContain(`\`${key}\``);
  });

  it("is text of at most 100 columns, in a window, too", async () => {
    const whole = await perfmon(["report", "lab/one", "--db", db]);
    expect(whole.exitCode).toBe(0);
    expect(whole.stdout).toMatch(/^DIAGNOSIS\n {2}lab\/one: /);
    for (const title of ["RESOURCES", "WHERE THE TIME WENT", "TOP PROCESSES BY MEMORY", "NOTES"]) {
      expect(whole.stdout).toContain(`\n${title}`);
    }
    for (const line of whole.stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(110);
    const part = await json("lab/one@+200ms..+900ms", "--db", db);
    expect(part.run.durationSeconds).toBeLessThan(1);
  });

  it("writes a page, and says where", async () => {
    const { stdout, exitCode } = await perfmon([
      "report",
      "lab/one",
      "--db",
      db,
      "--html",
      path("run.html"),
    ]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/\nReport: \S+run\.html \([\d.]+ kB\)\n$/);
    expect(pageFaults(readFileSync(path("run.html"), "utf8"))).toEqual([]);
  });

  it.each([
    [["nowhere/run"], 1, /nowhere\/run is neither a folder nor a run/],
    [["lab/one", "--html", "/nowhere/x.html"], 1, /cannot be written: there is no such folder/],
    [["lab/one@+1h..+2h"], 1, /The window lies outside of lab\/one/],
    [[], 2, /missing required argument 'run'/],
  ])("tells what is wrong with %j", async (argv, code, message) => {
    const { stderr, exitCode } = await perfmon(["report", ...argv, "--db", db]);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/this is a bug| at .*\.ts:/);
    expect(exitCode).toBe(code);
  });
});

describe("perfmon compare --html", () => {
  it("writes the page beside the text, and beside JSON without a word", async () => {
    const compared = ["compare", "lab/one", "lab/two", "--db", db, "--html", path("both.html")];
    const text = await perfmon(compared);
    expect(text.stdout).toMatch(/^VERDICT[^]*\nReport: \S+both\.html \(/);
    const page = readFileSync(path("both.html"), "utf8");
    expect(pageFaults(page)).toEqual([]);
    expect(page).toContain(HOST);
    const { stdout } = await perfmon([...compared, "--json"]);
    expect(Object.keys(JSON.parse(stdout) as object)).toContain("verdict");
    expect(readFileSync(path("both.html"), "utf8")).toBe(page);
  });

  it("compares windows of one run", async () => {
    const { exitCode } = await perfmon([
      "compare",
      "lab/one@..+700ms",
      "lab/one@+700ms..",
      "--db",
      db,
      "--html",
      path("windows.html"),
    ]);
    expect(exitCode).toBe(0);
    expect(pageFaults(readFileSync(path("windows.html"), "utf8"))).toEqual([]);
  });
});

describe("--anonymize", () => {
  it("leaves no host's name in any output", async () => {
    const compared = ["compare", "lab/one", "lab/two", "--db", db, "--anonymize"];
    const [text, ...outputs] = await Promise.all([
      perfmon([...compared, "--html", path("c.html")]),
      perfmon([...compared, "--json"]),
      perfmon(["report", "lab/one", "--db", db, "--anonymize", "--html", path("r.html")]),
      perfmon(["report", "lab/one", "--db", db, "--anonymize", "--json"]),
      perfmon(["export", "lab/one", "--db", db, "--anonymize", "-o", path("e.csv")]),
      perfmon(["export", "lab/one", "--db", db, "--anonymize", "-f", "tsv"]),
    ]);
    const files = ["r.html", "c.html", "e.csv"].map((name) => readFileSync(path(name), "utf8"));
    const all = [...outputs.map(({ stdout }) => stdout), ...files];
    for (const one of all) expect(one).toContain("node-a1");
    // The text of a comparison names a host only where a finding is about one.
    for (const one of [text.stdout, ...all]) {
      expect(/.{0,40}(planted-host|corp\.example).{0,20}/.exec(one)?.[0]).toBeUndefined();
    }
    expect(text.exitCode).toBe(0);
    for (const { exitCode } of outputs) expect(exitCode).toBe(0);
    expect(existsSync(path("e.csv"))).toBe(true);
  });
});
