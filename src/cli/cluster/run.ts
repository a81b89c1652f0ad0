/** `perfmon cluster run -- COMMAND`: records a cluster while a command runs, and brings it all home. */
import { basename } from "node:path";
import { runCommand, type CommandOutcome } from "../../target/local-command.ts";
import { EXIT, UsageError, UserError } from "../../util/errors.ts";
import { loadRecordings } from "../actions/load.ts";
import type { CliContext } from "../context.ts";
import { reportOutcomes } from "./report-outcomes.ts";
import { beginRun, settingsFrom } from "./settings.ts";
import { aboutRun, collectOnce, nameOf, startAll, stopAll, type FolderOptions } from "./steps.ts";

interface RunOptions extends FolderOptions {
  readonly db?: string;
  readonly load: boolean;
  readonly on?: string;
}

export async function run(
  argv: readonly string[],
  options: RunOptions,
  context: CliContext,
): Promise<void> {
  if (argv.length === 0) throw new UsageError("There is no COMMAND.", "Write it after --.");
  const settings = settingsFrom(options);
  const { run: clusterRun, hosts } = await beginRun(settings, options.output);
  const about = aboutRun(clusterRun);
  const signal = context.interruption();
  const started = await startAll(clusterRun, hosts, context);
  reportOutcomes(context, hosts, started, { done: "are being recorded", json: false, about });
  if (!started.some(({ ok }) => ok)) {
    throw new UserError("No host is being recorded: the command was not started.");
  }
  await untilMs((clusterRun.document.startAtMs ?? 0) + settings.intervalMs, signal);
  const command =
    options.on === undefined ? argv : ["ssh", ...settings.sshOptions, "--", options.on, ...argv];
  const startedMs = Date.now();
  const before = performance.now();
  let outcome: CommandOutcome | undefined;
  let failure: Error | undefined;
  try {
    if (!signal.aborted) outcome = await runCommand(command, signal);
  } catch (error) {
    failure = error instanceof Error ? error : new Error(String(error));
  }
  if (outcome) {
    const durationSeconds = Math.round(performance.now() - before) / 1000;
    const program = basename(argv[0]!);
    clusterRun.update({ command: { program, startedMs, durationSeconds, ...outcome } });
  }
  // An interruption was the command's; the recordings are brought home all the same.
  const after: CliContext = Object.assign(Object.create(context) as CliContext, {
    interruption: () => new AbortController().signal,
  });
  const stopped = await stopAll(clusterRun, hosts, after);
  reportOutcomes(after, hosts, stopped, { done: "have ended", json: false, about });
  await collectOnce(clusterRun, options, after);
  if (after.exitCode !== 0) context.exitCode = after.exitCode;
  if (options.load) {
    const db = options.db === undefined ? {} : { db: options.db };
    await loadRecordings([clusterRun.folder], db, after);
    if (after.exitCode !== 0) context.exitCode = after.exitCode;
  }
  if (failure) throw failure;
  context.stderr.write(`Run ${nameOf(clusterRun)}, in ${clusterRun.folder}.\n`);
  if (outcome && outcome.exitCode !== EXIT.done) context.exitCode = outcome.exitCode;
}

function untilMs(timeMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, Math.max(0, timeMs - Date.now()));
    signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });
}
