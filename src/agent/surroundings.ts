/** The process as surroundings of the agent. */
import { writeSync } from "node:fs";
import type { AgentSurroundings } from "./run.ts";

const SIGNALS: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP"];

export function processSurroundings(): AgentSurroundings {
  return {
    // Not the streams of `process`: for a few lines they load a megabyte.
    out: (text) => write(1, text),
    err: (text) => write(2, text),
    get interactive() {
      return process.stdin.isTTY;
    },
    onSignal: (handler) => {
      for (const signal of SIGNALS) process.on(signal, handler);
      return () => {
        for (const signal of SIGNALS) process.removeListener(signal, handler);
      };
    },
  };
}

/** Nobody may be reading any more (a closed pipe), or not fast enough: recording goes on. */
function write(fd: number, text: string): void {
  try {
    writeSync(fd, text);
  } catch {
    // What was to be told is lost; there is nowhere left to say so.
  }
}
