/** The processes that bench/agent.ts measures, and how it measures them. */
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { collectors } from "../../src/collectors/all.ts";
import { projectRoot } from "../../test/support/source-files.ts";

export class Measured {
  private readonly child: ChildProcess;
  private readonly exited: Promise<void>;
  private errors = "";

  constructor(command: string, args: readonly string[]) {
    this.child = spawn(command, args, { stdio: ["ignore", "ignore", "pipe"] });
    this.child.stderr!.on("data", (bytes: Buffer) => (this.errors += bytes.toString()));
    this.exited = new Promise((resolve, reject) => {
      this.child.once("error", reject);
      this.child.once("close", () => resolve());
    });
    this.exited.catch(() => undefined);
  }

  /** Milliseconds that its threads have been on a CPU. @throws when it is not running any more */
  cpuMs(): number {
    const tasks = `/proc/${this.pid}/task`;
    let nanoseconds = 0;
    for (const task of readdirSync(tasks)) {
      const [onCpu = "0"] = readFileSync(join(tasks, task, "schedstat"), "latin1").split(" ");
      nanoseconds += Number(onCpu);
    }
    return nanoseconds / 1e6;
  }

  rssMb(): number {
    return this.statusKb("VmRSS") / 1024;
  }

  anonymousMb(): number {
    return this.statusKb("RssAnon") / 1024;
  }

  /** Ends it, if it has not ended, and waits for that. */
  async stop(): Promise<void> {
    this.child.kill("SIGTERM");
    await this.exited;
  }

  private get pid(): number {
    if (this.child.pid === undefined || this.child.exitCode !== null) {
      throw new Error(`${this.child.spawnfile} has ended: ${this.errors}`);
    }
    return this.child.pid;
  }

  private statusKb(name: string): number {
    const status = readFileSync(`/proc/${this.pid}/status`, "latin1");
    return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(status)?.[1]);
  }
}

/** Those with an instance for each process or group of them; the rest is what `sadc` has, too. */
const NOT_OF_THE_SYSTEM = new Set([
  "Process",
  "Kernel Thread",
  "Control Group",
  "Java Virtual Machine",
]);

/** Records all objects of the system as a whole. */
export function startAgent(folder: string): Measured {
  const agent = join(projectRoot, "dist", "agent.cjs");
  if (!existsSync(agent)) throw new Error("dist/agent.cjs is not there: npm run build");
  const objects = collectors
    .map(({ object }) => object.name)
    .filter((name) => !NOT_OF_THE_SYSTEM.has(name));
  return new Measured(agent, [
    "-o",
    folder,
    "-i",
    "1s",
    "--all-devices",
    "--objects",
    objects.join(","),
  ]);
}

/** @throws when the package sysstat is not installed */
export function startSadc(file: string): Measured {
  const places = ["/usr/lib/sysstat/sadc", "/usr/lib/sa/sadc", "/usr/lib64/sa/sadc"];
  const sadc = places.find((path) => existsSync(path));
  if (!sadc)
    throw new Error("sadc is not here: apt-get install -y --no-install-recommends sysstat");
  return new Measured(sadc, ["-S", "XALL", "1", file]);
}

export function startBusyHost(folder: string, seed: number): Measured {
  const tsx = join(projectRoot, "node_modules", "tsx", "dist", "cli.mjs");
  return new Measured(process.execPath, [
    tsx,
    join(projectRoot, "bench", "support", "busy-host.ts"),
    folder,
    `${seed}`,
  ]);
}

export function sleepSeconds(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}
