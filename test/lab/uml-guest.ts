/**
 * Boots user-mode Linux guests: machines with a kernel, CPU, memory, disks and swap of their own, as
 * plain processes of this host and without root. The host's own file system is the guest's
 * read-only root, so there is no image to build and Node is there.
 */
import { spawn } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { setPriority, tmpdir } from "node:os";
import { join } from "node:path";
import type { GuestPort } from "./lab-network.ts";

export interface GuestOptions {
  readonly hostname: string;
  readonly memoryMib: number;
  /** Sizes of the disks `/dev/ubda`, `/dev/ubdb`, ...; sparse files. */
  readonly disksMib: readonly number[];
  /**
   * What the guest does, as a shell script run by root inside: `/mnt/out` is writable and goes to
   * `Guest.folder` here; `/tmp` is the guest's own.
   */
  readonly script: string;
  readonly timeoutMs: number;
  /** Its network card; none when left out. */
  readonly port?: GuestPort;
  /** Which of the CPUs that this process may use, counted from the last. */
  readonly cpu?: number;
  /** Called when the guest's processes have started, with the process id of its kernel. */
  readonly onStart?: (pid: number) => void;
}

export interface GuestResult {
  /** What the guest left in `/mnt/out`. */
  readonly folder: string;
  /** What its script printed. */
  readonly log: string;
}

/**
 * Runs a guest to its end.
 *
 * @param folder a folder of its own for this guest; must not exist
 * @throws when the guest's script failed or took too long; the message ends with what it printed
 */
export async function runGuest(folder: string, options: GuestOptions): Promise<GuestResult> {
  const out = join(folder, "out");
  mkdirSync(out, { recursive: true });
  // In memory: this host's disk must not become a fault of the guest's.
  const images = mkdtempSync(join(memoryFolder(), "perfmon-guest-"));
  const disks = options.disksMib.map((sizeMib, position) => {
    const path = join(images, `disk${position}.img`);
    writeFileSync(path, "");
    truncateSync(path, sizeMib * 2 ** 20);
    return `ubd${position}=${path}`;
  });
  const init = join(folder, "init.sh");
  writeFileSync(init, initScript(out, options));
  chmodSync(init, 0o755);
  const { port } = options;
  const command = [
    ...(port ? ["ip", "netns", "exec", port.namespace] : []),
    "taskset",
    // On one CPU: its kernel and its programs take turns, and to wake another CPU for every turn
    // makes a guest several times slower, and by how much is anybody's guess.
    "--cpu-list",
    String(allowedCpu(options.cpu ?? 0)),
    "linux.uml",
    `mem=${options.memoryMib}M`,
    "root=/dev/root",
    "rootfstype=hostfs",
    "rootflags=/",
    "ro",
    `init=${init}`,
    ...disks,
    ...(port ? [`vec0:transport=tap,ifname=${port.tap},depth=128,gro=1`] : []),
    "con=null",
    "con0=null,fd:1",
    `uml_dir=${folder}/`,
    "umid=guest",
    "quiet",
  ];
  const child = spawn(
    command[0]!,
    command.slice(1),
    // A session of its own, so that the guest's processes can be ended together, and only they. Its
    // memory is a file, which has to be on a tmpfs.
    {
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        PATH: process.env["PATH"] ?? "",
        TMPDIR: memoryFolder(),
      },
    },
  );
  let console_ = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (bytes: Buffer) => (console_ += bytes.toString("latin1")));
  }
  if (child.pid !== undefined) {
    goFirst(child.pid);
    options.onStart?.(child.pid);
  }
  const end = () => {
    endGroup(child.pid);
    rmSync(images, { recursive: true, force: true });
  };
  let tookTooLong = "";
  const timer = setTimeout(() => {
    tookTooLong = ` (after ${options.timeoutMs / 1000} s it was ended)`;
    end();
  }, options.timeoutMs);
  process.once("exit", end);
  await new Promise<void>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", () => resolve());
  }).finally(() => {
    clearTimeout(timer);
    process.removeListener("exit", end);
    end();
  });
  const log = existsSync(join(out, "log")) ? readFileSync(join(out, "log"), "utf8") : "";
  if (!existsSync(join(out, "succeeded"))) {
    throw new Error(
      `guest ${options.hostname} failed${tookTooLong}:\n${console_.slice(-2000)}\n${log.slice(-4000)}`,
    );
  }
  return { folder: out, log };
}

/** A tmpfs, where there is one. */
function memoryFolder(): string {
  return existsSync("/dev/shm") ? "/dev/shm" : tmpdir();
}

/** Counted from the highest CPU that this process may run on, and round. */
function allowedCpu(position: number): number {
  const status = readFileSync("/proc/self/status", "latin1");
  const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(status)?.[1] ?? "0";
  const cpus = list.split(",").flatMap((range) => {
    const [from = 0, to = from] = range.split("-").map(Number);
    return Array.from({ length: to - from + 1 }, (_, i) => from + i);
  });
  return cpus[cpus.length - 1 - (position % cpus.length)]!;
}

/**
 * Lets the guest go before all else on this host, as far as we may: other programs must not become a
 * fault of the guest. Its processes are a session, so they are weighed as one group where the kernel
 * groups by session.
 */
function goFirst(pid: number): void {
  try {
    setPriority(pid, -20);
    writeFileSync(`/proc/${pid}/autogroup`, "-20");
  } catch {
    // Not root, or no such grouping: the guest takes its chance with the others.
  }
}

/** A folder for the guests of a test file; call `remove` when done. */
export function labFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), "perfmon-lab-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // The group is gone, which is what was wanted.
  }
}

/**
 * The guest's first process. Modules are found by a link in a tmpfs, so that nothing has to be made
 * on the host; `set -e` makes any failure visible as a missing `succeeded`.
 */
function initScript(out: string, { hostname, script, port }: GuestOptions): string {
  return `#!/bin/sh
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp
mount -t proc proc /proc
mount -t sysfs sys /sys
grep -q " /dev devtmpfs" /proc/mounts || mount -t devtmpfs dev /dev
for folder in /tmp /run /mnt; do mount -t tmpfs tmpfs $folder; done
mkdir /mnt/out
mount -t hostfs -o ${out} none /mnt/out
hostname ${hostname}
# Asked for the rings of a network card, the card's driver brings this kernel down.
ethtool=$(command -v ethtool) && mount --bind /bin/false "$ethtool"
ip link set lo up
${port ? `ip address add ${port.address}/24 dev vec0; ip link set vec0 up` : ""}
mkdir -p /run/modules/lib/modules
ln -s /usr/lib/uml/modules/$(uname -r) /run/modules/lib/modules/$(uname -r)
(
set -e
${script}
touch /mnt/out/succeeded
) >/mnt/out/log 2>&1 </dev/null
sync
echo o >/proc/sysrq-trigger
sleep 10
`;
}
