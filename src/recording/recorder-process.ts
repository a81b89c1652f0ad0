/** Which process writes a recording, and whether it still does. */
import { readFileSync } from "node:fs";
import type { Manifest } from "./manifest.ts";

type RecorderProcess = Manifest["process"];

export function thisProcess(): RecorderProcess {
  return { bootId: bootId() ?? "", pid: process.pid };
}

/** Only this machine's recorders can be asked; a copy from elsewhere is taken as it is. */
export function isRunning({ bootId: bootIdThen, pid }: RecorderProcess): boolean {
  if (bootId() !== bootIdThen) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

function bootId(): string | undefined {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return undefined;
  }
}
