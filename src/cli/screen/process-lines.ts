/** The table of processes. */
import { PROCESS_STATES } from "../../procfs/pid-stat.ts";
import type { Instance } from "./host-state.ts";
import { bytesText, clockText, shareText } from "./number-text.ts";
import type { ScreenOptions } from "./screen-options.ts";
import { cell, type Line, span, type Style } from "./spans.ts";

export type ProcessOrder = "cpu" | "memory" | "io" | "time" | "pid";

interface Column {
  readonly title: string;
  readonly width: number;
  readonly align?: "left";
  /** Pressing its key sorts by this column. */
  readonly order?: ProcessOrder;
  /** Not shown where the kernel has this counter for no process. */
  readonly counter?: string;
  readonly text: (process: Instance) => string;
  readonly style?: (process: Instance) => Style;
}

const of = (counter: string) => (process: Instance) => process.values.get(counter);

const cpu = of("% Processor Time");
const memory = of("% Memory");
const ram = of("Working Set");
const read = of("IO Read Bytes/sec");
const written = of("IO Write Bytes/sec");
const blocked = of("% Block IO Delay Time");
const threads = of("Thread Count");
const cpuTime = of("CPU Time");
const state = (process: Instance) => PROCESS_STATES[process.values.get("State") ?? -1] ?? "";
const dim = (): Style => "dim";

const COLUMNS: readonly Column[] = [
  { title: "PID", width: 7, order: "pid", text: pidOf },
  { title: "USER", width: 9, align: "left", text: userOf, style: dim },
  {
    title: "CPU%",
    width: 6,
    order: "cpu",
    text: (process) => shareText(cpu(process)),
    style: (process) => ((cpu(process) ?? 0) >= 50 ? "bold" : "plain"),
  },
  { title: "MEM%", width: 5, text: (process) => shareText(memory(process)) },
  { title: "RAM", width: 6, order: "memory", text: (process) => bytesText(ram(process)) },
  { title: "READ/s", width: 7, order: "io", text: (process) => bytesText(read(process)) },
  { title: "WRITE/s", width: 8, order: "io", text: (process) => bytesText(written(process)) },
  {
    title: "BLOCK%",
    width: 6,
    counter: "% Block IO Delay Time",
    text: (process) => shareText(blocked(process)),
    style: (process) => ((blocked(process) ?? 0) >= 50 ? "warn" : "plain"),
  },
  { title: "THR", width: 5, text: (process) => `${threads(process) ?? ""}` },
  {
    title: "S",
    width: 1,
    text: state,
    style: (process) => ({ D: "warn", R: "good" } as const)[state(process)] ?? "dim",
  },
  {
    title: "TIME",
    width: 9,
    order: "time",
    text: (process) => clockText(cpuTime(process)),
    style: dim,
  },
];

/** The title line, and at most `rows` processes. */
export function processLines(
  processes: readonly Instance[],
  options: ScreenOptions,
  rows: number,
): Line[] {
  const columns = COLUMNS.filter(
    ({ counter }) => counter === undefined || processes.some(({ values }) => values.has(counter)),
  );
  const shown = sorted(processes, options).slice(options.scroll, options.scroll + rows);
  return [
    titles(columns, options),
    ...shown.map((process) => [
      ...columns.map(({ text, style, width, align }) =>
        span(`${cell(text(process), width, align)} `, style?.(process)),
      ),
      ...command(process),
    ]),
  ];
}

function titles(columns: readonly Column[], { order, reversed }: ScreenOptions): Line {
  return [
    ...columns.map(({ title, width, align, order: own }) => {
      const chosen = own === order;
      const text = chosen ? `${title}${reversed ? "^" : "v"}` : title;
      return span(`${cell(text, width, align)} `, chosen ? "accent" : "dim");
    }),
    span("COMMAND", "dim"),
  ];
}

/** Its name, and what it is for where that is known: `java DataNode`. */
function command({ name, attributes }: Instance): Line {
  const plain = name.replace(/:\d+$/, "");
  const role = attributes["role"];
  return [
    span(plain, "bold"),
    ...(role !== undefined && role !== plain ? [span(` ${role}`, "accent")] : []),
  ];
}

function userOf({ attributes }: Instance): string {
  return attributes["user"] ?? attributes["uid"] ?? "";
}

function sorted(processes: readonly Instance[], options: ScreenOptions): Instance[] {
  const { order, reversed, kernelThreads } = options;
  const direction = reversed ? -1 : 1;
  return processes
    .filter(({ name }) => name !== "_Total")
    .filter(({ attributes }) => kernelThreads || attributes["kernelThread"] !== "yes")
    .map((process) => ({ process, rank: rank(process, order) }))
    .sort((a, b) => direction * (b.rank - a.rank) || pid(a.process) - pid(b.process))
    .map(({ process }) => process);
}

function rank(process: Instance, order: ProcessOrder): number {
  switch (order) {
    case "cpu":
      return cpu(process) ?? -1;
    case "memory":
      return ram(process) ?? -1;
    case "io":
      return (read(process) ?? 0) + (written(process) ?? 0);
    case "time":
      return cpuTime(process) ?? -1;
    case "pid":
      return -pid(process);
  }
}

function pidOf({ name }: Instance): string {
  return name.slice(name.lastIndexOf(":") + 1);
}

function pid(process: Instance): number {
  return Number(pidOf(process));
}
