/** No counter is constant by mistake: under load of every kind each one moves that can. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { collectors } from "../../src/collectors/all.ts";
import { needs } from "../support/needs.ts";
import { Observed } from "./observed.ts";
import { MOVES } from "./moves.ts";
import { STILL } from "./still/all.ts";

const LOAD_SECONDS = 10;
const SAMPLE_MS = 500;

/** With a compiler: newer Java runs a source file. */
const JAVA = "openjdk-17-jdk-headless";

// Root may drop the cache, swap, make interfaces, and see the I/O of all processes.
needs("root", JAVA).describe("under load", () => {
  let moved: ReadonlyMap<string, boolean>;

  beforeAll(async () => {
    // On a disk, which /tmp often is not.
    const folder = mkdtempSync("/var/tmp/perfmon-load-");
    const observed = new Observed(collectors);
    // At first without load: CPUs that do nothing are of interest as well.
    for (let i = 0; i < 3; i++) {
      observed.sample();
      await new Promise((resolve) => setTimeout(resolve, SAMPLE_MS));
    }
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
  }, 90_000);

  it.each(Object.entries(MOVES))("%s moves its counters", (_, counters) => {
    // A kernel without it has no such counter; one that has it shows it move.
    expect(counters.filter((counter) => moved.get(counter) === false)).toEqual([]);
    expect(counters.filter((counter) => moved.has(counter)).length).toBeGreaterThan(1);
  });

  it("moves every counter that it can", () => {
    const still = [...moved.keys()].filter((counter) => moved.get(counter) === false);
    expect(still.filter((counter) => !STILL.has(counter))).toEqual([]);
    expect([...moved.values()].filter(Boolean).length).toBeGreaterThan(300);
  });
});

it("excuses counters that there are, for a reason, and none that a load has to move", () => {
  const declared = new Set(
    collectors.flatMap(({ object }) =>
      object.counters.map(({ name }) => `${object.name}\\${name}`),
    ),
  );
  for (const [counter, why] of STILL) {
    expect(declared).toContain(counter);
    expect(why.length).toBeGreaterThan(15);
  }
  const required = Object.values(MOVES).flat();
  for (const counter of required) expect(declared).toContain(counter);
  expect(required.filter((counter) => STILL.has(counter))).toEqual([]);
});
