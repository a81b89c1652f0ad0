import { describe, expect, it } from "vitest";
import { limitedRunner } from "./run-tool.ts";

describe("limitedRunner", () => {
  it("gives the output of a program of the system, nothing when it fails or is not there", () => {
    const run = limitedRunner();
    expect(run("cat", ["--", "/proc/sys/kernel/ostype"])).toBe("Linux\n");
    expect(run("cat", ["--", "/nowhere/at/all"])).toBe("");
    expect(run("no-such-program", [])).toBe("");
    const { TZ } = process.env;
    expect(run("env", [])).toBe(`LC_ALL=C\n${TZ === undefined ? "" : `TZ=${TZ}\n`}`);
  });

  it("ends what takes longer, and runs no more when the time for all is up", () => {
    const run = limitedRunner(300);
    const started = performance.now();
    expect(run("sleep", ["60"])).toBeUndefined();
    expect(run("cat", ["--", "/proc/sys/kernel/ostype"])).toBeUndefined();
    const tookMs = performance.now() - started;
    expect(tookMs).toBeGreaterThanOrEqual(250);
    expect(tookMs).toBeLessThan(20_000);
  });
});
