/**
 * Hosts for tests: real sshd on addresses of the loopback network, one daemon for many of them, and a
 * configuration for ssh in which each has a name. Needs no root.
 */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface LabHost {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  /** Put into its section of the configuration. */
  readonly options?: readonly string[];
}

export interface DaemonOptions {
  /** Put before sshd: `unshare --mount sh -c '...; exec "$@"' sh`. */
  readonly wrapper?: readonly string[];
  readonly options?: readonly string[];
}

export class SshLab {
  readonly folder = mkdtempSync(join(tmpdir(), "perfmon-cluster-"));
  /** `-F` of ssh. */
  readonly config = join(this.folder, "config");
  readonly hostKey = join(this.folder, "hostkey");
  private readonly key = join(this.folder, "key");
  private readonly daemons: ChildProcess[] = [];
  private readonly hosts: LabHost[] = [];

  constructor() {
    for (const path of [this.hostKey, this.key]) {
      const { status, stderr } = spawnSync("ssh-keygen", ["-qt", "ed25519", "-N", "", "-f", path]);
      if (status !== 0) throw new Error(String(stderr));
    }
    copyFileSync(`${this.key}.pub`, join(this.folder, "authorized"));
    if (process.getuid?.() === 0) mkdirSync("/run/sshd", { recursive: true });
  }

  /** Starts a daemon for hosts of these names, on addresses of their own. */
  async serve(names: readonly string[], { wrapper = [], options = [] }: DaemonOptions = {}) {
    const port = await freePort();
    const first = this.hosts.length + 1;
    const hosts = names.map((name, i) => {
      const number = first + i;
      return { name, address: `127.8.${number >> 8}.${number & 255}`, port };
    });
    const settings = {
      AuthorizedKeysFile: join(this.folder, "authorized"),
      PasswordAuthentication: "no",
      UsePAM: "no",
      StrictModes: "no",
      PermitRootLogin: "yes",
      PidFile: "none",
      MaxStartups: "500",
    };
    const arguments_ = [
      "-f",
      "/dev/null",
      "-D",
      "-e",
      "-p",
      String(port),
      "-h",
      this.hostKey,
      ...hosts.flatMap(({ address }) => ["-o", `ListenAddress=${address}`]),
      ...Object.entries(settings).flatMap(([key, value]) => ["-o", `${key}=${value}`]),
      ...options.flatMap((option) => ["-o", option]),
    ];
    const [program = "", ...rest] = [...wrapper, "/usr/sbin/sshd", ...arguments_];
    const daemon = spawn(program, rest, { stdio: ["ignore", "ignore", "pipe"], detached: true });
    this.daemons.push(daemon);
    let said = "";
    daemon.stderr.on("data", (bytes: Buffer) => (said += bytes.toString()));
    this.add(...hosts);
    for (let i = 0; i < 200 && !said.includes("Server listening"); i++) await sleep(20);
    if (!said.includes("Server listening")) throw new Error(`sshd did not start: ${said}`);
    return hosts;
  }

  /** Names hosts whose sshd, if any, is somebody else's. */
  add(...hosts: readonly LabHost[]): void {
    this.hosts.push(...hosts);
    const known = this.hosts.map(
      ({ address, port }) =>
        `${port === 22 ? address : `[${address}]:${port}`} ${readFileSync(`${this.hostKey}.pub`, "utf8")}`,
    );
    writeFileSync(join(this.folder, "known_hosts"), known.join(""));
    const sections = this.hosts.map(
      ({ name, address, port, options = [] }) =>
        `Host ${name}\n  HostName ${address}\n  Port ${port}\n${options.map((o) => `  ${o}\n`).join("")}`,
    );
    const all = `Host *\n  IdentityFile ${this.key}\n  IdentitiesOnly yes\n  UserKnownHostsFile ${join(this.folder, "known_hosts")}\n`;
    writeFileSync(this.config, `${sections.join("")}${all}`);
  }

  /** Says of a host's key something else than is true. */
  forget(address: string, otherKey?: string): void {
    const path = join(this.folder, "known_hosts");
    const lines = readFileSync(path, "utf8").split("\n");
    const kept = lines.filter((line) => !line.startsWith(`[${address}]`));
    const port = this.hosts.find((host) => host.address === address)!.port;
    if (otherKey !== undefined) kept.unshift(`[${address}]:${port} ${otherKey}`);
    writeFileSync(path, kept.join("\n"));
  }

  /** Where the hosts keep what is brought to them: one folder for all, as on a shared disk. */
  get base(): string {
    return join(this.folder, "node");
  }

  /** A cluster file; `lines` are added before its tables. */
  clusterFile(hosts: readonly string[], ...lines: readonly string[]): string {
    const path = join(this.folder, "cluster.toml");
    const defaults = { folder: this.base, connect_timeout_seconds: 5 };
    const text = [
      'name = "lab"',
      `hosts = ${JSON.stringify(hosts)}`,
      `ssh_options = ["-F", ${JSON.stringify(this.config)}]`,
      ...Object.entries(defaults)
        .filter(([key]) => !lines.some((line) => line.startsWith(`${key} =`)))
        .map(([key, value]) => `${key} = ${JSON.stringify(value)}`),
      ...lines,
    ];
    writeFileSync(path, `${text.join("\n")}\n`);
    return path;
  }

  close(): void {
    for (const { pid } of this.daemons) {
      if (pid === undefined) continue;
      try {
        process.kill(-pid, "SIGKILL");
      } catch {
        // It has ended.
      }
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Below the ephemeral ports, so that no connection has it. */
async function freePort(): Promise<number> {
  for (let port = 20_000 + (process.pid % 5000); port < 32_000; port++) {
    const isFree = await new Promise<boolean>((resolve) => {
      const server = createServer();
      server.once("error", () => resolve(false));
      server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
    });
    if (isFree) return port;
  }
  throw new Error("there is no free port");
}

/** Processes whose command line holds a text. */
export function processesWith(text: string): number[] {
  const { stdout } = spawnSync("pgrep", ["-f", "--", text], { encoding: "utf8" });
  return stdout
    .split("\n")
    .map(Number)
    .filter((pid) => pid > 0 && pid !== process.pid && existsSync(`/proc/${pid}`));
}
