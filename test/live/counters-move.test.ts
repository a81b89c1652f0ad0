/** No counter is constant by mistake: under load of every kind each one moves that can. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { collectors } from "../../src/collectors/all.ts";
import { needs } from "../support/needs.ts";
import { Observed } from "./observed.ts";
import { MOVES, STILL, whyStill } from "./still.ts";

const LOAD_SECONDS = 8;
const SAMPLE_MS = 500;

/** With a compiler: newer Java runs a source file. */
const JAVA = "openjdk-17-jdk-headless";

// Root may drop the cache, and see the I/O of all processes.
needs("root", JAVA).describe("under load", () => {
  let moved: ReadonlyMap<string, boolean>;

  beforeAll(async () => {
    // On a disk, which /tmp often is not.
    const folder = mkdtempSync("/var/tmp/perfmon-load-");
    const observed = new Observed(collectors);
    const load = spawn(
      process.execPath,
      [join(import.meta.dirname, "load.mjs"), String(LOAD_SECONDS), folder],
      { stdio: "ignore" },
    );
    const timer = setInterval(() => observed.sample(), SAMPLE_MS);
    await new Promise((resolve) => load.once("exit", resolve));
    clearInterval(timer);
    observed.sample();
    observed.close();
    rmSync(folder, { recursive: true, force: true });
    moved = observed.moved();
  }, 60_000);

  it.each(Object.entries(MOVES))("%s moves its counters", (_, counters) => {
    // A kernel without it has no such counter; one that has it shows it move.
    expect(counters.filter((counter) => moved.get(counter) === false)).toEqual([]);
    expect(counters.filter((counter) => moved.has(counter)).length).toBeGreaterThan(1);
  });

  it("moves every counter that it can", () => {
    const unexplained = [...moved.keys()].filter((counter) => {
      const [object = "", name = ""] = counter.split("\\");
      return moved.get(counter) === false && whyStill(object, name) === undefined;
    });
    expect(unexplained).toEqual([]);
    expect([...moved.values()].filter(Boolean).length).toBeGreaterThan(120);
  });
});

it("has a reason for every counter that may stand still", () => {
  for (const [why] of STILL) expect(why.length).toBeGreaterThan(15);
});
