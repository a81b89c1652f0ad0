/** The sh recorder and all that it starts, as a group of processes to be measured. */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
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

  /** Milliseconds on a CPU of the shell, of awk, and of what they started and waited for. */
  cpuMs(): number {
    let ms = 0;
    for (const pid of this.members()) {
      const stat = statFields(pid);
      // Of itself in nanoseconds; of its children that have ended in hundredths of a second.
      if (stat) ms += onCpuMs(pid) + (Number(stat[13]) + Number(stat[14])) * 10;
    }
    return ms;
  }

  /** All processes that there are now. */
  memory(): GroupMemory {
    let rss = 0;
    let pss = 0;
    for (const pid of this.members()) {
      rss += kilobytes(`/proc/${pid}/status`, "VmRSS");
      pss += kilobytes(`/proc/${pid}/smaps_rollup`, "Pss");
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

  /** The shell, awk and the `sleep` of the moment; compressing is measured apart. */
  private members(): string[] {
    return readdirSync("/proc").filter(
      (name) => /^\d+$/.test(name) && statFields(name)?.[3] === String(this.child.pid),
    );
  }
}

/** CPU milliseconds that compressing the files of a recording takes, each once. */
export function compressionMs(folder: string): number {
  const repeats = 10;
  const command =
    `for i in 0 1 2 3 4 5 6 7 8 9; do for f in "$1"/0*.raw.gz; do gzip -dc "$f" >"$1/plain"; ` +
    `gzip -c "$1/plain" >/dev/null; done; done; times`;
  const plain = `for i in 0 1 2 3 4 5 6 7 8 9; do for f in "$1"/0*.raw.gz; do gzip -dc "$f" >"$1/plain"; done; done; times`;
  return (childrenMs(command, folder) - childrenMs(plain, folder)) / repeats;
}

/** What `times` says of the children of a shell, in its second line. */
function childrenMs(command: string, folder: string): number {
  const { stdout } = spawnSync("sh", ["-c", command, "sh", folder], { encoding: "latin1" });
  const line = stdout.trim().split("\n")[1] ?? "";
  let ms = 0;
  for (const [, minutes, seconds] of line.matchAll(/(\d+)m([\d.]+)s/g)) {
    ms += Number(minutes) * 60_000 + Number(seconds) * 1000;
  }
  return ms;
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

function kilobytes(path: string, name: string): number {
  try {
    const text = readFileSync(path, "latin1");
    return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(text)?.[1] ?? 0);
  } catch {
    return 0;
  }
}
