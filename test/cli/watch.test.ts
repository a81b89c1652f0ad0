import { spawn } from "node:child_process";
import { hostname } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { projectRoot } from "../support/source-files.ts";
import { perfmon } from "../support/run-cli.ts";

const idle = String.raw`\Processor(_Total)\% Idle Time`;
const available = String.raw`\Memory\Available Bytes`;
const quick = ["-i", "60ms", "-n", "3"];

describe("perfmon watch", () => {
  it("prints Perfmon's CSV in a pipe: zone, full paths, quoted cells", async () => {
    const { stdout, exitCode } = await perfmon(["watch", available, idle, ...quick]);
    expect(exitCode).toBe(0);
    const [header, ...rows] = stdout.trim().split("\n");
    const host = hostname();
    expect(header).toBe(`"(PDH-CSV 4.0) (UTC)(0)","\\\\${host}${available}","\\\\${host}${idle}"`);
    expect(rows).toHaveLength(3);
    for (const row of rows) {
      const cells = /^"(\d\d)\/(\d\d)\/(\d{4}) \d\d:\d\d:\d\d\.\d{3}","([\d.]+)","([-\d.]+)"$/.exec(
        row,
      );
      expect(cells, row).not.toBeNull();
      expect(Number(cells![4])).toBeGreaterThan(1e6);
      expect(Number(cells![5])).toBeLessThanOrEqual(100.001);
    }
  });

  it("prints TSV, JSON lines and a table", async () => {
    const tsv = await perfmon(["watch", available, ...quick, "-f", "tsv"]);
    expect(tsv.stdout.split("\n")[0]).toMatch(/^"\(PDH-TSV 4\.0\) \(UTC\)\(0\)"\t"/);
    const json = await perfmon(["watch", "Memory", ...quick, "-f", "json"]);
    const lines = json.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { values: Record<string, number> });
    expect(lines).toHaveLength(3);
    expect(lines[0]!.values[available]).toBeGreaterThan(1e6);
    const table = await perfmon(["watch", available, ...quick, "-f", "table"]);
    expect(table.stdout).toMatch(
      /unit +last +average +minimum +maximum\n\\Memory\\Available Bytes +bytes +[\d,]+ +[\d,]+/,
    );
  });

  it("refreshes a table in place on a terminal, no wider and no higher than it", async () => {
    const terminal = { columns: 60, rows: 10 };
    const { stdout } = await perfmon(["watch", "Memory", ...quick], { terminal });
    expect(stdout.match(/\u001b\[\d+A/g)).toHaveLength(2);
    const frames = stdout.split(/\u001b\[\d+A/);
    expect(frames).toHaveLength(3);
    for (const frame of frames) {
      const lines = frame.split("\n");
      expect(lines.length).toBeLessThanOrEqual(terminal.rows);
      for (const line of lines)
        expect(line.replace(/\u001b\[K|\u001b\[J/g, "").length).toBeLessThanOrEqual(60);
      expect(frame).toMatch(/\.\.\. and \d+ more/);
    }
  });

  it("ends in order on Ctrl-C", async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 150);
    const { exitCode, stdout } = await perfmon(["watch", available, "-i", "40ms"], {
      interruption: controller.signal,
    });
    expect(exitCode).toBe(0);
    expect(stdout.endsWith('"\n')).toBe(true);
  });

  it.each([
    [[String.raw`\Procesor(*)\% Idle Time`], /no counter object "Procesor"[^]*"Processor"/],
    [[String.raw`\Processor(_Total)\% Idel Time`], /no counter "% Idel Time"[^]*"% Idle Time"/],
    [[String.raw`\Processor(999)\% Idle Time`], /no instance "999" now\.\nThere are: .*_Total/],
  ])("tells of an unknown path before it starts: %j", async (paths, message) => {
    const { exitCode, stderr, stdout } = await perfmon(["watch", ...paths, ...quick]);
    expect(stderr).toMatch(message);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
  });

  it("takes a reader that has seen enough for a normal end", async () => {
    const child = spawn(
      process.execPath,
      ["--import", "tsx", join(projectRoot, "src/cli/main.ts"), "watch", available, "-i", "20ms"],
      { cwd: projectRoot, stdio: ["ignore", "pipe", "pipe"] },
    );
    let stderr = "";
    child.stderr.on("data", (text) => (stderr += String(text)));
    child.stdout.once("data", () => child.stdout.destroy());
    const exitCode = await new Promise((resolve) => child.once("exit", resolve));
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  });
});
