/** record, load, runs, query and compare, on real recordings of this machine. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { perfmon } from "../support/run-cli.ts";

let folder = "";
let db = "";
const path = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "perfmon-cli-"));
  db = path("t.duckdb");
  for (const run of ["one", "two"]) {
    const recorded = await perfmon(
      "record --for 1200ms -i 100ms --cluster x --objects Processor,Memory,System"
        .split(" ")
        .concat("--run", run, "-o", path(`runs/${run}`)),
    );
    expect(recorded).toMatchObject({ exitCode: 0, stdout: "" });
  }
  const loaded = await perfmon(["load", path("runs"), "--db", db]);
  expect(loaded).toMatchObject({ exitCode: 0, stderr: "" });
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function json(...argv: string[]): Promise<unknown> {
  const { stdout, stderr, exitCode } = await perfmon([...argv, "--json"]);
  expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
  return JSON.parse(stdout);
}

async function counts(): Promise<unknown> {
  return json(
    "query",
    "select count(*) as n, count(distinct instance) as i from normalized",
    "--db",
    db,
  );
}

describe("perfmon load", () => {
  it("says what it loaded, and adds nothing the second time", async () => {
    const before = await counts();
    const { stdout, exitCode } = await perfmon(["load", path("runs"), "--db", db]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^x\/one \S+: nothing new\nx\/two \S+: nothing new\n$/);
    expect(await counts()).toEqual(before);
  });

  it("takes the store from PERFMON_DB", async () => {
    const { stdout } = await perfmon(["runs", "--json"], { env: { PERFMON_DB: db } });
    expect(JSON.parse(stdout)).toHaveLength(2);
  });

  it.each([
    ["nowhere", /There is no folder .*nowhere/],
    ["t.duckdb", /is a file; a recording is a folder/],
    ["", /^perfmon: .* is not a recording/],
  ])("tells what is wrong with %j", async (name, message) => {
    const empty = name === "" ? mkdtempSync(join(tmpdir(), "perfmon-empty-")) : path(name);
    const { stderr, exitCode } = await perfmon(["load", empty, "--db", path("never.duckdb")]);
    if (name === "") rmSync(empty, { recursive: true });
    expect(stderr).toMatch(message);
    expect(exitCode).toBe(1);
    expect(existsSync(path("never.duckdb"))).toBe(false);
  });
});

describe("perfmon runs", () => {
  it("lists runs, the newest first", async () => {
    const runs = (await json("runs", "--db", db)) as {
      cluster: string;
      run: string;
      hosts: number;
      values: number;
      seconds: number;
    }[];
    expect(runs.map(({ cluster, run }) => `${cluster}/${run}`)).toEqual(["x/two", "x/one"]);
    for (const run of runs) {
      expect(run.hosts).toBe(1);
      expect(run.values).toBeGreaterThan(100);
      expect(run.seconds).toBeGreaterThan(0.5);
    }
    const { stdout } = await perfmon(["runs", "--db", db]);
    expect(stdout).toMatch(/^run +hosts +from \(UTC\)[^]*\nx\/two +1 +\d{4}-\d\d-\d\d /);
  });
});

describe("perfmon query", () => {
  it("prints a table, CSV and JSON", async () => {
    const sql = "select 1 as a, 'x,\"y' as b, null as c, 12345678901234 as d";
    expect(await json("query", sql, "--db", db)).toEqual([
      { a: 1, b: 'x,"y', c: null, d: 12345678901234 },
    ]);
    expect((await perfmon(["query", sql, "--db", db, "--csv"])).stdout).toBe(
      'a,b,c,d\n1,"x,""y",,12345678901234\n',
    );
    expect((await perfmon(["query", sql, "--db", db])).stdout).toBe(
      'a  b     c               d\n1  x,"y     12345678901234\n(1 row)\n',
    );
  });

  it.each([
    ["delete from sample", /read-only|SELECT/i],
    ["select * from nowhere", /nowhere/],
    ["select * from read_csv('/etc/passwd')", /./],
    ["selec 1", /syntax/i],
  ])("refuses %s in one clear sentence", async (sql, message) => {
    const before = await counts();
    const { stderr, stdout, exitCode } = await perfmon(["query", sql, "--db", db]);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/this is a bug| at .*\.ts:/);
    expect({ stdout, exitCode }).toEqual({ stdout: "", exitCode: 1 });
    expect(await counts()).toEqual(before);
  });

  it("tells of a store that is not there or is none", async () => {
    writeFileSync(
      path("not.duckdb"),
      "this is a text, not a database, and long enough to be looked at",
    );
    for (const [name, message] of [
      ["absent.duckdb", /absent\.duckdb/],
      ["not.duckdb", /not a DuckDB/i],
    ] as const) {
      const { stderr, exitCode } = await perfmon(["query", "select 1", "--db", path(name)]);
      expect(stderr).toMatch(message);
      expect(stderr).not.toContain("this is a bug");
      expect(exitCode).toBe(1);
    }
    expect(existsSync(path("absent.duckdb"))).toBe(false);
    const unknown = await perfmon(["runs", "--db", "oracle://scott:tiger@host/x"]);
    expect(unknown.exitCode).toBe(2);
    expect(unknown.stderr).not.toContain("tiger");
  });
});

interface ComparisonJson {
  readonly schema: number;
  readonly baseline: { readonly run: string; readonly from: string; readonly to: string };
  readonly candidate: { readonly run: string };
  readonly verdict: { readonly outcome: string; readonly summary: string };
  readonly timeAttribution: {
    readonly seconds: { readonly baseline: number; readonly candidate: number };
  };
  readonly comparability: readonly { readonly code: string }[];
  readonly findings: readonly { readonly rule: string; readonly sql: string }[];
}

describe("perfmon compare", () => {
  it("gives the same answer for folders and for runs of a store", async () => {
    const ofFolders = await perfmon(["compare", path("runs/one"), path("runs/two"), "--json"]);
    expect(ofFolders).toMatchObject({ exitCode: 0, stderr: "" });
    const ofStore = await perfmon(["compare", "x/one", "x/two", "--db", db, "--json"]);
    expect(ofStore.stdout).toBe(ofFolders.stdout);
    const comparison = JSON.parse(ofStore.stdout) as ComparisonJson;
    expect(comparison.schema).toBe(1);
    expect([comparison.baseline.run, comparison.candidate.run]).toEqual(["one", "two"]);
  });

  it("prints text, with the summary of the verdict in it", async () => {
    const { verdict } = (await json("compare", "x/one", "x/two", "--db", db)) as ComparisonJson;
    const { stdout, exitCode } = await perfmon(["compare", "x/one", "x/two", "--db", db]);
    expect(exitCode).toBe(0);
    const plain = (text: string) => text.replace(/\s+/g, " ");
    expect(plain(stdout)).toContain(plain(verdict.summary));
    expect(stdout).not.toContain("\u001b");
  });

  it("narrows to a window", async () => {
    const whole = (await json("compare", "x/one", "x/two", "--db", db)) as ComparisonJson;
    const part = (await json("compare", "x/one@+0s..+0.7s", "x/two", "--db", db)) as ComparisonJson;
    expect(Date.parse(part.baseline.to)).toBeLessThan(Date.parse(whole.baseline.to));
    expect(part.baseline.from).toBe(whole.baseline.from);
  });

  it("takes limits of your own, and says what is wrong with them", async () => {
    const own = path("own.json");
    const argv = ["compare", "x/one", "x/two", "--db", db, "--rules", own];
    writeFileSync(own, '{"rules":{"memory-nearly-full":{"limits":{"atLeast":0}}}}');
    const { findings } = (await json(...argv)) as ComparisonJson;
    expect(findings.map(({ rule }) => rule)).toContain("memory-nearly-full");
    writeFileSync(own, '{"rules":{"memory-nearly-full":{"atLeast":0}}}');
    const wrong = await perfmon(argv);
    expect(wrong.exitCode).toBe(1);
    expect(wrong.stderr).toMatch(
      /own\.json: rules\.memory-nearly-full has no "atLeast"[^]*rules\.md/,
    );
    rmSync(own);
    expect((await perfmon(argv)).stderr).toMatch(/own\.json cannot be read \(ENOENT\)/);
  });

  it("compares per unit of work, one amount for both or one for each", async () => {
    const slower = async (work: string) => {
      const argv = ["compare", "x/one", "x/two", "--db", db, "--work", work];
      return ((await json(...argv)) as ComparisonJson).timeAttribution.seconds;
    };
    const both = await slower("1TB");
    const each = await slower("1000,500");
    expect(each.baseline).toBe(both.baseline);
    expect(each.candidate / both.candidate).toBeCloseTo(2, 2);
  });

  it("learns from repeats of the baseline", async () => {
    const argv = ["compare", "x/one", "x/one", "--db", db, "--baseline-runs"];
    const codes = async (repeats: string) =>
      ((await json(...argv, repeats)) as ComparisonJson).comparability.map(({ code }) => code);
    expect(await codes("x/two")).toContain("noise-learned");
    expect(await codes("all")).toContain("noise-learned");
    expect((await perfmon([...argv, "x/three"])).stderr).toMatch(/x\/three is neither/);
    expect((await perfmon([...argv, ","])).stderr).toMatch(/has an empty name/);
    const alone = await perfmon(
      ["compare", "x/one", "x/two", "--db", db].concat("--baseline-runs", "all"),
    );
    expect(alone.stderr).toMatch(/no other run of x/);
  });

  it("gives findings whose SQL runs in perfmon query", async () => {
    const { findings } = (await json("compare", "x/one", "x/two", "--db", db)) as ComparisonJson;
    for (const { sql } of findings.slice(0, 3)) {
      const rows = (await json("query", sql, "--db", db)) as { side: string }[];
      expect(rows.map(({ side }) => side)).toContain("candidate");
    }
  });

  it("has exit codes for CI", async () => {
    const same = ["compare", "x/one", "x/one", "--db", db];
    const { outcome } = ((await json(...same)) as ComparisonJson).verdict;
    expect((await perfmon([...same, "--fail-on", "slower,difference"])).exitCode).toBe(0);
    const expected = outcome === "inconclusive" ? 1 : 0;
    expect((await perfmon([...same, "--fail-on", "inconclusive"])).exitCode).toBe(expected);
  });

  it.each([
    [["x/one", "x/tow"], /x\/tow is neither a folder nor a run in[^]*Did you mean "x\/two"/],
    [["runs", "x/one"], /runs holds recordings of several runs: x\/one, x\/two/],
    [["x/one@+5h..", "x/two"], /outside of x\/one/],
    [["x/one@map", "x/two"], /no mark "map"/],
  ])("tells what is wrong with %j", async (operands, message) => {
    const argv = operands.map((operand) => (operand === "runs" ? path("runs") : operand));
    const { stderr, stdout, exitCode } = await perfmon(["compare", ...argv, "--db", db]);
    expect(stderr).toMatch(message);
    expect({ stdout, exitCode }).toEqual({ stdout: "", exitCode: 1 });
  });

  it("tells in one sentence when there is nothing to compare", async () => {
    const record = (name: string, object: string, time: string) =>
      perfmon(["record", "-q", "-i", "50ms", "--for", time, "--objects", object, "-o", path(name)]);
    await record("odd/empty", "Memory", "10ms");
    await record("odd/memory", "Memory", "400ms");
    await record("odd/system", "System", "400ms");
    for (const [baseline, candidate, message] of [
      ["odd/empty", "odd/memory", /^perfmon: The baseline \(\S+\) holds no values/],
      ["odd/memory", "odd/system", /^perfmon: The two runs have no counter in common/],
    ] as const) {
      const argv = ["compare", path(baseline), path(candidate)];
      const text = await perfmon(argv);
      expect(text.stderr).toMatch(message);
      expect(text.stderr.trim().split("\n")).toHaveLength(1);
      expect(text).toMatchObject({ exitCode: 1, stdout: "" });
      const asJson = await perfmon([...argv, "--json"]);
      expect(asJson.exitCode).toBe(1);
      expect((JSON.parse(asJson.stdout) as ComparisonJson).verdict.outcome).toBe("inconclusive");
    }
  });

  it("leaves no temporary file behind", async () => {
    const folder = path("temporary");
    mkdirSync(folder);
    // Not that of all, in which others compare at the same time.
    vi.stubEnv("TMPDIR", folder);
    try {
      await perfmon(["compare", path("runs/one"), path("nowhere")]);
      await perfmon(["compare", path("runs/one"), path("runs/two")]);
    } finally {
      vi.unstubAllEnvs();
    }
    expect(readdirSync(folder).filter((name) => name.startsWith("perfmon-"))).toEqual([]);
  });
});
