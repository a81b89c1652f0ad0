/**
 * User-mode Linux guests with sshd, each a host with a kernel, memory and clock of its own, on a network
 * in a namespace of its own. Needs root, for the namespace.
 */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectRoot } from "../support/source-files.ts";
import type { CliResult } from "../support/run-cli.ts";
import { sleep, type SshLab } from "./ssh-lab.ts";

export interface GuestSettings {
  /** Node is hidden there. */
  readonly withoutNode?: boolean;
  /** How far its clock is ahead. */
  readonly clockSeconds?: number;
}

const NODE_PROGRAMS = ["/usr/bin/node", "/usr/bin/nodejs", "/usr/local/bin/node"];

export class SshGuests {
  readonly namespace = `perfmon${process.pid}`;
  private readonly lab: SshLab;
  private readonly guests = new Map<string, ChildProcess>();

  constructor(lab: SshLab) {
    this.lab = lab;
    run("ip", "netns", "add", this.namespace);
    this.inside("ip", "link", "set", "lo", "up");
    this.inside("ip", "link", "add", "br0", "type", "bridge");
    this.inside("ip", "address", "add", "10.99.0.1/24", "dev", "br0");
    this.inside("ip", "link", "set", "br0", "up");
  }

  /** Boots a guest, and returns when its sshd answers. */
  async boot(name: string, number: number, settings: GuestSettings = {}): Promise<void> {
    const address = `10.99.0.${10 + number}`;
    const tap = `t${number}`;
    this.inside("ip", "tuntap", "add", "mode", "tap", tap);
    this.inside("ip", "link", "set", tap, "master", "br0", "up");
    const folder = join(this.lab.folder, `guest-${name}`);
    mkdirSync(folder);
    const init = join(folder, "init.sh");
    writeFileSync(init, initScript(this.lab, name, address, settings));
    chmodSync(init, 0o755);
    const guest = spawn(
      "ip",
      [
        "netns",
        "exec",
        this.namespace,
        "linux.uml",
        "mem=384M",
        "root=/dev/root",
        "rootfstype=hostfs",
        "rootflags=/",
        "ro",
        `init=${init}`,
        "con=null",
        "con0=null,fd:1",
        `vec0:transport=tap,ifname=${tap},depth=128,gro=1`,
        `uml_dir=${folder}/`,
        "umid=guest",
        "quiet",
      ],
      {
        // A session of its own, so that its processes can be ended together.
        detached: true,
        stdio: ["ignore", "pipe", "pipe"],
        env: {
          PATH: process.env["PATH"] ?? "",
          TMPDIR: existsSync("/dev/shm") ? "/dev/shm" : tmpdir(),
        },
      },
    );
    let said = "";
    for (const stream of [guest.stdout, guest.stderr]) {
      stream.on("data", (bytes: Buffer) => (said += bytes.toString("latin1")));
    }
    this.guests.set(name, guest);
    this.lab.add({ name, address, port: 22 });
    for (let i = 0; i < 300; i++) {
      if (existsSync(join(folder, "out", "listening"))) return;
      await sleep(100);
    }
    throw new Error(`guest ${name} did not boot: ${said.slice(-3000)}`);
  }

  /** Ends a guest at once, as a power failure does. */
  kill(name: string): void {
    const pid = this.guests.get(name)?.pid;
    if (pid !== undefined) endGroup(pid);
  }

  /** The program, in the guests' network. */
  perfmon(argv: readonly string[]): Promise<CliResult> {
    const program = join(projectRoot, "dist", "cli", "main.js");
    const child = spawn(
      "ip",
      ["netns", "exec", this.namespace, process.execPath, program, ...argv],
      { cwd: this.lab.folder },
    );
    const text = { stdout: "", stderr: "" };
    child.stdout.on("data", (bytes: Buffer) => (text.stdout += bytes.toString()));
    child.stderr.on("data", (bytes: Buffer) => (text.stderr += bytes.toString()));
    return new Promise((resolve) => {
      child.once("close", (code) => resolve({ exitCode: code ?? -1, ...text }));
    });
  }

  /** Runs a program on a guest. */
  on(name: string, command: string): string {
    const { stdout, stderr, status } = spawnSync(
      "ip",
      ["netns", "exec", this.namespace, "ssh", "-F", this.lab.config, name, command],
      { encoding: "utf8" },
    );
    if (status !== 0) throw new Error(`${command} on ${name}: ${stderr}`);
    return stdout;
  }

  /**
   * How far a guest's clock is ahead, learned without a network: what it writes is stamped by this
   * machine's kernel.
   */
  clockOffsetMs(name: string): number {
    const path = join(this.lab.folder, `guest-${name}`, "out", "clock");
    this.on(name, `date +%s.%N >/mnt/keys/guest-${name}/out/clock`);
    return Number(readFileSync(path, "utf8")) * 1000 - statSync(path).mtimeMs;
  }

  close(): void {
    for (const name of this.guests.keys()) this.kill(name);
    spawnSync("ip", ["netns", "delete", this.namespace]);
  }

  private inside(...command: string[]): void {
    run("ip", "netns", "exec", this.namespace, ...command);
  }
}

function run(program: string, ...args: string[]): void {
  const { status, stderr } = spawnSync(program, args);
  if (status !== 0) throw new Error(`${program} ${args.join(" ")}: ${String(stderr)}`);
}

function endGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended.
  }
}

/** The host's root, read-only; what is written goes to memory. */
function initScript(
  lab: SshLab,
  name: string,
  address: string,
  { withoutNode = false, clockSeconds = 0 }: GuestSettings,
): string {
  const hidden = withoutNode ? NODE_PROGRAMS : [];
  return `#!/bin/sh
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp
mount -t proc proc /proc
mount -t sysfs sys /sys
grep -q " /dev devtmpfs" /proc/mounts || mount -t devtmpfs dev /dev
mkdir -p /dev/pts /dev/shm
mount -t devpts devpts /dev/pts
for folder in /tmp /run /mnt /var/tmp /root; do mount -t tmpfs tmpfs $folder; done
mkdir /mnt/keys /mnt/out /run/sshd
mount -t hostfs -o ${lab.folder} none /mnt/keys
mkdir -p /mnt/keys/guest-${name}/out
hostname ${name}
# What reads its ring sizes hangs the guest's network driver.
ethtool=$(command -v ethtool) && mount --bind /bin/false "$ethtool"
ip link set lo up
ip address add ${address}/24 dev vec0
ip link set vec0 up
${hidden.map((path) => `[ ! -e ${path} ] || mount --bind /dev/null ${path}`).join("\n")}
${clockSeconds === 0 ? "" : `date -s "+${clockSeconds} seconds" >/dev/null`}
/usr/sbin/sshd -f /dev/null -p 22 -h /mnt/keys/hostkey -o AuthorizedKeysFile=/mnt/keys/authorized \\
  -o PasswordAuthentication=no -o UsePAM=no -o StrictModes=no -o PermitRootLogin=yes -o PidFile=none
touch /mnt/keys/guest-${name}/out/listening
while :; do sleep 1000; done
`;
}
