import { describe, expect, it } from "vitest";
import { collectors } from "../../src/collectors/all.ts";
import { perfmon } from "../support/run-cli.ts";

interface ListedObject {
  readonly object: string;
  readonly counters: readonly {
    readonly path: string;
    readonly help: string;
    readonly unit: string;
  }[];
}

describe("perfmon counters", () => {
  it("lists every object with one line of help", async () => {
    const { stdout, exitCode } = await perfmon(["counters"]);
    expect(exitCode).toBe(0);
    for (const { object } of collectors) {
      expect(stdout).toMatch(new RegExp(`^${object.name} +${object.counters.length} +\\S`, "m"));
    }
  });

  it("lists the counters of an object, and says how many advanced ones it leaves out", async () => {
    const { stdout } = await perfmon(["counters", "memory"]);
    expect(stdout).toContain(String.raw`\Memory\Available Bytes`);
    expect(stdout).not.toContain(String.raw`\PhysicalDisk`);
    const hidden = Number(/\.\.\. and (\d+) advanced/.exec(stdout)?.[1]);
    expect(hidden).toBeGreaterThan(0);
    const everything = await perfmon(["counters", "-a", "memory"]);
    expect(everything.stdout.split("\n").length).toBe(stdout.split("\n").length + hidden - 1);
  });

  it("gives all that is known as JSON", async () => {
    const { stdout } = await perfmon(["counters", "--json"]);
    const listed = JSON.parse(stdout) as ListedObject[];
    expect(listed.map(({ object }) => object)).toEqual(collectors.map(({ object }) => object.name));
    expect(listed.flatMap(({ counters }) => counters).length).toBe(
      collectors.reduce((sum, { object }) => sum + object.counters.length, 0),
    );
  });

  it("matches wildcards in every part, without regard to case", async () => {
    const { stdout } = await perfmon(["counters", String.raw`\phys*disk(*)\*read*/sec`, "--json"]);
    const [disk, ...others] = JSON.parse(stdout) as ListedObject[];
    expect(others).toEqual([]);
    expect(disk!.counters.map(({ path }) => path)).toContain(
      String.raw`\PhysicalDisk(*)\Disk Reads/sec`,
    );
    expect(disk!.counters.every(({ path }) => /read/i.test(path))).toBe(true);
  });

  it("explains what a counter means, where it comes from and what others call it", async () => {
    const path = String.raw`\PhysicalDisk(*)\% Disk Time`;
    const { stdout } = await perfmon(["counters", "--explain", path]);
    expect(stdout.startsWith(`${path}\n`)).toBe(true);
    expect(stdout).toMatch(/source +\/proc\/diskstats/);
    expect(stdout).toMatch(/same as +iostat -x %util/);
    expect(stdout.split("\n").every((line) => line.length <= 100)).toBe(true);
  });

  it("finds a counter by the name another tool has for it", async () => {
    const { stdout } = await perfmon(["counters", "%util"]);
    expect(stdout).toContain(String.raw`\PhysicalDisk(*)\% Disk Time`);
  });

  it("lists full paths of what is here now", async () => {
    const { stdout, exitCode } = await perfmon([
      "counters",
      "-x",
      String.raw`\Processor(*)\% Idle Time`,
    ]);
    expect(exitCode).toBe(0);
    const lines = stdout.trim().split("\n");
    expect(lines).toContain(String.raw`\Processor(0)\% Idle Time`);
    expect(lines).toContain(String.raw`\Processor(_Total)\% Idle Time`);
  });

  it.each([
    [
      ["counters", "PhysicalDsk"],
      /no counter object "PhysicalDsk"\.\nDid you mean "PhysicalDisk"\?/,
    ],
    [
      ["counters", String.raw`\Memory\Availble Bytes`],
      /"Memory" has no counter "Availble Bytes"\.\nDid you mean "Available Bytes"/,
    ],
    [["counters", String.raw`\\a\b\c\d`], /not a counter path/],
  ])("tells of a mistake in %j", async (argv, message) => {
    const { exitCode, stderr, stdout } = await perfmon(argv);
    expect(stderr).toMatch(message);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
  });
});
