/** Runs `perfmon load` as a user would, and watches what it costs. */
import { statSync } from "node:fs";
import { measurePerfmon } from "./measured-process.ts";

export interface Load {
  readonly values: number;
  /** From the start of the process to its end. */
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** Resident memory at its highest. */
  readonly peakBytes: number;
  readonly fileBytes: number;
}

/** @param recordings a recording or a folder of them; what `file` holds already stays there */
export async function measureLoad(recordings: string, file: string): Promise<Load> {
  const { output, ...cost } = await measurePerfmon(["load", "--db", file, recordings, "--json"]);
  const { loaded } = JSON.parse(output) as { loaded: { values: number }[] };
  const values = loaded.reduce((sum, recording) => sum + recording.values, 0);
  return { values, ...cost, fileBytes: statSync(file).size };
}
