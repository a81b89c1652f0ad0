/** `perfmon cluster collect`: brings home what is not here yet. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { writeArrival } from "../recording/arrival.ts";
import { HostError } from "../target/ssh-failure.ts";
import type { SshSession } from "../target/ssh-session.ts";
import { arrivingName, StreamReader, WrongChecksum, type Collected } from "./collect-stream.ts";
import { connect } from "./node-session.ts";
import { attempt, type Outcome, type StepOptions } from "./outcome.ts";
import type { ClusterRun, HostState } from "./run-folder.ts";
import { forEach } from "../target/each.ts";

export interface CollectedHost {
  readonly parts: readonly string[];
  /** New or grown. */
  readonly files: number;
  /** As they are on the host, uncompressed. */
  readonly bytes: number;
  readonly states: Readonly<Record<string, string>>;
}

export interface CollectOptions extends StepOptions<CollectedHost> {
  readonly onBytes?: (host: string, bytes: number) => void;
}

const TIMEOUT_MS = 24 * 3_600_000;

export async function collectHosts(
  run: ClusterRun,
  hosts: readonly string[],
  options: CollectOptions,
): Promise<Outcome<CollectedHost>[]> {
  const outcomes: Outcome<CollectedHost>[] = [];
  const one = async (host: string) => {
    outcomes.push(await attempt(host, options, () => collectHost(run, host, options)));
  };
  await forEach(hosts, run.settings.connections, one, options.signal);
  return outcomes;
}

async function collectHost(run: ClusterRun, host: string, options: CollectOptions) {
  let collected: Collected;
  try {
    collected = await transfer(run, host, options);
  } catch (error) {
    if (!(error instanceof WrongChecksum)) throw error;
    // What was wrong has been taken away, and comes anew.
    collected = await transfer(run, host, options);
  }
  const { files, states, bytes } = collected;
  const parts = Object.keys(states);
  if (parts.length === 0) throw new HostError("nothing", "nothing of this run is there");
  const before = run.host(host);
  const newest = states[parts[parts.length - 1]!];
  const state = run.updateHost(host, {
    parts: [...new Set([...before.parts, ...parts])],
    collected: { ...before.collected, ...files },
    complete: newest !== "running",
    ...(newest === undefined ? undefined : { state: newest }),
  });
  for (const part of parts) writePartArrival(run, state, part);
  const message = `${Object.keys(files).length} files, ${(bytes / 1024).toFixed(0)} kB; ${newest}`;
  return { message, details: { parts, files: Object.keys(files).length, bytes, states } };
}

async function transfer(
  run: ClusterRun,
  host: string,
  { signal, onBytes }: CollectOptions,
): Promise<Collected> {
  const { cluster, run: name, settings } = run.document;
  const options = { cluster, run: name, settings, host, timeoutMs: TIMEOUT_MS };
  const node = connect({ ...options, ...(signal ? { signal } : undefined) });
  const part = (folder: string) => folder === host || folder.startsWith(`${host}~`);
  try {
    for (const [file, bytes] of whatIsHere(run, host)) node.tell(`have ${file} ${bytes}`);
    const stream = gunzipped(node);
    return await new StreamReader(stream, run.folder, part, (bytes) =>
      onBytes?.(host, bytes),
    ).read();
  } finally {
    await node.close();
  }
}

/** Errors of the connection come out where they are read. */
function gunzipped(node: SshSession): AsyncIterable<Buffer> {
  const source = Readable.from(node.stream("send"));
  const gunzip = createGunzip();
  source.once("error", (error) => gunzip.destroy(error));
  gunzip.once("error", () => source.destroy());
  return (async function* () {
    try {
      yield* source.pipe(gunzip) as AsyncIterable<Buffer>;
    } catch (error) {
      if (error instanceof HostError) throw error;
      throw new HostError("connection-lost", "the connection ended in the middle");
    }
  })();
}

/** Files and how much of them is here: verified, or left by a transfer that was cut. */
function* whatIsHere(run: ClusterRun, host: string): Generator<[name: string, bytes: number]> {
  const { parts, collected } = run.host(host);
  for (const [name, { bytes }] of Object.entries(collected)) {
    const path = join(run.folder, name);
    if (existsSync(path) && statSync(path).size === bytes) yield [name, bytes];
  }
  for (const part of new Set([host, ...parts])) {
    for (const file of filesIn(join(run.folder, part))) {
      const name = `${part}/${file.replace(/\.part$/, "")}`;
      const path = join(run.folder, part, file);
      if (arrivingName(name) !== `${part}/${file}`) continue;
      const { size } = statSync(path);
      if (collected[name]?.bytes !== size) yield [name, size];
    }
  }
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** What the recording itself cannot know goes beside it. */
export function writePartArrival(run: ClusterRun, { host, clock }: HostState, part: string): void {
  const { command, marks } = run.document;
  if (!existsSync(join(run.folder, part))) return;
  writeArrival(join(run.folder, part), {
    version: 1,
    address: host,
    clock,
    ...(command ? { command } : undefined),
    marks,
  });
}
