/** `perfmon cluster clean`: takes away from hosts what a run left there. */
import type { SshSession } from "../target/ssh-session.ts";
import type { Outcome, StepOptions } from "./outcome.ts";
import type { ClusterRun } from "./run-folder.ts";
import { eachNode, parseStatus } from "./status.ts";

export interface CleanOptions extends StepOptions<undefined> {
  /** Also what has not been collected. */
  readonly discard: boolean;
}

export function cleanHosts(
  run: ClusterRun,
  hosts: readonly string[],
  options: CleanOptions,
): Promise<Outcome<undefined>[]> {
  return eachNode(run, hosts, options, async (node, host) => {
    const kept = options.discard ? undefined : await whyKeep(run, node, host);
    if (kept !== undefined) return { ok: false, message: kept, details: undefined };
    await node.request("clean");
    run.updateHost(host, { state: "cleaned" });
    return { message: "clean", details: undefined };
  });
}

/** What would be lost, or still runs. */
async function whyKeep(
  run: ClusterRun,
  node: SshSession,
  host: string,
): Promise<string | undefined> {
  const { parts } = parseStatus((await node.request("status")).lines);
  if (parts.length === 0) return undefined;
  if (parts.some(({ state }) => state === "running")) {
    return "it is still being recorded: perfmon cluster stop";
  }
  const { complete, parts: known } = run.host(host);
  if (complete === true && parts.every(({ part }) => known.includes(part))) return undefined;
  return "not everything has been collected: perfmon cluster collect, or clean --discard";
}
