import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { perfmon } from "../support/run-cli.ts";

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "perfmon-record-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("perfmon record", () => {
  it("keeps the command's exit code, and hands it all its arguments as they are", async () => {
    const output = join(folder, "rec");
    const argv = ["record", "-q", "-i", "50ms", "--objects", "Memory", "-o", output, "--"];
    const script = 'printf "%s|" "$@" > "$0"; exit 3';
    const words = ["--json", "-h", "--", "a b", "--interval=1"];
    const file = join(folder, "arguments");
    const result = await perfmon([...argv, "sh", "-c", script, file, ...words]);
    expect(result).toEqual({ exitCode: 3, stdout: "", stderr: "" });
    expect(readFileSync(file, "utf8")).toBe(`${words.join("|")}|`);
    const manifest = JSON.parse(readFileSync(join(output, "recording.json"), "utf8")) as {
      command: { program: string; exitCode: number };
    };
    expect(manifest.command).toMatchObject({ program: "sh", exitCode: 3 });
    expect(JSON.stringify(manifest)).not.toContain("interval=1");
  });

  it("tells of a command that is not there as a shell does", async () => {
    const argv = ["record", "-q", "--objects", "Memory", "-o", join(folder, "rec"), "--"];
    const { exitCode, stderr } = await perfmon([...argv, "no-such-program-at-all"]);
    expect(stderr).toMatch(/There is no program no-such-program-at-all/);
    expect(exitCode).toBe(127);
  });
});
