/** The sh recorder and all that it starts, as a group of processes to be measured. */
import { spawn, type ChildProcess } from "node:child_process";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { recorderScript } from "../../src/cli/recorder/recorder-script.ts";

export interface RecorderVariant {
  readonly name: string;
  readonly shell: readonly string[];
  readonly awk: string;
}

export interface GroupMemory {
  readonly rssMb: number;
  readonly pssMb: number;
}

export class RecorderGroup {
  readonly folder: string;
  private readonly child: ChildProcess;
  private readonly closed: Promise<void>;

  constructor(
    work: string,
    { shell, awk }: RecorderVariant,
    args: readonly string[],
    root: string | undefined,
  ) {
    this.folder = join(work, "recording");
    const script = join(work, "recorder.sh");
    writeFileSync(script, recorderScript());
    const [program = "", ...rest] = shell;
    this.child = spawn(program, [...rest, script, "-o", this.folder, ...args], {
      detached: true,
      stdio: "ignore",
      env: { ...process.env, AWK: awk, ...(root === undefined ? {} : { PERFMON_ROOT: root }) },
    });
    this.closed = new Promise((resolve, reject) => {
      this.child.once("error", reject);
      this.child.once("close", () => resolve());
    });
  }

  /** Milliseconds on a CPU of the shell, and of what it started and waited for. */
  cpuMs(): number {
    return this.members().reduce((sum, pid) => {
      const stat = statFields(pid);
      // Of itself in nanoseconds; of its children that have ended in hundredths of a second.
      return stat ? sum + onCpuMs(pid) + (Number(stat[13]) + Number(stat[14])) * 10 : sum;
    }, 0);
  }

  /** All processes that there are now. */
  memory(): GroupMemory {
    let rss = 0;
    let pss = 0;
    for (const pid of this.members()) {
      const [rssKb, pssKb] = memoryKb(pid);
      rss += rssKb;
      pss += pssKb;
    }
    return { rssMb: rss / 1024, pssMb: pss / 1024 };
  }

  async stop(): Promise<void> {
    this.child.kill("SIGTERM");
    await this.closed;
  }

  /** Bytes of the samples' files, compressed. */
  bytes(): number {
    const names = readdirSync(this.folder).filter((name) => /^\d.*\.raw/.test(name));
    return names.reduce((sum, name) => sum + statSync(join(this.folder, name)).size, 0);
  }

  /** The shell and what it has started. */
  private members(): string[] {
    const found = [String(this.child.pid)];
    for (const pid of found) {
      try {
        const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "latin1");
        found.push(...children.split(" ").filter((child) => child !== ""));
      } catch {
        // It has just ended.
      }
    }
    return found;
  }
}

/** Fields of /proc/PID/stat after the name: state, ppid, pgrp, session, ... */
function statFields(pid: string): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "latin1");
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch {
    return undefined;
  }
}

function onCpuMs(pid: string): number {
  try {
    return Number(readFileSync(`/proc/${pid}/schedstat`, "latin1").split(" ")[0]) / 1e6;
  } catch {
    return 0;
  }
}

/** Resident memory, in which shared pages count in full, and in which they count in parts. */
function memoryKb(pid: string): [rss: number, pss: number] {
  try {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, "latin1");
    const number = (name: string) =>
      Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(text)?.[1] ?? 0);
    return [number("Rss"), number("Pss")];
  } catch {
    return [0, 0];
  }
}
