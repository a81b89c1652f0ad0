/** The full screen in a real pseudo-terminal, which `script` of util-linux gives. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { projectRoot } from "../support/source-files.ts";
import { perfmon } from "../support/run-cli.ts";

const LEFT = "\u001b[?25h\u001b[?1049l";

/** Types each key when what was printed since the one before matches. */
async function inTerminal(keys: readonly (readonly [RegExp, string])[]): Promise<string> {
  const tsx = join(projectRoot, "node_modules", ".bin", "tsx");
  const main = join(projectRoot, "src", "cli", "main.ts");
  const command = `stty rows 24 cols 100; exec ${tsx} ${main} watch -i 100ms`;
  const child = spawn("script", ["-qec", command, "/dev/null"], {
    env: { ...process.env, TERM: "xterm-256color", SHELL: "/bin/sh" },
  });
  let all = "";
  let sinceKey = "";
  const left = [...keys];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    all += text;
    sinceKey += text;
    const next = left[0];
    if (!next?.[0].test(sinceKey)) return;
    left.shift();
    sinceKey = "";
    child.stdin.write(next[1]);
  });
  await new Promise((resolve) => child.once("close", resolve));
  expect(left, all.slice(-2000)).toEqual([]);
  return all;
}

describe("perfmon watch without paths", () => {
  it("fills the terminal, obeys keys, and leaves it as it was", async () => {
    const all = await inTerminal([
      [/cpu[^]*COMMAND[^]*\?2026l[^]*\?2026l/, "m"],
      [/RAMv/, "h"],
      [/sort by memory/, " "],
      [/COMMAND/, "f"],
      [/FROZEN/, "q"],
    ]);
    expect(all.indexOf("\u001b[?1049h")).toBe(0);
    expect(all.trimEnd().endsWith(LEFT)).toBe(true);
    // Only lines that changed are written again: the footer was, once, and after the help.
    expect(all.match(/\u001b\[24;1H/g)!.length).toBeLessThanOrEqual(3);
  }, 60_000);

  it("leaves the terminal as it was when it ends by itself", async () => {
    const terminal = { columns: 100, rows: 24 };
    const { stdout, exitCode } = await perfmon(["watch", "-i", "50ms", "-n", "2"], { terminal });
    expect(exitCode).toBe(0);
    expect(stdout.endsWith(LEFT)).toBe(true);
  });

  it("is plain text in a pipe, and has no other form", async () => {
    const { stdout, exitCode } = await perfmon(["watch", "-i", "100ms", "-n", "2"]);
    expect(exitCode).toBe(0);
    expect(stdout).not.toContain("\u001b");
    expect(stdout.match(/^cpu /gm)).toHaveLength(2);
    expect(stdout).toMatch(/^memory .*total/m);
    expect(stdout).toMatch(/^ +PID USER .*COMMAND$/m);
    const wrong = await perfmon(["watch", "--format", "json"]);
    expect(wrong.exitCode).toBe(2);
    expect(wrong.stderr).toContain("--format json needs counter paths");
  });
});
