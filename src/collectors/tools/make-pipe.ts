/** Pipes, which Node has no call for but those that come with a process. */
import { closeSync, constants, mkdtempSync, openSync, rmdirSync, unlinkSync } from "node:fs";
import { spawnSync } from "./spawn-sync.ts";

/** Where a FIFO may stand for the moment that it takes to open it; the first that can be written. */
const FOLDERS = ["/dev/shm", "/run", "/tmp", "/var/tmp"];
const MKFIFO = { timeoutMs: 1000, outputBytes: 1024 };

export interface Pipe {
  /** A descriptor to read from. */
  readonly output: number;
  /** A descriptor to write to. */
  readonly input: number;
}

/**
 * Two pipes: FIFOs that have no name any more once they are open. Reading the one and writing to the
 * other never blocks (`EAGAIN`); the ends that another process is to have do block, as it expects.
 *
 * @throws when no folder can be written, or `mkfifo` cannot be run
 */
export function makePipes(): { readonly toProcess: Pipe; readonly fromProcess: Pipe } {
  const folder = temporaryFolder();
  const paths = ["to", "from"].map((name) => `${folder}/${name}`);
  try {
    const { status } = spawnSync(
      {
        file: "/bin/sh",
        args: ["-c", 'exec mkfifo -m 600 "$@"', "sh", ...paths],
        environment: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin" },
      },
      MKFIFO,
    );
    if (status !== 0) throw new Error(`${folder}: mkfifo made no pipe`);
    const { O_NONBLOCK, O_RDONLY, O_WRONLY } = constants;
    const [to, from] = paths as [string, string];
    return {
      toProcess: openBoth(to, O_RDONLY, O_WRONLY | O_NONBLOCK),
      fromProcess: openBoth(from, O_RDONLY | O_NONBLOCK, O_WRONLY),
    };
  } finally {
    for (const path of paths) ignoringMissing(() => unlinkSync(path));
    rmdirSync(folder);
  }
}

/** Opened for both at first, so that neither end waits for the other. */
function openBoth(path: string, readFlags: number, writeFlags: number): Pipe {
  const both = openSync(path, "r+");
  try {
    return { output: openSync(path, readFlags), input: openSync(path, writeFlags) };
  } finally {
    closeSync(both);
  }
}

function temporaryFolder(): string {
  let problem: unknown;
  for (const folder of FOLDERS) {
    try {
      return mkdtempSync(`${folder}/perfmon-`);
    } catch (error) {
      problem = error;
    }
  }
  throw problem;
}

function ignoringMissing(action: () => void): void {
  try {
    action();
  } catch {
    // It was not made.
  }
}
