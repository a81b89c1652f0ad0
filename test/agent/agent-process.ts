/** Starts the built agent as a process of its own, and reads back what it recorded. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LogDamage, LogEvent, SegmentEnd } from "../../src/log/block.ts";
import { readSegment } from "../../src/log/segment-reader.ts";
import { openRecording, type Recording } from "../../src/recording/recording.ts";
import { projectRoot } from "../support/source-files.ts";

/** The one-file agent that `npm run build` makes. */
export const agentFile = join(projectRoot, "dist", "agent.cjs");

/** System objects: what costs little even at a short interval. */
export const SYSTEM_OBJECTS = "Processor,System,Memory,PhysicalDisk";

export interface AgentExit {
  /** As a shell would show it: 128 + the signal's number when a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface AgentProcess {
  readonly child: ChildProcess;
  readonly pid: number;
  /** Resolves when it has said that it records, with what it said until then. */
  readonly recording: Promise<string>;
  readonly exit: Promise<AgentExit>;
  /** Resolves when its standard output, which is its command's too, holds a text. */
  printed(text: string): Promise<void>;
}

export interface StartOptions {
  /** Another Node than the one that runs the tests. */
  readonly node?: string;
  /** The agent is started as a program of its own, which finds Node in this folder. */
  readonly nodeFolder?: string;
  readonly agent?: string;
  readonly cwd?: string;
  readonly uid?: number;
  /** A command that is put in front: `["sh", "-c", "ulimit -f 9; exec \"$@\"", "sh"]`. */
  readonly wrapper?: readonly string[];
}

export function startAgent(args: readonly string[], options: StartOptions = {}): AgentProcess {
  if (!existsSync(agentFile)) throw new Error("dist/agent.cjs is not there: npm run build");
  const { node = process.execPath, agent = agentFile, wrapper = [], cwd, uid } = options;
  const { nodeFolder } = options;
  const [file = "", ...rest] = [...wrapper, ...(nodeFolder ? [] : [node]), agent, ...args];
  const child = spawn(file, rest, {
    stdio: ["ignore", "pipe", "pipe"],
    ...(nodeFolder ? { env: { ...process.env, PATH: `${nodeFolder}:/usr/bin:/bin` } } : undefined),
    ...(cwd === undefined ? undefined : { cwd }),
    ...(uid === undefined ? undefined : { uid, gid: uid }),
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (bytes: Buffer) => (stdout += bytes.toString()));
  const recording = new Promise<string>((resolve, reject) => {
    child.stderr.on("data", (bytes: Buffer) => {
      stderr += bytes.toString();
      if (/^Recording .*\n/m.test(stderr)) resolve(stderr);
    });
    child.once("close", () => reject(new Error(`the agent ended before it recorded: ${stderr}`)));
  });
  // Whoever does not wait for it must not be ended by its rejection.
  recording.catch(() => undefined);
  const exit = new Promise<AgentExit>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  const printed = async (text: string) => {
    while (!stdout.includes(text)) await once(child.stdout, "data");
  };
  return { child, pid: child.pid!, recording, exit, printed };
}

export interface RecordedLog {
  readonly recording: Recording;
  /** Monotonic clock of every sample, milliseconds. */
  readonly monotonicMs: readonly number[];
  readonly damage: readonly LogDamage[];
  readonly ends: readonly SegmentEnd[];
  readonly events: readonly LogEvent[];
  /** Names of the objects with at least one reading. */
  readonly objects: ReadonlySet<string>;
}

export function readLog(folder: string): RecordedLog {
  const recording = openRecording(folder);
  const monotonicMs: number[] = [];
  const damage: LogDamage[] = [];
  const ends: SegmentEnd[] = [];
  const events: LogEvent[] = [];
  const objects = new Set<string>();
  for (const { path } of recording.segments) {
    for (const part of readSegment(path)) {
      if ("damage" in part) damage.push(part.damage);
      else if ("end" in part) ends.push(part.end);
      else {
        monotonicMs.push(...part.block.monotonicMs);
        events.push(...part.block.events);
        for (const unit of part.block.units) {
          if (unit.at.length > 0) objects.add(unit.object.name);
        }
      }
    }
  }
  return { recording, monotonicMs, damage, ends, events, objects };
}

/** A temporary folder, and one to remove all of them. */
export class TemporaryFolders {
  private readonly made: string[] = [];

  make(): string {
    const folder = mkdtempSync(join(tmpdir(), "perfmon-agent-"));
    this.made.push(folder);
    return folder;
  }

  remove(): void {
    for (const folder of this.made.splice(0)) rmSync(folder, { recursive: true, force: true });
  }
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
