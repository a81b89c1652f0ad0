/** `perfmon cluster status`, `stop` and `mark`: short steps on hosts that are being recorded. */
import { forEach } from "../target/each.ts";
import type { SshSession } from "../target/ssh-session.ts";
import { measureClock } from "./clock.ts";
import { withNode } from "./node-session.ts";
import { attempt, type Outcome, type StepOptions } from "./outcome.ts";
import type { ClusterRun } from "./run-folder.ts";

export interface PartStatus {
  readonly part: string;
  /** `running`, `ended`, `died`, `rebooted`, or `none` where nothing was ever written. */
  readonly state: string;
  readonly startedMs: number;
  readonly finishedMs: number | null;
  readonly bytes: number;
  /** Age of the newest sample, by the host's clock. */
  readonly lastSampleAgeSeconds: number | null;
  readonly reason: string | null;
  readonly said: readonly string[];
}

export interface NodeStatus {
  readonly parts: readonly PartStatus[];
  readonly freeBytes: number | null;
  /** Other runs that are being recorded there. */
  readonly others: readonly string[];
}

export async function eachNode<T>(
  run: ClusterRun,
  hosts: readonly string[],
  options: StepOptions<T>,
  work: (
    node: SshSession,
    host: string,
  ) => Promise<{ readonly message: string; readonly details: T; readonly ok?: boolean }>,
): Promise<Outcome<T>[]> {
  const { cluster, run: name, settings } = run.document;
  const outcomes: Outcome<T>[] = [];
  const { signal } = options;
  const one = async (host: string) => {
    const node = { cluster, run: name, settings, host, ...(signal ? { signal } : undefined) };
    outcomes.push(await attempt(host, options, () => withNode(node, (s) => work(s, host))));
  };
  await forEach(hosts, settings.connections, one, signal);
  return outcomes;
}

export function statusOfHosts(
  run: ClusterRun,
  hosts: readonly string[],
  options: StepOptions<NodeStatus>,
): Promise<Outcome<NodeStatus>[]> {
  return eachNode(run, hosts, options, async (node, host) => {
    const details = parseStatus((await node.request("status")).lines);
    remember(run, host, details);
    return described(details);
  });
}

/** Ends the recorders, waits until their logs are complete, and measures the clocks once more. */
export function stopHosts(
  run: ClusterRun,
  hosts: readonly string[],
  options: StepOptions<NodeStatus>,
): Promise<Outcome<NodeStatus>[]> {
  return eachNode(run, hosts, options, async (node, host) => {
    const { lines } = await node.request("halt");
    const clock = await measureClock(node, "stop");
    run.updateHost(host, { clock: [...run.host(host).clock, clock] });
    const details = parseStatus(lines);
    remember(run, host, details);
    return described(details);
  });
}

/** Names a moment on all hosts, each by its own clock. */
export function markHosts(
  run: ClusterRun,
  hosts: readonly string[],
  mark: { readonly timeMs: number; readonly name: string },
  options: StepOptions<undefined>,
): Promise<Outcome<undefined>[]> {
  return eachNode(run, hosts, options, async (node, host) => {
    const { clock } = run.host(host);
    const offsetMs = clock[clock.length - 1]?.offsetMs ?? 0;
    await node.request(`mark ${Math.round(mark.timeMs + offsetMs)} ${mark.name}`);
    return { message: "marked", details: undefined };
  });
}

function remember(run: ClusterRun, host: string, { parts }: NodeStatus): void {
  const newest = parts[parts.length - 1];
  const known = run.host(host);
  run.updateHost(host, {
    state: newest?.state ?? "none",
    parts: [...new Set([...known.parts, ...parts.map(({ part }) => part)])],
  });
}

export function parseStatus(lines: readonly string[]): NodeStatus {
  const parts: (PartStatus & { said: string[] })[] = [];
  const others: string[] = [];
  let freeBytes: number | null = null;
  for (const line of lines) {
    const [word, ...rest] = line.split(" ");
    if (word === "part") {
      const [part = "", state = "", started, finished, kb, age, ...reason] = rest;
      parts.push({
        part,
        state,
        startedMs: Number(started) || 0,
        finishedMs: finished === "-" ? null : Number(finished),
        bytes: Number(kb) * 1024,
        lastSampleAgeSeconds: age === "-" ? null : Math.max(0, Number(age)),
        reason: reason.join(" ") === "-" ? null : reason.join(" "),
        said: [],
      });
    } else if (word === "said") parts[parts.length - 1]?.said.push(rest.join(" "));
    else if (word === "free_kb") freeBytes = Number(rest[0]) * 1024;
    else if (word === "other") others.push(rest.join(" "));
  }
  return { parts, freeBytes, others };
}

const TROUBLE: Readonly<Record<string, string>> = {
  died: "the recorder died",
  rebooted: "the host was rebooted, and nothing records there any more",
  none: "nothing was recorded",
};

function described(details: NodeStatus) {
  const { parts } = details;
  const newest = parts[parts.length - 1];
  if (!newest) return { ok: false, message: "nothing of this run is there", details };
  const { state, reason, said, lastSampleAgeSeconds } = newest;
  const trouble = TROUBLE[state];
  const age =
    lastSampleAgeSeconds === null ? "no sample yet" : `last sample ${lastSampleAgeSeconds} s ago`;
  const message = [
    trouble ?? state,
    ...(reason === null ? [] : [reason]),
    ...(state === "running" ? [age] : []),
    ...(parts.length > 1 ? [`begun ${parts.length} times`] : []),
    ...said,
  ].join("; ");
  return { ok: trouble === undefined, message, details };
}
