/**
 * `perfmon cluster start`, in two rounds: what is needed is brought to all hosts first, and then all
 * recorders are begun with one time for their first sample, each by its own host's clock.
 */
import { forEach } from "../target/each.ts";
import { HostError } from "../target/ssh-failure.ts";
import type { ClusterSettings } from "../config/cluster-file.ts";
import { measureClock } from "./clock.ts";
import { chooseRecorder, limitsOf, parseFacts } from "./facts.ts";
import { withNode } from "./node-session.ts";
import { attempt, type Outcome, type StepOptions } from "./outcome.ts";
import type { RecorderFiles } from "./recorder-files.ts";
import type { ClusterRun } from "./run-folder.ts";

export interface StartedHost {
  readonly recorder: "node" | "sh";
  readonly part: string;
  readonly already: boolean;
  readonly clockOffsetMs: number;
  /** It was begun when the planned time had gone by. */
  readonly lateMs: number;
}

interface Prepared {
  readonly host: string;
  readonly kind: "node" | "sh";
  readonly offsetMs: number;
  readonly limits: readonly string[];
}

/** To begin a recorder takes this long at least, beside the connection: it makes its inventory first. */
const LAUNCH_MS = 5000;

export async function startHosts(
  run: ClusterRun,
  hosts: readonly string[],
  files: RecorderFiles,
  options: StepOptions<StartedHost>,
): Promise<Outcome<StartedHost>[]> {
  const { settings } = run;
  const { signal } = options;
  const outcomes: Outcome<StartedHost>[] = [];
  const prepared: Prepared[] = [];
  const times: number[] = [];
  const prepare = async (host: string) => {
    const beforeMs = performance.now();
    let ready: Prepared | undefined;
    const silent = { ...options, onOutcome: () => undefined };
    const outcome = await attempt<StartedHost>(host, silent, async () => {
      ready = await prepareHost(run, host, files, signal);
      return { message: "", details: undefined as never };
    });
    times.push(performance.now() - beforeMs);
    if (ready) prepared.push(ready);
    else {
      outcomes.push(outcome);
      options.onOutcome?.(outcome);
    }
  };
  await forEach(hosts, settings.connections, prepare, signal);

  const atMs = plannedStart(times, settings);
  if (run.document.startAtMs === undefined) run.update({ startAtMs: atMs });
  const launch = async (ready: Prepared) => {
    const step = () => launchHost(run, ready, files, atMs, signal);
    outcomes.push(await attempt(ready.host, options, step));
  };
  await forEach(prepared, settings.connections, launch, signal);
  return outcomes;
}

/** Twice as long as it took to prepare them it may take to begin them; on a whole second. */
function plannedStart(times: readonly number[], { connections }: ClusterSettings): number {
  const sorted = [...times].sort((a, b) => a - b);
  const usualMs = sorted[Math.floor(sorted.length * 0.9)] ?? 0;
  const rounds = Math.ceil(times.length / connections);
  return Math.ceil((Date.now() + LAUNCH_MS + 2 * rounds * usualMs) / 1000) * 1000;
}

function nodeOptions(run: ClusterRun, host: string, signal?: AbortSignal) {
  const { cluster, run: name, settings } = run.document;
  return { cluster, run: name, settings, host, ...(signal ? { signal } : undefined) };
}

async function prepareHost(
  run: ClusterRun,
  host: string,
  files: RecorderFiles,
  signal?: AbortSignal,
): Promise<Prepared> {
  return withNode(nodeOptions(run, host, signal), async (node) => {
    const facts = parseFacts((await node.request("look")).lines);
    const { recorder, minFreeBytes } = run.settings;
    const choice = chooseRecorder(facts, recorder, minFreeBytes);
    if (choice.kind === "none") throw new HostError("unsuitable", choice.reason);
    const clock = await measureClock(node, "start");
    const before = run.host(host).clock;
    run.updateHost(host, { recorder: choice.kind, clock: [...before, clock], vanished: false });
    const file = files[choice.kind];
    if (!facts.files.includes(file.name)) {
      await node.sendRest(`put ${file.name} ${file.checksums}`, file.compressed);
    }
    const { kind } = choice;
    return { host, kind, offsetMs: clock.offsetMs, limits: limitsOf(facts, choice) };
  });
}

async function launchHost(
  run: ClusterRun,
  { host, kind, offsetMs, limits }: Prepared,
  files: RecorderFiles,
  atMs: number,
  signal?: AbortSignal,
) {
  const { settings } = run;
  return withNode(nodeOptions(run, host, signal), async (node) => {
    const at = ((atMs + offsetMs) / 1000).toFixed(3);
    const words = kind === "node" ? nodeWords(run, host, at) : shWords(run, host, at);
    const { text } = await node.request(`begin ${kind} ${files[kind].name} ${words.join(" ")}`);
    const [how, part = host] = text.split(" ");
    const already = how === "already";
    const lateMs = already ? 0 : Math.max(0, Date.now() - atMs);
    const state = run.host(host);
    run.updateHost(host, {
      parts: [...new Set([...state.parts, part])],
      state: "running",
      complete: false,
    });
    const late = lateMs > settings.intervalMs ? [`begun ${(lateMs / 1000).toFixed(1)} s late`] : [];
    const message = [
      already ? "is being recorded already" : `records with ${kind === "node" ? "Node" : "sh"}`,
      ...late,
      ...limits,
    ].join("; ");
    return { message, details: { recorder: kind, part, already, clockOffsetMs: offsetMs, lateMs } };
  });
}

function nodeWords(run: ClusterRun, host: string, at: string): string[] {
  const { intervalMs, forMs, maxBytes, minFreeBytes, objects } = run.settings;
  return [
    "-i",
    `${intervalMs}ms`,
    "--for",
    `${forMs}ms`,
    "--max-size",
    String(maxBytes),
    "--min-free",
    String(minFreeBytes),
    ...identity(run, host, at),
    // Requests are words: the blank of an object's name is any character's place.
    ...(objects.length > 0 ? ["--objects", objects.join(",").split(" ").join("*")] : []),
  ];
}

function shWords(run: ClusterRun, host: string, at: string): string[] {
  const { intervalMs, forMs, maxBytes, minFreeBytes, processesMs } = run.settings;
  const seconds = (ms: number) => String(Math.max(1, Math.round(ms / 1000)));
  const megabytes = (bytes: number) => String(Math.max(1, Math.round(bytes / 1024 ** 2)));
  return [
    "-i",
    seconds(intervalMs),
    "--for",
    seconds(forMs),
    "--max-size",
    megabytes(maxBytes),
    "--min-free",
    megabytes(minFreeBytes),
    ...identity(run, host, at),
    ...(processesMs === undefined ? [] : ["--processes", seconds(processesMs)]),
  ];
}

function identity(run: ClusterRun, host: string, at: string): string[] {
  const { cluster, run: name } = run.document;
  const { role } = run.host(host);
  return ["--cluster", cluster, "--run", name, "--role", role, "--host", host, "--at", at];
}
