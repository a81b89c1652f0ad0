import { expect, it } from "vitest";
import { parseDateLine } from "./date-line.ts";

const at = { day: 20_781, secondOfDay: 45_158 };

it.each([
  ["Tue Nov 24 12:32:38 UTC 2026", { ...at, offsetMinutes: 0 }],
  ["Tue Nov 24 12:32:38 PM CET 2026", at],
  ["Tue 24 Nov 2026 12:32:38 PM CET", at],
  ["2026-11-24T12:32:38+01:00", { ...at, offsetMinutes: 60 }],
  ["2026-11-24 12:32:38", at],
  ["12:32:38", { secondOfDay: 45_158 }],
  ["1795523558", { ...at, offsetMinutes: 0 }],
])("%s", (line, time) => expect(parseDateLine(line)).toEqual(time));

it.each([
  "",
  "Mem: 1 2 3",
  "12 34",
  "    0.00      0.00",
  "Tue Nov 2026",
  "179552355",
  "May 40 12:00:00 2026",
])("%s is none", (line) => expect(parseDateLine(line)).toBeUndefined());
