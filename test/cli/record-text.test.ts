/** record --format csv|tsv: text in place of a counter log, which load and compare take. */
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { perfmon } from "../support/run-cli.ts";
import { projectRoot } from "../support/source-files.ts";

let folder = "";
let db = "";
const path = (name: string) => join(folder, name);
const OBJECTS = ["--objects", "Memory,System,PhysicalDisk,Processor"];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "perfmon-text-"));
  db = path("t.duckdb");
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function query(sql: string): Promise<Record<string, number>[]> {
  const { stdout, stderr } = await perfmon(["query", sql, "--db", db, "--json"]);
  expect(stderr).toBe("");
  return JSON.parse(stdout) as Record<string, number>[];
}

describe("perfmon record --format", () => {
  it.each(["csv", "tsv"])(
    "writes %s, which load takes with its names and command",
    async (format) => {
      const names = ["--cluster", "text", "--run", format, "--host", "n1", "--role", "master"];
      const argv = ["record", "-q", "-i", "50ms", "--format", format, "-o", path(format), ...names];
      const result = await perfmon([...argv, ...OBJECTS, "--", "sleep", "0.7"]);
      expect(result).toEqual({ exitCode: 0, stdout: "", stderr: "" });
      expect(readdirSync(path(format)).sort()).toEqual([
        `000001.${format}`,
        "inventory.json",
        "recording.json",
      ]);
      const [header, first, second] = readFileSync(
        join(path(format), `000001.${format}`),
        "utf8",
      ).split("\r\n");
      expect(header).toMatch(new RegExp(`^"\\(PDH-${format.toUpperCase()} 4\\.0\\) `));
      const delimiter = format === "csv" ? "," : "\t";
      const paths = header!.split(delimiter);
      const at = (line: string | undefined, name: string) =>
        line!.split(delimiter)[paths.findIndex((cell) => cell.endsWith(`\\${name}"`))];
      expect(at(first, "Available Bytes")).toMatch(/^"\d{6,}"$/);
      expect(at(first, "Context Switches/sec")).toBe('" "');
      expect(at(second, "Context Switches/sec")).toMatch(/^"[\d.]+"$/);

      const loaded = await perfmon(["load", path(format), "--db", db]);
      expect(loaded).toMatchObject({ exitCode: 0, stderr: "" });
      expect(loaded.stdout).toMatch(new RegExp(`^text/${format} n1: 1\\d samples`));
      const again = await perfmon(["load", path(format), "--db", db]);
      expect(again.stdout).toMatch(/nothing new/);
      const [row] = await query(
        `SELECT count(DISTINCT utcdatetime) AS samples, count(DISTINCT series_id) AS series,
         sum(value * weight) / sum(weight) AS bytes, sum(weight) AS seconds
       FROM normalized WHERE run = '${format}' AND role = 'master' AND counter = 'Available Bytes'`,
      );
      expect(row!["series"]).toBe(1);
      expect(row!["samples"]).toBeGreaterThan(8);
      expect(row!["bytes"]).toBeGreaterThan(1e6);
      expect(row!["seconds"]).toBeGreaterThan(0.4);
      const runs = JSON.parse((await perfmon(["runs", "--db", db, "--json"])).stdout) as {
        run: string;
        seconds: number;
      }[];
      expect(runs.find(({ run }) => run === format)!.seconds).toBeGreaterThan(0.6);
    },
  );

  it("can be compared as it is", async () => {
    const { stdout, exitCode } = await perfmon(["compare", path("csv"), path("tsv"), "--json"]);
    expect(exitCode).toBe(0);
    const { baseline, inventory } = JSON.parse(stdout) as {
      baseline: unknown;
      inventory: unknown[];
    };
    expect(baseline).toMatchObject({ cluster: "text", run: "csv", hosts: ["n1"] });
    expect(inventory).toEqual([]);
  });

  it("knows no other format, and leaves nothing of a command that is not there", async () => {
    const blg = await perfmon(["record", "--format", "blg", "-o", path("blg")]);
    expect(blg).toMatchObject({ exitCode: 2 });
    expect(blg.stderr).toMatch(/no format "blg" here[^]*log, csv, tsv/);
    const argv = ["record", "-q", "--format", "csv", "-o", path("gone"), ...OBJECTS];
    expect(await perfmon([...argv, "--", "no-such-program"])).toMatchObject({ exitCode: 127 });
    expect(readdirSync(folder)).not.toContain("gone");
    expect(readdirSync(folder)).not.toContain("blg");
  });

  it("can be read after kill -9, to the last whole line", async () => {
    const output = path("killed");
    const argv = ["record", "-q", "-i", "20ms", "--format", "csv", "-o", output, "--run", "killed"];
    const child = spawn(
      process.execPath,
      ["--import", "tsx", join(projectRoot, "src/cli/main.ts"), ...argv, ...OBJECTS],
      { cwd: projectRoot, stdio: "ignore" },
    );
    const ended = new Promise((resolve) => child.once("exit", resolve));
    const file = join(output, "000001.csv");
    const size = () => statSync(file, { throwIfNoEntry: false })?.size ?? 0;
    const limitMs = Date.now() + 20_000;
    while (size() < 40_000 && Date.now() < limitMs) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    child.kill("SIGKILL");
    await ended;
    const lines = readFileSync(file, "utf8").split("\r\n").length - 1;
    expect(lines).toBeGreaterThan(3);
    const { stdout, stderr } = await perfmon(["load", output, "--db", db]);
    expect(stderr).toBe("");
    const samples = Number(/killed \S+: (\d+) samples/.exec(stdout)?.[1]);
    expect(samples).toBe(lines - 1);
  });
});
