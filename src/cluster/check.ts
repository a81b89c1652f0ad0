/** `perfmon cluster check`: what is there, host by host. Leaves nothing behind. */
import { forEach } from "../target/each.ts";
import type { ClusterSettings } from "../config/cluster-file.ts";
import { measureClock } from "./clock.ts";
import {
  chooseRecorder,
  limitsOf,
  parseFacts,
  type HostFacts,
  type RecorderChoice,
} from "./facts.ts";
import { withNode } from "./node-session.ts";
import { attempt, type Outcome, type StepOptions } from "./outcome.ts";

export interface CheckedHost {
  readonly facts: HostFacts;
  readonly recorder: RecorderChoice;
  readonly clockOffsetMs: number;
  readonly limits: readonly string[];
}

export async function checkHosts(
  hosts: readonly string[],
  settings: ClusterSettings,
  options: StepOptions<CheckedHost>,
): Promise<Outcome<CheckedHost>[]> {
  const outcomes: Outcome<CheckedHost>[] = [];
  const check = async (host: string) => {
    const step = () => checkHost(host, settings, options.signal);
    outcomes.push(await attempt(host, options, step));
  };
  await forEach(hosts, settings.connections, check, options.signal);
  return outcomes;
}

async function checkHost(host: string, settings: ClusterSettings, signal?: AbortSignal) {
  const session = { cluster: settings.name, run: "none", settings, host };
  return withNode({ ...session, ...(signal ? { signal } : undefined) }, async (node) => {
    const facts = parseFacts((await node.request("look")).lines);
    const { offsetMs } = await measureClock(node, "start");
    const recorder = chooseRecorder(facts, settings.recorder, settings.minFreeBytes);
    const limits = limitsOf(facts, recorder);
    const details = { facts, recorder, clockOffsetMs: offsetMs, limits };
    if (recorder.kind === "none") return { ok: false, message: recorder.reason, details };
    const what = recorder.kind === "node" ? `Node ${recorder.program.version.slice(1)}` : "sh";
    return { message: [`recorder: ${what}`, ...limits].join("; "), details };
  });
}
