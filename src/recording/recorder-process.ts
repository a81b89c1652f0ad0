/** Which process writes a recording, and whether it still does. */
import { readFileSync } from "node:fs";
import type { Manifest } from "./manifest.ts";

type RecorderProcess = Manifest["process"];

export function thisProcess(): RecorderProcess {
  const startTicks = statOf("self")?.startTicks;
  return {
    bootId: bootId() ?? "",
    pid: process.pid,
    ...(startTicks === undefined ? undefined : { startTicks }),
  };
}

/** Only this machine's recorders can be asked; a copy from elsewhere is taken as it is. */
export function isRunning({ bootId: bootIdThen, pid, startTicks }: RecorderProcess): boolean {
  if (!isOfThisBoot(bootIdThen)) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EPERM")) return false;
  }
  const stat = statOf(pid);
  // One that has ended stays in the list until its parent has asked for it, which may be never.
  if (stat?.state === "Z") return false;
  // The same number may be another process by now.
  return stat === undefined || startTicks === undefined || stat.startTicks === startTicks;
}

/** The host has not been rebooted since. */
export function isOfThisBoot(bootIdThen: string): boolean {
  return bootId() === bootIdThen;
}

function bootId(): string | undefined {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return undefined;
  }
}

/** A process's state, and when it was started, in clock ticks since boot. */
function statOf(pid: number | "self"): { state: string; startTicks: number } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const startTicks = Number(fields[19]);
    return startTicks > 0 ? { state: fields[0]!, startTicks } : undefined;
  } catch {
    return undefined;
  }
}
