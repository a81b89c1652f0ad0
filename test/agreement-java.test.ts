/** Our numbers of real JVMs, of each garbage collector, are those of `jstat`. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect } from "vitest";
import { hostContext } from "../src/agent/host-context.ts";
import { javaVirtualMachine } from "../src/collectors/java-virtual-machine.ts";
import { Recording } from "./support/fake-host.ts";
import { needs } from "./support/needs.ts";

/** Makes garbage, collects all of it, says so, and then stands still. */
const PROGRAM = `
import java.util.*;
public class Garbage {
  static volatile Object sink;
  public static void main(String[] arguments) throws Exception {
    List<byte[]> kept = new ArrayList<>();
    for (int i = 0; i < 15_000; i++) {
      byte[] bytes = new byte[4096];
      sink = bytes;
      if (i % 20 == 0) kept.add(bytes);
      if (kept.size() > 500) kept.clear();
    }
    System.gc();
    System.out.println("done");
    Thread.sleep(60_000);
    System.out.println(kept.size());
  }
}
`;

const JAVA_17 = "openjdk-17-jdk-headless";

needs(JAVA_17).describe("agreement with jstat", () => {
  const folder = mkdtempSync(join(tmpdir(), "perfmon-java-"));
  const source = join(folder, "Garbage.java");
  writeFileSync(source, PROGRAM);
  const running: ChildProcess[] = [];
  beforeAll(() => {
    execFileSync("javac", ["-d", folder, source]);
  }, 60_000);
  afterAll(() => {
    for (const child of running) child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });

  async function startJvm(collector: string): Promise<number> {
    const options = ["-Xmx64m", `-XX:+Use${collector}`, "-cp", folder, "Garbage"];
    const child = spawn("java", options, { stdio: ["ignore", "pipe", "inherit"] });
    running.push(child);
    await new Promise<void>((resolve, reject) => {
      child.stdout.once("data", () => resolve());
      child.once("exit", () => reject(new Error(`java ${options.join(" ")} has ended`)));
    });
    return child.pid!;
  }

  /** Columns of \`jstat -gc\` by their headings. */
  function jstat(option: string, pid: number): Map<string, number> {
    const text = execFileSync("jstat", [option, String(pid)], { encoding: "utf8" });
    const [names = "", numbers = ""] = text.trim().split("\n");
    const values = numbers.trim().split(/\s+/);
    return new Map(
      names
        .trim()
        .split(/\s+/)
        .map((name, i) => [name, Number(values[i])]),
    );
  }

  for (const collector of ["G1GC", "ParallelGC", "SerialGC", "ZGC", "ShenandoahGC"]) {
    needs(JAVA_17).it(
      collector,
      async () => {
        const pid = await startJvm(collector);
        const host = { seconds: 1000, context: hostContext({ allBlockDevices: false }) };
        const recording = new Recording(host, javaVirtualMachine);
        // The JVM copies some of its numbers every 50 ms.
        await new Promise((resolve) => setTimeout(resolve, 200));
        recording.sample();
        const gc = jstat("-gc", pid);
        const raw = recording.raw(`java:${pid}`);
        recording.open.close();
        const kib = (...names: string[]) =>
          names.reduce((sum, name) => sum + (gc.get(name) || 0), 0);
        const seconds = (name: string) => raw[name]! / 1e6;
        expect(raw["heap_used"]! / 1024).toBeCloseTo(kib("S0U", "S1U", "EU", "OU"), 0);
        expect(raw["heap_capacity"]! / 1024).toBeCloseTo(kib("S0C", "S1C", "EC", "OC"), 0);
        expect(raw["metaspace_used"]! / 1024).toBeCloseTo(kib("MU"), 0);
        expect(seconds("gc_usec")).toBeCloseTo(gc.get("GCT")!, 2);
        expect(raw["heap_max"]).toBeGreaterThan(60 * 2 ** 20);
        expect(raw["heap_max"]).toBeLessThan(66 * 2 ** 20);
        expect(raw["gc_usec"]).toBeGreaterThan(0);
        for (const [field, count, time] of [
          ["young", "YGC", "YGCT"],
          ["full", "FGC", "FGCT"],
        ] as const) {
          if (Number.isNaN(gc.get(count)!)) continue;
          expect(raw[`${field}_collections`]).toBe(gc.get(count));
          expect(seconds(`${field}_usec`)).toBeCloseTo(gc.get(time)!, 2);
        }
        if (collector !== "ZGC") expect(raw["full_collections"]).toBeGreaterThan(0);
        const classes = jstat("-class", pid);
        expect(raw["class_loads"]).toBe(classes.get("Loaded"));
      },
      60_000,
    );
  }
});
