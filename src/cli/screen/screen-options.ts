/** How the screen is looked at: what keys change. */
import type { ProcessOrder } from "./process-lines.ts";

export interface ScreenOptions {
  readonly order: ProcessOrder;
  /** The other way around. */
  readonly reversed: boolean;
  readonly perCpu: boolean;
  readonly kernelThreads: boolean;
  /** Processes scrolled past. */
  readonly scroll: number;
  readonly frozen: boolean;
  readonly help: boolean;
}

export const FIRST_OPTIONS: ScreenOptions = {
  order: "cpu",
  reversed: false,
  perCpu: true,
  kernelThreads: false,
  scroll: 0,
  frozen: false,
  help: false,
};

export const KEY_HELP: readonly (readonly [keys: string, does: string])[] = [
  ["c  P", "sort processes by CPU time in the interval"],
  ["m  M", "sort by memory in RAM"],
  ["d", "sort by disk reads and writes"],
  ["t  T", "sort by CPU time since they began"],
  ["n  N", "sort by process id"],
  ["r  R", "the other way around"],
  ["k", "kernel threads too, or not"],
  ["1", "each CPU, or all together"],
  ["space f", "freeze, and go on"],
  ["arrows, PgUp, PgDn, Home", "scroll the processes"],
  ["h  ?", "this help"],
  ["q  Esc  Ctrl-C", "quit"],
];

const ORDERS: Readonly<Record<string, ProcessOrder>> = {
  c: "cpu",
  P: "cpu",
  m: "memory",
  M: "memory",
  d: "io",
  t: "time",
  T: "time",
  n: "pid",
  N: "pid",
};

const SCROLLS: Readonly<Record<string, number>> = {
  "\u001b[A": -1,
  "\u001b[B": 1,
  "\u001b[5~": -10,
  "\u001b[6~": 10,
};

/** @returns what a key makes of the options; `quit` to end; `undefined` for a key without a meaning */
export function press(key: string, options: ScreenOptions): ScreenOptions | "quit" | undefined {
  if (key === "q" || key === "Q" || key === "\u0003") return "quit";
  if (options.help) return { ...options, help: false };
  if (key === "\u001b") return "quit";
  const order = ORDERS[key];
  if (order) return { ...options, order, scroll: 0 };
  const scroll = SCROLLS[key];
  if (scroll) return { ...options, scroll: Math.max(0, options.scroll + scroll) };
  switch (key) {
    case "\u001b[H":
      return { ...options, scroll: 0 };
    case "r":
    case "R":
      return { ...options, reversed: !options.reversed };
    case "k":
      return { ...options, kernelThreads: !options.kernelThreads };
    case "1":
      return { ...options, perCpu: !options.perCpu };
    case " ":
    case "f":
      return { ...options, frozen: !options.frozen };
    case "h":
    case "?":
      return { ...options, help: true };
    default:
      return undefined;
  }
}
