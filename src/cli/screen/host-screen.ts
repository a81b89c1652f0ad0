/** The screen of this host as lines: a function of its state, of what was chosen, and of the room. */
import { type HostState, instancesOf } from "./host-state.ts";
import { processLines } from "./process-lines.ts";
import { cpuLines, diskLines, memoryLines, networkLines, titleLine } from "./resource-lines.ts";
import { KEY_HELP, type ScreenOptions } from "./screen-options.ts";
import { cell, type Line, span } from "./spans.ts";

/** Processes are what people come for: so many lines are theirs at least. */
const PROCESS_ROWS = 8;

/** @returns at most `rows` lines */
export function hostScreen(
  state: HostState,
  options: ScreenOptions,
  { rows, columns }: { readonly rows: number; readonly columns: number },
): Line[] {
  if (options.help) return helpLines().slice(0, rows);
  const rest = [
    ...memoryLines(state, columns),
    ...diskLines(state, columns),
    ...networkLines(state, columns),
  ];
  const room = rows - 1 - rest.length - PROCESS_ROWS - 3;
  const above: Line[] = [
    titleLine(state, options.frozen),
    [],
    ...cpuLines(state, { perCpu: options.perCpu, maxLines: Math.max(1, room), columns }),
    ...rest,
    [],
  ];
  const processes = instancesOf(state, "Process");
  const below = processLines(processes, options, Math.max(0, rows - above.length - 2));
  const lines = [...above, ...below].slice(0, rows - 1);
  return [...lines, ...blank(rows - 1 - lines.length), FOOTER];
}

/** Without a terminal there is no end of the page, and nobody who presses keys. */
export function plainScreen(state: HostState, options: ScreenOptions, processes: number): Line[] {
  const columns = Infinity;
  return [
    titleLine(state, false),
    ...cpuLines(state, { perCpu: options.perCpu, maxLines: Infinity, columns }),
    ...memoryLines(state, columns),
    ...diskLines(state, columns),
    ...networkLines(state, columns),
    ...processLines(instancesOf(state, "Process"), options, processes),
    [],
  ];
}

const FOOTER: Line = [
  span(" c", "accent"),
  span("pu  ", "dim"),
  span("m", "accent"),
  span("emory  ", "dim"),
  span("d", "accent"),
  span("isk  ", "dim"),
  span("t", "accent"),
  span("ime  ", "dim"),
  span("r", "accent"),
  span("everse  ", "dim"),
  span("space", "accent"),
  span(" freeze  ", "dim"),
  span("h", "accent"),
  span("elp  ", "dim"),
  span("q", "accent"),
  span("uit", "dim"),
];

function helpLines(): Line[] {
  return [
    [span("Keys", "bold")],
    [],
    ...KEY_HELP.map(([keys, does]) => [span(`  ${cell(keys, 26, "left")}`, "accent"), span(does)]),
    [],
    [span("Bars", "bold")],
    [],
    [
      span("  cpu     "),
      span("u user ", "good"),
      span("s system ", "accent"),
      span("x stolen ", "bad"),
      span("w waiting for disks", "warn"),
    ],
    [span("  memory  "), span("u used ", "good"), span("c cache, given back when needed", "dim")],
    [span("  disk    share of time with a request underway; network: share of the link's speed")],
    [],
    [
      span(
        "stalled: share of time in which at least one task had to wait for it (pressure stall information)",
        "dim",
      ),
    ],
    [span("What each number means: perfmon counters --explain PATH", "dim")],
    [],
    [span("Any key goes back.", "dim")],
  ];
}

function blank(count: number): Line[] {
  return Array.from({ length: Math.max(0, count) }, () => []);
}
