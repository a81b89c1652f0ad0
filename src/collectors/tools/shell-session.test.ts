import { afterEach, describe, expect, it } from "vitest";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hostTools, ShellSession } from "./shell-session.ts";
import type { Command } from "./tools.ts";

const sessions: ShellSession[] = [];
afterEach(() => sessions.splice(0).forEach((session) => session.close()));

function open(timeoutMs?: number): ShellSession {
  const session = new ShellSession(timeoutMs);
  sessions.push(session);
  return session;
}

function answers(session: ShellSession, ...commands: Command[]): Promise<(string | undefined)[]> {
  return new Promise((resolve) =>
    session.run(commands, (found) =>
      resolve(found.map((answer) => answer && Buffer.from(answer).toString("latin1"))),
    ),
  );
}

const shellPid = async (session: ShellSession) =>
  (await answers(session, ["sh", "-c", "echo $PPID"]))[0];

describe("ShellSession", () => {
  it("tells what each program printed, whatever stands in its arguments", async () => {
    const session = open();
    const odd = "it's; $HOME\n`id` \\ *";
    expect(
      await answers(session, ["printf", "%s", odd], ["false"], ["no-such-program"], ["cat"]),
    ).toEqual([odd, "", "", ""]);
    expect(session.busy).toBe(false);
  });

  it("keeps its shell", async () => {
    const session = open();
    const first = await shellPid(session);
    expect(first).toMatch(/^\d+\n$/);
    expect(await shellPid(session)).toBe(first);
  });

  it("answers with what it has when a program hangs, and goes on with another shell", async () => {
    const session = open(1500);
    const before = await shellPid(session);
    expect(await answers(session, ["echo", "a"], ["sleep", "60"], ["echo", "b"])).toEqual([
      "a\n",
      undefined,
      undefined,
    ]);
    const after = await shellPid(session);
    expect(after).toMatch(/^\d+\n$/);
    expect(after).not.toBe(before);
    // What hung was killed with its shell.
    for (let i = 0; i < 100 && session.stuck; i++)
      await new Promise((resolve) => setTimeout(resolve, 20));
    expect(session.stuck).toBe(false);
  });

  it("knows that a program which was killed is still there", async () => {
    const folder = mkdtempSync(join(tmpdir(), "perfmon-tools-"));
    try {
      const fifo = join(folder, "fifo");
      execFileSync("mkfifo", [fifo]);
      const session = open(1500);
      // A process in another group outlives the kill and holds the pipe, as one would that hangs in the kernel.
      const hang = `setsid sh -c 'read line <"$1"' sh "$1" & sleep 60`;
      expect(await answers(session, ["sh", "-c", hang, "sh", fifo])).toEqual([undefined]);
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(session.stuck).toBe(true);
      expect(await answers(session, ["echo", "next"])).toEqual(["next\n"]);
      execFileSync("sh", ["-c", `echo go >"$1"`, "sh", fifo]);
      for (let i = 0; i < 100 && session.stuck; i++)
        await new Promise((resolve) => setTimeout(resolve, 20));
      expect(session.stuck).toBe(false);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("gives no answers once it is closed", async () => {
    const session = open();
    const found = answers(session, ["sleep", "60"]);
    session.close();
    expect(await found).toEqual([undefined]);
  });
});

describe("hostTools", () => {
  it("knows which programs there are", () => {
    expect(hostTools().has("sh")).toBe(true);
    expect(hostTools().has("no-such-program")).toBe(false);
    expect(hostTools(["/nowhere"]).has("sh")).toBe(false);
  });
});
