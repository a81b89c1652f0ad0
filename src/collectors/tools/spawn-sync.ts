/** A program run to its end, without all that `node:child_process` brings into memory. */
import type childProcess from "node:child_process";
import { createRequire } from "node:module";

export interface Program {
  /** Absolute path. */
  readonly file: string;
  readonly args: readonly string[];
  /** All of its environment. */
  readonly environment: Readonly<Record<string, string>>;
}

export interface SpawnLimits {
  readonly timeoutMs: number;
  readonly outputBytes: number;
}

export interface ProgramEnd {
  /** `null` when a signal ended it or it could not be started. */
  readonly status: number | null;
  readonly signal: string | null;
  readonly output: Buffer;
}

/** What both ways have in common of their results. */
interface Result {
  readonly status: number | null;
  readonly signal: string | null;
  /** By descriptor; `null` when it could not be started. */
  readonly output: readonly (Buffer | null)[] | null;
}

/**
 * `child_process.spawnSync` takes 3 MB of memory, for sockets and streams that it has no use for. What
 * is below it takes nothing, but is nobody's promise: called only in these versions of Node, in which
 * it was looked up, and which are not changed any more.
 */
const KNOWN_MAJORS = [12, 14, 16, 18, 20];
const isKnown = KNOWN_MAJORS.includes(Number(process.versions.node.split(".")[0]));

const SIGKILL = 9;

/**
 * Runs a program without input and waits for it. One that takes longer or prints more than it may is
 * killed: by SIGKILL, because a process that waits for a network file system takes no other.
 */
export function spawnSync(program: Program, limits: SpawnLimits): ProgramEnd {
  return ended((isKnown ? spawnBare : spawnWhole)(program, ["ignore", "pipe"], limits));
}

/** Runs a program that gets two open files as its standard input and output, and waits for it. */
export function spawnSyncWith(program: Program, input: number, output: number): ProgramEnd {
  return ended((isKnown ? spawnBare : spawnWhole)(program, [input, output]));
}

type Files = readonly ["ignore", "pipe"] | readonly [number, number];

function spawnBare(
  { file, args, environment }: Program,
  files: Files,
  limits?: SpawnLimits,
): Result {
  const bindings = process as unknown as { binding(name: string): SpawnBinding };
  const stdio = files.map((entry) =>
    typeof entry === "number"
      ? { type: "fd", fd: entry }
      : { type: entry, readable: false, writable: true },
  );
  return bindings.binding("spawn_sync").spawn({
    file,
    args: [file, ...args],
    envPairs: Object.keys(environment).map((name) => `${name}=${environment[name]}`),
    stdio: [...stdio, { type: "ignore" }],
    ...(limits && {
      timeout: limits.timeoutMs,
      maxBuffer: limits.outputBytes,
      killSignal: SIGKILL,
    }),
  });
}

interface SpawnBinding {
  spawn(options: object): Result;
}

function spawnWhole(
  { file, args, environment }: Program,
  files: Files,
  limits?: SpawnLimits,
): Result {
  // At once, which `import()` is not.
  const { spawnSync: spawn } = createRequire("/")("child_process") as typeof childProcess;
  return spawn(file, args, {
    env: environment,
    stdio: [...files, "ignore"],
    killSignal: "SIGKILL",
    ...(limits && { timeout: limits.timeoutMs, maxBuffer: limits.outputBytes }),
  });
}

function ended({ status, signal, output }: Result): ProgramEnd {
  return { status, signal, output: output?.[1] ?? Buffer.alloc(0) };
}
