/** Records a job on this host itself: for what guests lack, pressure information and several CPUs. */
import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { startAgent } from "../agent/agent-process.ts";
import { DisturbedRun } from "./disturbed-run.ts";

/** USER_HZ. */
const TICKS_PER_SECOND = 100;

export interface HostJob {
  readonly cluster: string;
  readonly run: string;
  readonly command: readonly string[];
  /** Of all CPU time, what others may use. */
  readonly othersShare: number;
}

/** @throws {DisturbedRun} when the host had other things to do */
export async function recordOnHost(
  folder: string,
  { cluster, run, command, othersShare }: HostJob,
): Promise<string> {
  const args = ["-q", "-o", folder, "-i", "500ms", "--cluster", cluster, "--run", run];
  // What the shell's children used is its last word.
  const timed = ["sh", "-c", '"$@" && times', "sh", ...command];
  const before = busySeconds();
  const startMs = performance.now();
  const { code, stderr, stdout } = await startAgent([...args, "--", ...timed]).exit;
  if (code !== 0) throw new Error(`the job on this host failed: ${stderr}`);
  const capacity = ((performance.now() - startMs) / 1000) * cpus().length;
  const others = busySeconds() - before - childSeconds(stdout);
  if (others > othersShare * capacity) {
    throw new DisturbedRun(
      `others used ${((100 * others) / capacity).toFixed(0)} % of this machine's CPUs`,
    );
  }
  return folder;
}

/** CPU time that this machine was not idle for. */
function busySeconds(): number {
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = readFileSync(
    "/proc/stat",
    "latin1",
  )
    .split("\n", 1)[0]!
    .trim()
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return (user + nice + system + irq + softirq) / TICKS_PER_SECOND;
}

/** @param printed ends with what `times` prints: a line of the shell, one of its children */
function childSeconds(printed: string): number {
  const line = printed.trimEnd().split("\n").pop() ?? "";
  const times = [...line.matchAll(/(\d+)m([\d.]+)s/g)];
  return times.reduce(
    (sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds),
    0,
  );
}
