/** `perfmon cluster collect`, once or again and again while the cluster changes. */
import { clusterHosts } from "../../cluster/hosts.ts";
import type { ClusterRun } from "../../cluster/run-folder.ts";
import { UserError } from "../../util/errors.ts";
import { parseDuration } from "../../util/quantity.ts";
import type { CliContext } from "../context.ts";
import { openRun } from "./settings.ts";
import { collectAll, collectOnce, presentHosts, startAll, type FolderOptions } from "./steps.ts";

interface CollectOptions extends FolderOptions {
  readonly every?: string;
  readonly restart?: true;
}

export async function collect(
  folder: string | undefined,
  options: CollectOptions,
  context: CliContext,
): Promise<void> {
  const run = await openRun(folder, options);
  if (options.every === undefined) return collectOnce(run, options, context);
  const everyMs = parseDuration(options.every);
  const signal = context.interruption();
  while (!signal.aborted) {
    const beganMs = performance.now();
    await followCluster(run, context);
    if (options.restart) await beginAgain(run, context);
    const outcomes = await collectAll(run, presentHosts(run), context);
    for (const { host, message } of outcomes.filter(({ ok }) => !ok)) {
      context.stderr.write(`${host}  ${message}\n`);
    }
    const total = outcomes.reduce((sum, { details }) => sum + (details?.bytes ?? 0), 0);
    const well = outcomes.filter(({ ok }) => ok).length;
    const time = new Date().toISOString().slice(11, 19);
    context.stderr.write(
      `${time}  ${well} of ${outcomes.length} hosts collected, ${(total / 1024).toFixed(0)} kB\n`,
    );
    if (outcomes.length > 0 && presentHosts(run).every((host) => run.host(host).complete)) break;
    await pause(everyMs - (performance.now() - beganMs), signal);
  }
  // What has come since, with the whole report; Ctrl-C ends the repeating, not the last time.
  if (!signal.aborted) await collectOnce(run, options, context);
}

/** Asks again who is in the cluster: late hosts are recorded from now on, those that left are kept. */
async function followCluster(run: ClusterRun, context: CliContext): Promise<void> {
  const { hostsFile, hostsCommand } = run.settings;
  if (hostsFile === undefined && hostsCommand === undefined) return;
  let hosts: string[];
  try {
    hosts = await clusterHosts(run.settings);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    context.stderr.write(`perfmon: ${error.message}\n`);
    return;
  }
  const known = new Set(run.hostNames());
  const late = hosts.filter((host) => !known.has(host));
  const now = new Set(hosts);
  for (const host of presentHosts(run).filter((name) => !now.has(name))) {
    run.updateHost(host, { vanished: true });
    context.stderr.write(`${host}  has left the cluster: what was collected is kept\n`);
  }
  for (const host of late) run.updateHost(host, {});
  for (const { host, message } of late.length > 0 ? await startAll(run, late, context) : []) {
    context.stderr.write(`${host}  joined late: ${message}\n`);
  }
}

/** Hosts whose recorder has not survived a reboot get another one: the gap is theirs. */
async function beginAgain(run: ClusterRun, context: CliContext): Promise<void> {
  const gone = presentHosts(run).filter((host) =>
    ["rebooted", "died"].includes(run.host(host).state ?? ""),
  );
  for (const { host, message } of gone.length > 0 ? await startAll(run, gone, context) : []) {
    context.stderr.write(`${host}  begun again: ${message}\n`);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, Math.max(0, ms));
    signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });
}
