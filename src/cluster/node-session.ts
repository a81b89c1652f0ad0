/** A connection to a host of a run, with `node.sh` at its other end. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { ClusterSettings } from "../config/cluster-file.ts";
import { SshSession } from "../target/ssh-session.ts";

export interface NodeOptions {
  readonly cluster: string;
  readonly run: string;
  readonly settings: ClusterSettings;
  readonly host: string;
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 120_000;

export function connect({
  cluster,
  run,
  settings,
  host,
  signal,
  timeoutMs = TIMEOUT_MS,
}: NodeOptions): SshSession {
  const { user, port, sshOptions, sudo, connectTimeoutSeconds, folder = "", node = "" } = settings;
  const target = {
    host,
    ...(user === undefined ? undefined : { user }),
    ...(port === undefined ? undefined : { port }),
    options: sshOptions,
    sudo,
    connectTimeoutSeconds,
  };
  return new SshSession(target, {
    variables: { base: folder, cluster, run, host, node },
    script: nodeScript(),
    timeoutMs,
    ...(signal ? { signal } : undefined),
  });
}

/** Opens a connection, does something with it, and closes it in any case. */
export async function withNode<T>(
  options: NodeOptions,
  work: (session: SshSession) => Promise<T>,
): Promise<T> {
  const session = connect(options);
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}

let script: string | undefined;

/** Without what is for people: the other side reads it byte by byte. */
export function nodeScript(): string {
  script ??= readFileSync(fileURLToPath(new URL("node.sh", import.meta.url)), "utf8")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"))
    .join("\n")
    .concat("\n");
  return script;
}
