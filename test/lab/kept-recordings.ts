/** Recordings of the scenarios, kept so that anybody can compare them in seconds and without root. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../support/source-files.ts";

export const RECORDINGS_FOLDER = join(projectRoot, "test", "lab", "recordings");

/** By name, as a scenario's `record` gives them; empty when none are kept. */
export function keptRecordings(scenario: string): Record<string, string> {
  const folder = join(RECORDINGS_FOLDER, scenario);
  if (!existsSync(folder)) return {};
  return Object.fromEntries(readdirSync(folder).map((name) => [name, join(folder, name)]));
}
