/** export to PDH text, and load of it, on a real recording of this machine. */
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hostRows } from "../../src/cli/export/host-rows.ts";
import { CookedRecording } from "../../src/formats/cooked/cooked-recording.ts";
import { loadRecording } from "../../src/load/load-recording.ts";
import { openStore } from "../../src/store/open.ts";
import { writeRecording } from "../store/recordings.ts";
import { perfmon } from "../support/run-cli.ts";

let folder = "";
let db = "";
const path = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "perfmon-export-"));
  db = path("t.duckdb");
  const recorded = await perfmon(
    "record -q --for 1300ms -i 100ms --cluster x --run live --host node1 --objects Processor,Memory,PhysicalDisk,System,Paging"
      .split(" ")
      .concat("-o", path("live")),
  );
  expect(recorded).toMatchObject({ exitCode: 0, stderr: "" });
  expect(await perfmon(["load", path("live"), "--db", db])).toMatchObject({ exitCode: 0 });
  const store = await openStore(db, { mode: "write" });
  for (const [i, host] of ["node1", "node2"].entries()) {
    const id = `6f1a3a52-0000-4000-8000-00000000001${i}`;
    await loadRecording(store, await writeRecording({ id, host, samples: 100 }));
  }
  await store.close();
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What a run holds, a row per value. */
async function valuesOf(cluster: string, run: string, where = "true"): Promise<unknown[]> {
  return rows(`SELECT hostname, epoch_ms(utcdatetime) AS ms, object, counter, parent, instance, unit, value
    FROM normalized WHERE cluster = '${cluster}' AND run = '${run}' AND ${where} ORDER BY ALL`);
}

/**
 * Averages by the weights: times are written to the millisecond, so that weights are not exact. Those
 * of processors were clock ticks, which are too coarse to compare at this interval.
 */
async function averagesOf(cluster: string, run: string): Promise<Map<string, number>> {
  const list =
    (await rows(`SELECT object, counter, instance, sum(value * weight) / sum(weight) AS mean
    FROM normalized WHERE cluster = '${cluster}' AND run = '${run}'
      AND object <> 'Processor' GROUP BY ALL`)) as {
      object: string;
      counter: string;
      instance: string;
      mean: number;
    }[];
  return new Map(list.map((row) => [`${row.object}(${row.instance})\\${row.counter}`, row.mean]));
}

async function rows(sql: string): Promise<unknown[]> {
  const { stdout, stderr } = await perfmon(["query", sql, "--db", db, "--json"]);
  expect(stderr).toBe("");
  return JSON.parse(stdout) as unknown[];
}

async function done(...argv: string[]): Promise<string> {
  const result = await perfmon([...argv, "--db", db]);
  expect(result).toMatchObject({ exitCode: 0, stderr: "" });
  return result.stdout;
}

describe("perfmon export", () => {
  it.each(["csv", "tsv"])("to %s, and load of it, give every value back", async (format) => {
    const file = path(`live.${format}`);
    expect(await done("export", "x/live", "-f", format, "-o", file)).toMatch(
      /live\.[ct]sv: node1, 1\d rows of \d+ counters in /,
    );
    const text = readFileSync(file, "utf8");
    const lines = text.split("\r\n");
    expect(lines.pop()).toBe("");
    expect(text.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
    expect(lines[0]).toMatch(/^"\(PDH-[CT]SV 4\.0\) \([\w/]+\)\(0\)"[,\t]"\\\\node1\\/);
    const cells = lines.map((line) => line.split(format === "csv" ? '","' : '"\t"').length);
    expect(new Set(cells).size).toBe(1);
    expect(lines[1]!.replaceAll(/^"[^"]*"|[,\t]/g, "")).toMatch(/^(" ")+$/);

    const before = await valuesOf("x", "live");
    expect(before.length).toBeGreaterThan(500);
    const loaded = await done("load", file, "--cluster", "y", "--run", format);
    expect(loaded).toMatch(new RegExp(`^y/${format} node1: 1\\d samples, `));
    expect(await valuesOf("y", format)).toEqual(before);
    expect(await done("load", file, "--cluster", "y", "--run", format)).toMatch(/nothing new/);
    expect(await valuesOf("y", format)).toEqual(before);
    const means = await averagesOf("y", format);
    for (const [name, mean] of await averagesOf("x", "live")) {
      expect(Math.abs(means.get(name)! - mean), name).toBeLessThanOrEqual(
        0.02 * Math.abs(mean) + 1e-9,
      );
    }
  });

  it("takes a recording's folder as well as a run, with the same result", async () => {
    const other = path("folder.csv");
    await done("export", path("live"), "-o", other);
    await done("export", "x/live", "-o", path("again.csv"));
    expect(readFileSync(other, "utf8")).toBe(readFileSync(path("again.csv"), "utf8"));
    expect(readdirSync(folder).filter((name) => name.endsWith(".part"))).toEqual([]);
  });

  it("writes a file for each of several hosts, with a window and some counters", async () => {
    const window = "cloud/one@+20s..+30s";
    const counters = [
      "--counters",
      String.raw`\Disk(sd*)\Reads/sec`,
      String.raw`\\node2\Process(java*)\*`,
    ];
    const printed = await done("export", window, "-o", path("some.csv"), ...counters);
    expect(printed.split("\n").map((line) => line.replace(folder, "").slice(0, 40))).toEqual([
      expect.stringMatching(/^\/some-node1\.csv: node1, \d+ rows of 2 /),
      expect.stringMatching(/^\/some-node2\.csv: node2, \d+ rows of 3 /),
      "",
    ]);
    const [header, start, ...rows] = readFileSync(path("some-node2.csv"), "utf8")
      .trim()
      .split("\r\n");
    expect(header!.replace(/^[^,]*,/, "")).toBe(
      String.raw`"\\node2\Disk(sda)\Reads/sec","\\node2\Disk(sdb)\Reads/sec","\\node2\Process(java:42)\% User Time"`,
    );
    expect(start).toMatch(/^"11\/14\/2023 22:13:40\.000"(," "){3}$/);
    expect(rows).toHaveLength(10);
    await done("load", path("some-node1.csv"), path("some-node2.csv"), "--run", "some");
    const inWindow = `ms > 1700000020000 AND ms <= 1700000030000 AND (counter = 'Reads/sec' OR
      (hostname = 'node2' AND instance LIKE 'java%'))`.replaceAll("ms", "epoch_ms(utcdatetime)");
    const loaded = await valuesOf("local", "some");
    expect(loaded.length).toBe(50);
    expect(loaded).toEqual(await valuesOf("cloud", "one", inWindow));
  });

  it("keeps the values after a gap, and the time of the first interval after it", async () => {
    const recording = new CookedRecording(path("gap"), {
      identity: { id: "gap", host: "n", cluster: "cloud", run: "gap", role: "worker" },
      source: { format: "test", files: [] },
    });
    const calls = recording.series({ object: "System", counter: "System Calls/sec" });
    const tasks = recording.series({ object: "System", counter: "Processes" });
    for (const second of [1, 2, 3, 60, 61, 62]) {
      const instant = { timeMs: 1.7e12 + second * 1000, intervalMs: second === 60 ? 800 : 1000 };
      await recording.sample(instant, () => {
        if (second !== 2) recording.set(calls, second);
        recording.set(tasks, 100 + second);
      });
    }
    await recording.finish();
    await done("load", path("gap"));
    await done("export", path("gap"), "-o", path("gap.csv"));
    const times = readFileSync(path("gap.csv"), "utf8").match(/\d\d:\d\d\.\d{3}/g);
    expect(times!.map((time) => time.slice(3))).toEqual([
      "20.000",
      "21.000",
      "22.000",
      "23.000",
      "19.200",
      "20.000",
      "21.000",
      "22.000",
    ]);
    const weighed = (run: string) =>
      rows(`SELECT epoch_ms(utcdatetime) AS ms, counter, value, weight FROM normalized
        WHERE run = '${run}' ORDER BY ALL`);
    await done("load", path("gap.csv"), "--run", "gap-again");
    expect(await weighed("gap-again")).toEqual(await weighed("gap"));
    expect(await weighed("gap")).toHaveLength(11);
  });

  it("reads window by window what it reads at once", async () => {
    const store = await openStore(db, { mode: "read" });
    const run = { cluster: "cloud", run: "one" };
    const { hosts } = await store.describeRun(run);
    const [host] = hosts;
    const series = (await store.series(run, [{ object: "*", counter: "*" }])).filter(
      ({ key }) => key.hostId === host!.id,
    );
    const all = async (maxCells?: number) => {
      const blocks: { timeMs: number[]; values: number[] }[] = [];
      for await (const block of hostRows(store, run, host!, series, () => undefined, maxCells)) {
        blocks.push({ timeMs: [...block.timeMs], values: [...block.values] });
      }
      return blocks;
    };
    const [whole, ...more] = await all();
    const pieces = await all(series.length * 7);
    await store.close();
    expect(more).toEqual([]);
    expect(whole!.timeMs).toHaveLength(99);
    expect(pieces.length).toBeGreaterThan(10);
    expect(pieces.flatMap(({ timeMs }) => timeMs)).toEqual(whole!.timeMs);
    expect(pieces.flatMap(({ values }) => values)).toEqual(whole!.values);
  });

  it("prints one host without -o, and asks for names where there are several", async () => {
    const { stdout } = await perfmon([
      "export",
      path("live"),
      "-c",
      String.raw`\Memory\Available Bytes`,
    ]);
    expect(stdout.split("\r\n")[0]).toMatch(
      /^"\(PDH-CSV 4\.0\) .*","\\\\node1\\Memory\\Available Bytes"$/,
    );
    const several = await perfmon(["export", "cloud/one", "--db", db]);
    expect(several).toMatchObject({ exitCode: 2, stdout: "" });
    expect(several.stderr).toMatch(/2 hosts[^]*"-o run\.csv" makes run-node1\.csv/);
  });

  it.each<[string[], RegExp, number]>([
    [["x/live", "-f", "blg"], /no format "blg"[^]*csv, tsv/, 2],
    [["x/nothing"], /neither a folder nor a run/, 1],
    [["x/live", "-c", "Nothing"], /no values of these counters/, 1],
    [["x/live@+1h.."], /outside of x\/live/, 1],
    [["x/live", "-o", "/nowhere/at/all.csv"], /cannot be written: there is no such folder/, 1],
    [["x/live", "-o", "/proc"], /cannot be written: it is a folder/, 1],
  ])("tells what is wrong with %j", async (argv, message, code) => {
    const { stderr, stdout, exitCode } = await perfmon(["export", ...argv, "--db", db]);
    expect(stderr).toMatch(message);
    expect({ stdout, exitCode }).toEqual({ stdout: "", exitCode: code });
  });

  it("writes into a device as it is, and replaces nothing there", async () => {
    expect(await done("export", "x/live", "-o", "/dev/null")).toMatch(/^\/dev\/null: node1, /);
    expect(statSync("/dev/null").isCharacterDevice()).toBe(true);
  });

  it("leaves nothing behind when it is interrupted", async () => {
    const file = path("interrupted.csv");
    const argv = ["export", "cloud/one", "-c", String.raw`\\node1\*\*`, "-o", file, "--db", db];
    const result = await perfmon(argv, { interruption: AbortSignal.abort() });
    expect(result.exitCode).toBe(130);
    expect([existsSync(file), existsSync(`${file}.part`)]).toEqual([false, false]);
  });
});

describe("perfmon load and compare of text logs", () => {
  it("name the run after the file, and the host as the file does", async () => {
    await done("export", "x/live", "-o", path("DataCollector 01.csv"));
    expect(await done("load", path("DataCollector 01.csv"))).toMatch(
      /^local\/DataCollector_01 node1: /,
    );
  });

  it("adds what is new of a file that has grown", async () => {
    const file = path("grows.csv");
    await done("export", "x/live", "-o", file);
    const whole = readFileSync(file, "utf8");
    const lines = whole.split("\r\n");
    writeFileSync(file, `${lines.slice(0, 8).join("\r\n")}\r\n${lines[8]!.slice(0, 40)}`);
    expect(await done("load", file)).toMatch(/grows node1: 7 samples/);
    writeFileSync(file, whole);
    expect(await done("load", file)).toMatch(/grows node1: \d samples/);
    expect(await valuesOf("local", "grows")).toEqual(await valuesOf("x", "live"));
    expect(await done("load", file)).toMatch(/nothing new/);
  });

  it("compare takes them like recordings", async () => {
    const { stdout } = await perfmon(["compare", path("live.csv"), path("live"), "--json"]);
    const { baseline, comparability } = JSON.parse(stdout) as {
      baseline: { cluster: string; run: string };
      comparability: { code: string }[];
    };
    expect(baseline).toMatchObject({ cluster: "local", run: "live" });
    expect(comparability.map(({ code }) => code)).not.toContain("no-common-counter");
  });

  it.each<[string[], RegExp, number]>([
    [["live", "--run", "z"], /--run is for text logs/, 2],
    [["live.csv", "--bias", "summer"], /not a number of minutes/, 2],
    [["live.csv", "--run", "a/b"], /cannot be the name of a run/, 2],
    [["nothing.csv"], /nothing\.csv cannot be read: there is no such file/, 1],
  ])("tell what is wrong with %j", async ([name, ...argv], message, code) => {
    const { stderr, exitCode } = await perfmon(["load", path(name!), ...argv, "--db", db]);
    expect(stderr).toMatch(message);
    expect(exitCode).toBe(code);
  });
});
