/** `perfmon cluster` in process, on the hosts of a lab. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { recordingStatus } from "../../src/recording/recording-status.ts";
import { perfmon } from "../support/run-cli.ts";
import { processesWith, sleep, SshLab } from "./ssh-lab.ts";

interface HostDocument {
  readonly host: string;
  readonly ok: boolean;
  readonly code: string;
  readonly message: string;
  readonly [key: string]: unknown;
}

export interface StepDocument {
  readonly folder: string;
  readonly startAt: string;
  readonly failed: number;
  readonly hosts: readonly HostDocument[];
}

export const byHost = ({ hosts }: StepDocument) => new Map(hosts.map((host) => [host.host, host]));

export async function step(...argv: string[]): Promise<StepDocument & { exitCode: number }> {
  const { stdout, stderr, exitCode } = await perfmon(["cluster", ...argv, "--json"]);
  if (stdout === "") throw new Error(stderr);
  return { ...(JSON.parse(stdout) as StepDocument), exitCode };
}

export class ClusterLab extends SshLab {
  runFolder(name: string): string {
    return join(this.folder, "runs", name);
  }

  start(name: string, file: string): Promise<StepDocument & { exitCode: number }> {
    return step("start", "-f", file, "--run", name, "-o", this.runFolder(name));
  }

  /** Waits until the hosts hold so many samples. */
  async samplesOn(name: string, samples: number, ...hosts: string[]): Promise<void> {
    const folder = (host: string) => join(this.base, "runs", "lab", name, host);
    const isThere = (host: string) =>
      existsSync(join(folder(host), "recording.json")) &&
      recordingStatus(folder(host)).samples >= samples;
    for (let i = 0; i < 600 && !hosts.every(isThere); i++) await sleep(100);
    for (const host of hosts) {
      expect(recordingStatus(folder(host)).samples, host).toBeGreaterThanOrEqual(samples);
    }
  }

  async stopCollectClean(name: string): Promise<void> {
    for (const command of ["stop", "collect", "clean"]) {
      const { exitCode, hosts } = await step(command, this.runFolder(name));
      expect(exitCode, `${command}: ${JSON.stringify(hosts)}`).toBe(0);
    }
  }

  override close(): void {
    for (const pid of processesWith(this.base)) process.kill(pid, "SIGKILL");
    super.close();
  }
}
