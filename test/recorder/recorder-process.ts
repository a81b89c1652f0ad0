/** Runs the sh recorder under the shells and awks of a list, and reads back what it recorded. */
import { spawn, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { recorderScript } from "../../src/cli/recorder/recorder-script.ts";
import { cook, cookedSeries, prepareIntervals } from "../../src/counter/cook.ts";
import type { Chunk } from "../../src/recording/chunk.ts";
import { completeSamples } from "../../src/recording/raw/raw-format.ts";
import { readChunks } from "../../src/recording/read-chunks.ts";
import { openRecording } from "../../src/recording/recording.ts";

export interface Surroundings {
  /** Debian packages that it needs. */
  readonly packages: readonly string[];
  readonly shell: readonly string[];
  /** `undefined`: what the recorder chooses. */
  readonly awk?: string;
  /** Nothing but busybox's own programs. */
  readonly busybox?: boolean;
}

export const SURROUNDINGS: Readonly<Record<string, Surroundings>> = {
  "dash and mawk": { packages: ["mawk"], shell: ["dash"], awk: "mawk" },
  "bash and gawk": { packages: ["gawk"], shell: ["bash"], awk: "gawk" },
  "bash --posix and mawk": { packages: ["mawk"], shell: ["bash", "--posix"] },
  "dash and busybox awk": { packages: ["busybox"], shell: ["dash"], awk: "busybox awk" },
  "nothing but busybox": { packages: ["busybox"], shell: ["sh"], busybox: true },
};

export interface RecorderExit {
  readonly code: number | null;
  readonly stderr: string;
}

export class RecorderProcess {
  readonly folder: string;
  readonly exit: Promise<RecorderExit>;
  readonly pid: number;

  constructor(
    work: string,
    args: readonly string[],
    { shell, awk, busybox }: Surroundings,
    env: Readonly<Record<string, string>> = {},
  ) {
    this.folder = join(work, "recording");
    const script = join(work, "recorder.sh");
    writeFileSync(script, recorderScript());
    const [program = "", ...rest] = shell;
    // A group of its own, which a kill can be sent to.
    const child = spawn(program, [...rest, script, "-o", this.folder, ...args], {
      detached: true,
      stdio: ["ignore", "ignore", "pipe"],
      env: {
        ...process.env,
        ...(busybox ? { PATH: busyboxPrograms(work) } : undefined),
        ...(awk === undefined ? undefined : { AWK: awk }),
        ...env,
      },
    });
    this.pid = child.pid!;
    let stderr = "";
    child.stderr.on("data", (bytes: Buffer) => (stderr += bytes.toString()));
    this.exit = new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => resolve({ code, stderr }));
    });
  }

  /** Samples that are complete in the file of the current minute. */
  samples(): number {
    return completeSamples(Buffer.from(this.currentText(), "latin1"));
  }

  /** Does something between two samples, with the recorder halted. */
  async betweenSamples(action: () => void): Promise<void> {
    for (let isBetween = false; !isBetween; await sleep(10)) {
      process.kill(-this.pid, "SIGSTOP");
      isBetween = /^@[0-9a-f]{8} end\n$/m.test(this.currentText().slice(-20));
      if (isBetween) action();
      process.kill(-this.pid, "SIGCONT");
    }
  }

  async waitFor(what: string, isSo: () => boolean): Promise<void> {
    for (let i = 0; i < 1500; i++) {
      if (isSo()) return;
      await sleep(10);
    }
    throw new Error(`the recorder did not get there: ${what}`);
  }

  /** Where it has got to: the current file, and samples in it. */
  place(): string {
    return `${this.currentFile()} ${this.samples()}`;
  }

  private currentFile(): string | undefined {
    const names = existsSync(this.folder) ? readdirSync(this.folder).sort() : [];
    return names.filter((file) => /^\d+\.\d\d\.raw$/.test(file)).pop();
  }

  private currentText(): string {
    const name = this.currentFile();
    return name === undefined ? "" : readFileSync(join(this.folder, name), "latin1");
  }

  kill(signal: NodeJS.Signals, whom: "script" | "group" = "group"): void {
    process.kill(whom === "group" ? -this.pid : this.pid, signal);
  }

  /** Whether a process of its group is left. */
  get isRunning(): boolean {
    try {
      process.kill(-this.pid, 0);
      return true;
    } catch {
      return false;
    }
  }
}

export function chunksOf(folder: string): Chunk[] {
  const recording = openRecording(folder);
  return recording.segments.flatMap(({ number }) => [
    ...readChunks(recording, number, { maxReadings: Infinity }),
  ]);
}

/** `\Object(parent/instance)\Counter` to the values of its intervals. */
export function cookedValues(chunks: readonly Chunk[]): Map<string, number[]> {
  const values = new Map<string, number[]>();
  for (const { clock, units } of chunks) {
    for (const { object, group, instance, columns } of units) {
      const raw = columns();
      const intervals = prepareIntervals(raw, clock);
      const label = instance.parent ? `${instance.parent}/${instance.name}` : instance.name;
      for (const counter of object.counters) {
        if (counter.group !== group) continue;
        const out = cookedSeries(raw.at.length);
        cook(counter, intervals, out);
        if (out.length === 0) continue;
        const path = `\\${object.name}${label ? `(${label})` : ""}\\${counter.name}`;
        values.set(path, [...(values.get(path) ?? []), ...out.values.subarray(0, out.length)]);
      }
    }
  }
  return values;
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

export class WorkFolders {
  private readonly made: string[] = [];

  make(): string {
    const folder = mkdtempSync(join(tmpdir(), "perfmon-recorder-"));
    this.made.push(folder);
    return folder;
  }

  remove(): void {
    for (const folder of this.made.splice(0)) rmSync(folder, { recursive: true, force: true });
  }
}

/** A folder with links to busybox for each of its programs. */
function busyboxPrograms(work: string): string {
  const folder = join(work, "bin");
  if (existsSync(folder)) return folder;
  mkdirSync(folder);
  const { status, stderr } = spawnSync("busybox", ["--install", "-s", folder]);
  if (status !== 0 || readdirSync(folder).length < 50) throw new Error(String(stderr));
  return folder;
}
