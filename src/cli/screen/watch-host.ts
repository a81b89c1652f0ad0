/** `perfmon watch` without paths: this host on a full screen, or as plain text in a pipe. */
import { hostname } from "node:os";
import { hostContext } from "../../agent/host-context.ts";
import { collectors } from "../../collectors/all.ts";
import { globMatcher } from "../../counter/path.ts";
import { monotonicMs } from "../../util/monotonic.ts";
import { type CliContext, wantsColor } from "../context.ts";
import { LiveCounters } from "../live/live-counters.ts";
import { onGrid } from "../live/on-grid.ts";
import { resolvePatterns } from "../live/resolve-patterns.ts";
import { hostScreen, plainScreen } from "./host-screen.ts";
import { type HostState, hostState, SCREEN_PATHS } from "./host-state.ts";
import { FIRST_OPTIONS, press, type ScreenOptions } from "./screen-options.ts";
import { type Line, renderLine } from "./spans.ts";
import { onKeys, Terminal } from "./terminal.ts";

/** Processes that are printed where there is no terminal to fill. */
const PLAIN_PROCESSES = 20;

interface Pace {
  readonly intervalMs: number;
  readonly count: number;
}

export async function watchHost(pace: Pace, context: CliContext): Promise<void> {
  const patterns = resolvePatterns(
    SCREEN_PATHS,
    collectors.map(({ object }) => object),
  );
  const needed = collectors.filter(({ object }) =>
    patterns.some((pattern) => globMatcher(pattern.object)(object.name)),
  );
  const host = hostname();
  const live = new LiveCounters(needed, hostContext({ allBlockDevices: false }), patterns, host);
  const sample = (): HostState => {
    live.sample(monotonicMs());
    return hostState(live, { host, time: new Date(), intervalMs: pace.intervalMs });
  };
  try {
    const first = sample();
    if (context.stdout.isTerminal) await onScreen(first, sample, pace, context);
    else await asText(sample, pace, context);
  } finally {
    live.close();
  }
}

async function asText(
  sample: () => HostState,
  { intervalMs, count }: Pace,
  context: CliContext,
): Promise<void> {
  await onGrid(intervalMs, count, context.interruption(), () => {
    const lines = plainScreen(sample(), FIRST_OPTIONS, PLAIN_PROCESSES);
    context.stdout.write(`${lines.map((line) => renderLine(line, Infinity, false)).join("\n")}\n`);
  });
}

async function onScreen(
  first: HostState,
  sample: () => HostState,
  { intervalMs, count }: Pace,
  context: CliContext,
): Promise<void> {
  const { stdout, keyboard } = context;
  const color = wantsColor(context);
  const interrupted = context.interruption();
  const quit = new AbortController();
  const end = (): void => quit.abort();
  interrupted.addEventListener("abort", end, { once: true });
  if (interrupted.aborted) end();

  let state = first;
  let options: ScreenOptions = FIRST_OPTIONS;
  const terminal = new Terminal(stdout);
  const draw = (): void => {
    const lines: Line[] = hostScreen(state, options, stdout);
    terminal.show(lines.map((line) => renderLine(line, stdout.columns, color)));
  };
  const redraw = (): void => {
    terminal.clear();
    draw();
  };
  const releaseKeys =
    keyboard &&
    onKeys(keyboard, (key) => {
      const pressed = press(key, options);
      if (pressed === "quit") end();
      else if (pressed) {
        options = pressed;
        draw();
      }
    });
  stdout.stream?.on("resize", redraw);
  try {
    draw();
    await onGrid(intervalMs, count, quit.signal, () => {
      const latest = sample();
      // A frozen screen stays; the readings go on, so that what comes after it is of one interval.
      if (options.frozen) return;
      state = latest;
      draw();
    });
  } finally {
    stdout.stream?.off("resize", redraw);
    releaseKeys?.();
    terminal.leave();
  }
}
