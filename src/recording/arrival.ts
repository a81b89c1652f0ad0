/**
 * What was learned about a recording where it was brought to: how far its host's clock was ahead of
 * that machine's, and what happened there meanwhile. `docs/cluster.md` describes the file.
 */
import { readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { CommandResult } from "../counter/recording-identity.ts";
import type { Mark } from "./marks.ts";

export const ARRIVAL_FILE = "arrival.json";

export interface ArrivalClock {
  readonly when: "start" | "stop";
  /** Clock of the machine that measured, milliseconds since 1970. */
  readonly atMs: number;
  /** The host's clock less that one. */
  readonly offsetMs: number;
  readonly roundTripMs: number;
}

export interface Arrival {
  readonly version: 1;
  readonly address: string;
  readonly clock: readonly ArrivalClock[];
  /** What ran on the other machine while this was recorded, by that machine's clock. */
  readonly command?: CommandResult;
  /** Set there, by its clock, whether or not they reached the host. */
  readonly marks: readonly Mark[];
}

const MAX_BYTES = 1024 * 1024;

export function writeArrival(folder: string, arrival: Arrival): void {
  const path = join(folder, ARRIVAL_FILE);
  writeFileSync(`${path}.new`, `${JSON.stringify(arrival, undefined, 2)}\n`);
  renameSync(`${path}.new`, path);
}

/** `undefined` when there is none that can be read. */
export function readArrival(folder: string): Arrival | undefined {
  try {
    const path = join(folder, ARRIVAL_FILE);
    if (statSync(path).size > MAX_BYTES) return undefined;
    const value = JSON.parse(readFileSync(path, "utf8")) as Partial<Arrival> | null;
    if (value?.version !== 1) return undefined;
    const clock = Array.isArray(value.clock) ? value.clock.filter(isMeasurement) : [];
    const marks = Array.isArray(value.marks) ? value.marks.filter(isMark) : [];
    const { command } = value;
    return {
      version: 1,
      address: String(value.address),
      clock,
      marks,
      ...(isCommand(command) ? { command } : undefined),
    };
  } catch {
    return undefined;
  }
}

/** The host's clock less the other machine's, when the recording began; 0 when it was not measured. */
export function clockOffsetMs(arrival: Arrival | undefined, startedMs: number): number {
  const starts = (arrival?.clock ?? []).filter(({ when }) => when === "start");
  const all = starts.length > 0 ? starts : (arrival?.clock ?? []);
  let nearest = all[0];
  for (const one of all) {
    const distance = (clock: ArrivalClock) => Math.abs(clock.atMs + clock.offsetMs - startedMs);
    if (distance(one) < distance(nearest!)) nearest = one;
  }
  return nearest?.offsetMs ?? 0;
}

/** How much further ahead the clock was at the end, if both were measured. */
export function clockDriftMs(arrival: Arrival | undefined, offsetMs: number): number | undefined {
  const stops = (arrival?.clock ?? []).filter(({ when }) => when === "stop");
  const last = stops[stops.length - 1];
  return last && last.offsetMs - offsetMs;
}

function isMeasurement(value: unknown): value is ArrivalClock {
  const { when, atMs, offsetMs } = (value ?? {}) as Partial<ArrivalClock>;
  return (
    (when === "start" || when === "stop") && Number.isFinite(atMs) && Number.isFinite(offsetMs)
  );
}

function isMark(value: unknown): value is Mark {
  const { timeMs, name } = (value ?? {}) as Partial<Mark>;
  return Number.isFinite(timeMs) && typeof name === "string";
}

function isCommand(value: unknown): value is CommandResult {
  const { program, startedMs, durationSeconds, exitCode } = (value ?? {}) as Partial<CommandResult>;
  const numbers = [startedMs, durationSeconds, exitCode];
  return typeof program === "string" && numbers.every((number) => Number.isFinite(number));
}
