/** Events that no segment holds: what happened outside while a recording was made. */
import { clockDriftMs, type Arrival } from "./arrival.ts";
import type { RecordedEvent } from "./chunk.ts";
import type { Manifest } from "./manifest.ts";
import type { Mark } from "./marks.ts";

/** The same mark, set for all hosts at once, reached this one: both stamps mean one moment. */
const SAME_MARK_MS = 1000;

/** @param marks of the host, by our clock */
export function outsideEvents(
  manifest: Manifest,
  marks: readonly Mark[],
  arrival: Arrival | undefined,
  offsetMs: number,
): RecordedEvent[] {
  const missed = (arrival?.marks ?? []).filter(
    ({ name, timeMs }) =>
      !marks.some((mark) => mark.name === name && Math.abs(mark.timeMs - timeMs) < SAME_MARK_MS),
  );
  const events = [...marks, ...missed].map(({ timeMs, name }) => ({
    timeMs,
    kind: "mark",
    text: name,
  }));
  return [
    ...events.sort((a, b) => a.timeMs - b.timeMs),
    ...commandEvents(arrival),
    ...clockEvents(manifest, arrival, offsetMs),
  ];
}

function commandEvents(arrival: Arrival | undefined): RecordedEvent[] {
  const command = arrival?.command;
  if (!command) return [];
  const { startedMs, durationSeconds, exitCode } = command;
  const endMs = startedMs + durationSeconds * 1000;
  return [
    { timeMs: startedMs, kind: "command-start", text: "" },
    { timeMs: endMs, kind: "command-end", text: `exit code ${exitCode}` },
  ];
}

/** Where clocks were off by more than a sample, whoever compares must know. */
function clockEvents(
  { startedMs, intervalMs }: Manifest,
  arrival: Arrival | undefined,
  offsetMs: number,
): RecordedEvent[] {
  const timeMs = startedMs - offsetMs;
  const drift = clockDriftMs(arrival, offsetMs) ?? 0;
  const seconds = (ms: number) => `${(Math.abs(ms) / 1000).toFixed(3)} s`;
  const ahead = (ms: number) => `${seconds(ms)} ${ms > 0 ? "ahead" : "behind"}`;
  return [
    ...(Math.abs(offsetMs) > intervalMs
      ? [{ timeMs, kind: "clock-offset", text: `the clock was ${ahead(offsetMs)}; corrected` }]
      : []),
    ...(Math.abs(drift) > intervalMs
      ? [
          {
            timeMs,
            kind: "clock-drift",
            text: `the clock was set or drifted by ${seconds(drift)} during the run; stamps go on as before`,
          },
        ]
      : []),
  ];
}
