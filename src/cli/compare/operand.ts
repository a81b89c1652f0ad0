/** The operands of `perfmon compare`: what to compare, and which stretch of it. */
import { UsageError, UserError } from "../../util/errors.ts";
import { parseDuration } from "../../util/quantity.ts";
import type { RunDescription } from "../../analysis/source.ts";

/** One end of a window. */
export type WindowEnd =
  /** Milliseconds after the start of the run. */
  | { readonly kind: "offset"; readonly ms: number }
  /** Milliseconds after midnight, UTC, on the day of the run. */
  | { readonly kind: "clock"; readonly ms: number }
  /** Milliseconds since 1970, UTC. */
  | { readonly kind: "instant"; readonly ms: number };

export type Narrowing =
  | { readonly kind: "window"; readonly from?: WindowEnd; readonly to?: WindowEnd }
  | { readonly kind: "mark"; readonly name: string };

export interface Operand {
  /** A folder, or `cluster/run`. */
  readonly name: string;
  readonly narrowing?: Narrowing;
}

const DAY_MS = 86_400_000;

/**
 * Reads `name`, `name@10:00..10:30`, `name@+60s..+300s`, `name@2026-11-23T10:00Z..` or `name@mark`.
 *
 * @param isThere tells whether a path exists: a folder's own name may hold an `@`
 * @throws UsageError
 */
export function parseOperand(text: string, isThere: (path: string) => boolean): Operand {
  const at = text.lastIndexOf("@");
  if (at < 0 || isThere(text)) return { name: text };
  const name = text.slice(0, at);
  const narrowing = text.slice(at + 1);
  if (name === "" || narrowing === "") {
    throw new UsageError(`"${text}" is not a run.`, "Write NAME, NAME@FROM..TO or NAME@MARK.");
  }
  const dots = narrowing.indexOf("..");
  if (dots < 0) return { name, narrowing: { kind: "mark", name: narrowing } };
  const from = windowEnd(narrowing.slice(0, dots), text);
  const to = windowEnd(narrowing.slice(dots + 2), text);
  return {
    name,
    narrowing: { kind: "window", ...(from ? { from } : undefined), ...(to ? { to } : undefined) },
  };
}

function windowEnd(text: string, operand: string): WindowEnd | undefined {
  if (text === "") return undefined;
  if (text.startsWith("+")) {
    return { kind: "offset", ms: /^\+0+m?s?$/.test(text) ? 0 : parseDuration(text.slice(1)) };
  }
  const clock = /^(\d{1,2}):(\d{2})(?::(\d{2}(?:\.\d{1,3})?))?$/.exec(text);
  if (clock) {
    const [hours, minutes, seconds] = [clock[1], clock[2], clock[3] ?? 0].map(Number);
    if (hours! < 25 && minutes! < 60 && seconds! < 60) {
      return { kind: "clock", ms: ((hours! * 60 + minutes!) * 60 + seconds!) * 1000 };
    }
  }
  if (/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(text)) {
    const ms = Date.parse(/(Z|[+-]\d{2}:?\d{2})$/.test(text) ? text : `${text}Z`);
    if (!Number.isNaN(ms)) return { kind: "instant", ms };
  }
  throw new UsageError(
    `"${text}" in "${operand}" is not a time.`,
    "Write 10:00, 10:00:30, +90s (from the start), or 2026-11-23T10:00Z.",
  );
}

/**
 * The window in milliseconds since 1970, open at its start.
 *
 * @throws UserError when it has no common time with the run, or there is no such mark
 */
export function resolveWindow(
  narrowing: Narrowing,
  run: Pick<RunDescription, "cluster" | "run" | "fromMs" | "toMs" | "events">,
): { fromMs?: number; toMs?: number } {
  if (narrowing.kind === "mark") return markWindow(narrowing.name, run);
  const { from, to } = narrowing;
  const fromMs = from && instantOf(from, run);
  let toMs = to && instantOf(to, run);
  // 23:50..00:10 ends on the next day.
  if (to?.kind === "clock" && fromMs !== undefined && toMs! <= fromMs) toMs = toMs! + DAY_MS;
  if ((fromMs ?? -Infinity) >= (toMs ?? Infinity)) {
    throw new UsageError(`The window of ${run.cluster}/${run.run} ends before it begins.`);
  }
  if ((fromMs ?? run.fromMs) >= run.toMs || (toMs ?? run.toMs) <= run.fromMs) {
    const [first, last] = [run.fromMs, run.toMs].map((ms) => new Date(ms).toISOString());
    throw new UserError(
      `The window lies outside of ${run.cluster}/${run.run}.`,
      `It was recorded from ${first} to ${last}.`,
    );
  }
  return {
    ...(fromMs === undefined ? undefined : { fromMs }),
    ...(toMs === undefined ? undefined : { toMs }),
  };
}

function instantOf(
  end: WindowEnd,
  run: { readonly fromMs: number; readonly toMs: number },
): number {
  if (end.kind === "offset") return run.fromMs + end.ms;
  if (end.kind === "instant") return end.ms;
  const sameDay = Math.floor(run.fromMs / DAY_MS) * DAY_MS + end.ms;
  // A run over midnight: 00:10 is then on the day it ended.
  return sameDay < run.fromMs && sameDay + DAY_MS <= run.toMs ? sameDay + DAY_MS : sameDay;
}

function markWindow(
  name: string,
  run: Pick<RunDescription, "cluster" | "run" | "events">,
): { fromMs?: number; toMs?: number } {
  const marks = run.events
    .filter(({ kind }) => kind === "mark")
    .sort((a, b) => a.timeMs - b.timeMs);
  const begin = marks.find(({ text }) => text === name);
  if (!begin) {
    const names = [...new Set(marks.map(({ text }) => text))].join(", ");
    throw new UserError(
      `${run.cluster}/${run.run} has no mark "${name}".`,
      names === "" ? "It has no marks at all." : `It has: ${names}.`,
    );
  }
  const next = marks.find(({ timeMs, text }) => timeMs > begin.timeMs && text !== name);
  return { fromMs: begin.timeMs, ...(next ? { toMs: next.timeMs } : undefined) };
}
