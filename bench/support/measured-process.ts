/** Runs `perfmon` as a user would, and watches what it costs. */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export interface ProcessCost {
  /** From the start of the process to its end. */
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** Resident memory at its highest. */
  readonly peakBytes: number;
  readonly output: string;
}

/** CPU and memory are read so often: what the last such stretch adds to them is not seen. */
const LOOK_EVERY_MS = 20;
const TICKS_PER_SECOND = 100;

/** The built command. @throws when it ends with anything but 0 */
export function measurePerfmon(args: readonly string[]): Promise<ProcessCost> {
  return measureProcess(fileURLToPath(new URL("../../bin/perfmon", import.meta.url)), args);
}

/** A script of this folder, from its source. */
export function measureScript(name: string, args: readonly string[]): Promise<ProcessCost> {
  const script = fileURLToPath(new URL(name, import.meta.url));
  return measureProcess(process.execPath, ["--import", "tsx", script, ...args]);
}

async function measureProcess(program: string, args: readonly string[]): Promise<ProcessCost> {
  const startedMs = performance.now();
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
  const seen = { peakBytes: 0, cpuSeconds: 0 };
  const looking = setInterval(() => look(child.pid!, seen), LOOK_EVERY_MS);
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  const code = await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  clearInterval(looking);
  const seconds = (performance.now() - startedMs) / 1000;
  if (code !== 0) throw new Error(`${program} ${args.join(" ")} ended with ${String(code)}`);
  return { seconds, ...seen, output };
}

function look(pid: number, seen: { peakBytes: number; cpuSeconds: number }): void {
  try {
    const highest = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "latin1"));
    if (highest) seen.peakBytes = Number(highest[1]) * 1024;
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    // utime and stime: the 14th and 15th of all, the 12th and 13th after the name.
    seen.cpuSeconds = (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  } catch {
    // It has just ended.
  }
}
