/** The hosts of a cluster, from all the places that name some. */
import { readFileSync } from "node:fs";
import type { ClusterSettings } from "../config/cluster-file.ts";
import { expandHosts } from "../config/host-ranges.ts";
import { commandOutput } from "../target/local-command.ts";
import { UserError } from "../util/errors.ts";

/**
 * Asks again each time: files and commands may name others than before.
 *
 * @returns each host once, in order
 * @throws UserError when there is none, or a file or command fails
 */
export async function clusterHosts(settings: ClusterSettings): Promise<string[]> {
  const { hosts, hostsFile, hostsCommand } = settings;
  const all = new Set(hosts);
  if (hostsFile !== undefined) for (const host of inFile(hostsFile)) all.add(host);
  if (hostsCommand !== undefined) {
    for (const host of linesOf(await commandOutput(hostsCommand))) all.add(host);
  }
  if (all.size > 0) return [...all];
  throw new UserError(
    "There are no hosts.",
    "Name some: --hosts worker[01-40], or hosts, hosts_file or hosts_command in the cluster file.",
  );
}

function inFile(path: string): string[] {
  try {
    return linesOf(readFileSync(path, "utf8"));
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new UserError(`The file of hosts ${path} cannot be read (${reason}).`);
  }
}

function linesOf(text: string): string[] {
  return text.split("\n").flatMap((line) => expandHosts(line.replace(/#.*/, "")));
}
