/** The subcommands of `perfmon cluster` that do one thing on all hosts. */
import { readFileSync } from "node:fs";
import { checkName } from "../../agent/options.ts";
import { checkHosts, type CheckedHost } from "../../cluster/check.ts";
import { cleanHosts } from "../../cluster/clean.ts";
import { collectHosts, type CollectedHost } from "../../cluster/collect.ts";
import { clusterHosts } from "../../cluster/hosts.ts";
import type { Outcome, StepOptions } from "../../cluster/outcome.ts";
import { recorderFiles, type RecorderFiles } from "../../cluster/recorder-files.ts";
import type { ClusterRun } from "../../cluster/run-folder.ts";
import { startHosts, type StartedHost } from "../../cluster/start.ts";
import { markHosts, statusOfHosts, stopHosts, type NodeStatus } from "../../cluster/status.ts";
import type { CliContext } from "../context.ts";
import { agentFile } from "../recorder/agent-file.ts";
import { recorderScript } from "../recorder/recorder-script.ts";
import { HostBoard } from "./host-board.ts";
import { reportOutcomes } from "./report-outcomes.ts";
import { beginRun, openRun, settingsFrom, type ClusterOptions } from "./settings.ts";

export interface FolderOptions extends ClusterOptions {
  readonly output?: string;
  readonly discard?: true;
  readonly clean?: true;
}

/** Does a step with a board on the terminal. */
export async function onBoard<T>(
  context: CliContext,
  title: string,
  hosts: readonly string[],
  step: (
    options: StepOptions<T> & { readonly onBytes: (host: string, bytes: number) => void },
  ) => Promise<Outcome<T>[]>,
): Promise<Outcome<T>[]> {
  const board = new HostBoard(context, title, hosts.length);
  const { begin, end, moved } = board;
  try {
    const signal = context.interruption();
    return await step({ signal, onBegin: begin, onOutcome: end, onBytes: moved });
  } finally {
    board.stop();
  }
}

/** The recorders that are brought to hosts. @throws UserError when they were not built */
export function builtRecorders(): RecorderFiles {
  return recorderFiles(readFileSync(agentFile()), Buffer.from(recorderScript()));
}

export async function check(options: ClusterOptions, context: CliContext): Promise<void> {
  const settings = settingsFrom(options);
  const hosts = await clusterHosts(settings);
  const outcomes = await onBoard<CheckedHost>(context, "Checking", hosts, (step) =>
    checkHosts(hosts, settings, step),
  );
  const about = { cluster: settings.name };
  const json = options.json === true;
  reportOutcomes(context, hosts, outcomes.map(withClock), { done: "can be recorded", json, about });
}

function withClock(outcome: Outcome<CheckedHost>): Outcome<CheckedHost> {
  const { details, message } = outcome;
  if (!details) return outcome;
  const ms = details.clockOffsetMs;
  const clock = Math.abs(ms) < 500 ? [] : [`its clock is ${(ms / 1000).toFixed(2)} s off`];
  return { ...outcome, message: [message, ...clock].join("; ") };
}

export async function start(options: FolderOptions, context: CliContext): Promise<void> {
  const { run, hosts } = await beginRun(settingsFrom(options), options.output);
  const outcomes = await startAll(run, hosts, context);
  const json = options.json === true;
  reportOutcomes(context, hosts, outcomes, {
    done: "are being recorded",
    json,
    about: aboutRun(run),
  });
  if (!json) context.stderr.write(`Run ${nameOf(run)}, in ${run.folder}.\n`);
}

export function startAll(
  run: ClusterRun,
  hosts: readonly string[],
  context: CliContext,
): Promise<Outcome<StartedHost>[]> {
  return onBoard(context, "Starting", hosts, (step) =>
    startHosts(run, hosts, builtRecorders(), step),
  );
}

export function status(
  folder: string | undefined,
  options: FolderOptions,
  context: CliContext,
): Promise<void> {
  return onRun(folder, options, context, {
    done: "are well",
    step: (run, hosts) =>
      onBoard(context, "Asking", hosts, (how) => statusOfHosts(run, hosts, how)),
  });
}

export function stop(
  folder: string | undefined,
  options: FolderOptions,
  context: CliContext,
): Promise<void> {
  return onRun(folder, options, context, {
    done: "have ended",
    step: (run, hosts) => stopAll(run, hosts, context),
  });
}

export function stopAll(run: ClusterRun, hosts: readonly string[], context: CliContext) {
  return onBoard<NodeStatus>(context, "Stopping", hosts, (step) => stopHosts(run, hosts, step));
}

export async function mark(
  name: string,
  folder: string | undefined,
  options: FolderOptions,
  context: CliContext,
): Promise<void> {
  const timeMs = Date.now();
  checkName(name, "mark");
  const run = await openRun(folder, options);
  const hosts = presentHosts(run);
  const moment = { timeMs, name };
  // Kept here too: what does not reach a host is added when its recording has come home.
  run.update({ marks: [...run.document.marks, moment] });
  const outcomes = await onBoard(context, "Marking", hosts, (step) =>
    markHosts(run, hosts, moment, step),
  );
  const about = { ...aboutRun(run), name, time: new Date(timeMs).toISOString() };
  const json = options.json === true;
  reportOutcomes(context, hosts, outcomes, { done: "are marked", json, about });
}

export async function collectOnce(
  run: ClusterRun,
  options: FolderOptions,
  context: CliContext,
): Promise<void> {
  const hosts = presentHosts(run);
  const outcomes = await collectAll(run, hosts, context);
  const json = options.json === true;
  if (!options.clean) {
    reportOutcomes(context, hosts, outcomes, { done: "collected", json, about: aboutRun(run) });
    return;
  }
  const arrived = hosts.filter((host) => run.host(host).complete === true);
  const cleaned = await onBoard(context, "Cleaning", arrived, (step) =>
    cleanHosts(run, arrived, { ...step, discard: false }),
  );
  const after = new Map(cleaned.map((outcome) => [outcome.host, outcome]));
  const both = outcomes.map((outcome) => {
    const then = after.get(outcome.host);
    if (!outcome.ok || !then) return outcome;
    return {
      ...outcome,
      ok: then.ok,
      code: then.code,
      message: `${outcome.message}; ${then.message}`,
    };
  });
  reportOutcomes(context, hosts, both, {
    done: "collected and cleaned",
    json,
    about: aboutRun(run),
  });
}

export function collectAll(run: ClusterRun, hosts: readonly string[], context: CliContext) {
  return onBoard<CollectedHost>(context, "Collecting", hosts, (step) =>
    collectHosts(run, hosts, step),
  );
}

export function clean(
  folder: string | undefined,
  options: FolderOptions,
  context: CliContext,
): Promise<void> {
  const discard = options.discard === true;
  return onRun(folder, options, context, {
    done: "are clean",
    step: (run, hosts) =>
      onBoard(context, "Cleaning", hosts, (how) => cleanHosts(run, hosts, { ...how, discard })),
  });
}

/** Does a step on all hosts of a run, and tells what became of it. */
async function onRun<T>(
  folder: string | undefined,
  options: FolderOptions,
  context: CliContext,
  {
    done,
    step,
  }: {
    readonly done: string;
    readonly step: (run: ClusterRun, hosts: readonly string[]) => Promise<Outcome<T>[]>;
  },
): Promise<void> {
  const run = await openRun(folder, options);
  const hosts = presentHosts(run);
  const outcomes = await step(run, hosts);
  const json = options.json === true;
  reportOutcomes(context, hosts, outcomes, { done, json, about: aboutRun(run) });
}

/** Those that have not left the cluster. */
export function presentHosts(run: ClusterRun): string[] {
  return run.hostNames().filter((host) => run.host(host).vanished !== true);
}

export function aboutRun(run: ClusterRun) {
  const { cluster, run: name, startAtMs } = run.document;
  const startAt = startAtMs === undefined ? null : new Date(startAtMs).toISOString();
  return { cluster, run: name, folder: run.folder, startAt };
}

export function nameOf({ document }: ClusterRun): string {
  return `${document.cluster}/${document.run}`;
}
