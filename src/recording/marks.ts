/**
 * Marks: moments of a run that somebody named. They are lines of a file beside the log, because it is
 * not the recorder who sets them: one write of a line reaches any recorder's recording, whatever
 * that is doing at the moment. `docs/recorder.md` describes the file.
 */
import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const MARKS_FILE = "marks.txt";

export interface Mark {
  /** Wall clock of the recorded host, milliseconds since 1970, UTC. */
  readonly timeMs: number;
  readonly name: string;
}

/** What is read of a file that may come from anywhere. */
const MAX_BYTES = 1024 * 1024;
const MAX_NAME = 200;
const MAX_TIME_MS = 8.64e15;

/** @throws the system's error */
export function appendMark(folder: string, { timeMs, name }: Mark): void {
  // One write, which the kernel does not mix with another's.
  appendFileSync(join(folder, MARKS_FILE), `${Math.round(timeMs)} ${name}\n`);
}

/** In the order in which they were set; lines that are none are passed over. */
export function readMarks(folder: string): Mark[] {
  let text: string;
  try {
    text = readFileSync(join(folder, MARKS_FILE), "utf8").slice(0, MAX_BYTES);
  } catch {
    return [];
  }
  // What follows the last line end is being written.
  return text.split("\n").slice(0, -1).flatMap(parseLine);
}

function parseLine(line: string): Mark[] {
  const match = /^(\d{1,16}) ([^\u0000-\u001f\u007f]+)$/.exec(line);
  const timeMs = Number(match?.[1]);
  if (!match || !(timeMs <= MAX_TIME_MS)) return [];
  return [{ timeMs, name: match[2]!.slice(0, MAX_NAME).trim() }];
}
