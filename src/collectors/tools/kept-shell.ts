/** A shell that runs beside the agent and takes commands from a pipe. */
import { closeSync, readSync, writeSync } from "node:fs";
import { systemErrorCode } from "../../util/errors.ts";
import { makePipes } from "./make-pipe.ts";
import { spawnSyncWith } from "./spawn-sync.ts";
import { TOOL_FOLDERS } from "./tools.ts";

const ENVIRONMENT = { PATH: TOOL_FOLDERS.join(":"), LC_ALL: "C" };

/**
 * Leaves a shell behind that first tells its process id. A session of its own where that can be had, so
 * that its programs can be killed with it; its input is named, or it were /dev/null in the background.
 */
const START =
  "cd /; exec 3<&0; setsid=$(command -v setsid); " +
  "$setsid sh -c 'echo $$; exec sh' <&3 3<&- 2>/dev/null &";

const BUFFER_BYTES = 16 * 1024;

/** Ends by itself when the agent ends, however that happens: then its input is at its end. */
export class KeptShell {
  private readonly commands: number;
  private readonly answers: number;
  private pid = 0;

  /** @throws when no shell can be started */
  constructor() {
    const { toProcess, fromProcess } = makePipes();
    this.commands = toProcess.input;
    this.answers = fromProcess.output;
    const program = { file: "/bin/sh", args: ["-c", START], environment: ENVIRONMENT };
    const { status } = spawnSyncWith(program, toProcess.output, fromProcess.input);
    closeSync(toProcess.output);
    closeSync(fromProcess.input);
    if (status === 0) return;
    this.forget();
    closeSync(this.commands);
    throw new Error("/bin/sh could not be started");
  }

  /** @throws when it has ended, or does not read what it is told */
  tell(script: string): void {
    writeSync(this.commands, script);
  }

  /** @returns what was printed since the last call; `undefined` when nobody is left who could print */
  read(): Buffer | undefined {
    const buffer = Buffer.allocUnsafe(BUFFER_BYTES);
    const length = readWaiting(this.answers, buffer);
    if (length === undefined) return undefined;
    let start = 0;
    if (this.pid === 0 && length > 0) {
      start = buffer.indexOf("\n") + 1;
      this.pid = Number(buffer.toString("latin1", 0, start));
    }
    return buffer.subarray(start, length);
  }

  /** With all that it runs; what hangs in the kernel ends when it can, and holds the pipe until then. */
  kill(): void {
    closeSync(this.commands);
    if (!(this.pid > 1)) return;
    for (const target of [-this.pid, this.pid]) {
      try {
        process.kill(target, "SIGKILL");
      } catch {
        // It has ended, or has no group of its own.
      }
    }
  }

  /** After `kill`: whether something that it ran is still there. */
  get isHeld(): boolean {
    return this.read() !== undefined;
  }

  /** After `kill`: the last descriptor is given back. */
  forget(): void {
    closeSync(this.answers);
  }
}

/** @returns 0 when there is nothing now, `undefined` when there never will be */
function readWaiting(descriptor: number, buffer: Buffer): number | undefined {
  try {
    return readSync(descriptor, buffer, 0, buffer.length, null) || undefined;
  } catch (error) {
    if (systemErrorCode(error) === "EAGAIN") return 0;
    throw error;
  }
}
