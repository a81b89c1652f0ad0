/** A progress bar on a terminal; nothing where stderr is a pipe or a file. */
import type { CliContext } from "../context.ts";

export interface Progress {
  /** @param fraction of the whole, 0 to 1 */
  update(fraction: number, text: string): void;
  /** Takes the bar away. */
  stop(): void;
}

const SILENT: Progress = { update: () => undefined, stop: () => undefined };
const STEPS = 1000;

export async function startProgress(context: CliContext, title: string): Promise<Progress> {
  const { stream, isTerminal } = context.stderr;
  if (!isTerminal || !stream) return SILENT;
  const { default: progress } = await import("cli-progress");
  const bar = new progress.SingleBar({
    stream,
    format: `${title} [{bar}] {percentage}% {text}`,
    barCompleteChar: "=",
    barIncompleteChar: " ",
    hideCursor: true,
    clearOnComplete: true,
    fps: 8,
  });
  bar.start(STEPS, 0, { text: "" });
  return {
    update: (fraction, text) =>
      bar.update(Math.round(Math.min(Math.max(fraction, 0), 1) * STEPS), { text }),
    stop: () => bar.stop(),
  };
}
