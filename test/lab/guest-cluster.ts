/**
 * A cluster of guests: the lab's job on all of them at once, each recorded by the built agent, with
 * a fault in some of them or in none.
 */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { agentFile } from "../agent/agent-process.ts";
import { projectRoot } from "../support/source-files.ts";
import { limitCpu, processesOfGroup } from "./cpu-quota.ts";
import { DisturbedRun } from "./disturbed-run.ts";
import { plantingScript, type GuestFault } from "./guest-faults.ts";
import type { LabNetwork } from "./lab-network.ts";
import { lostShare } from "./lost-jiffies.ts";
import type { SortProfile } from "./sort-profile.ts";
import { runGuest } from "./uml-guest.ts";

export interface ClusterPlan {
  readonly name: string;
  readonly run: string;
  readonly profile: SortProfile;
  /** What is wrong with each guest. */
  readonly guests: readonly GuestFault[];
  /** Of the data that is sorted. */
  readonly seed: number;
  readonly hashKibPerMs: number;
  /** Guests swap, to a disk that takes its time. */
  readonly swap?: boolean;
  /** The input is in the page cache, as far as that holds it, when the job begins. */
  readonly warm?: boolean;
}

const MEMORY_MIB = 512;
/** As a disk has it: swap in the host's page cache would be no worse than memory. */
const SWAP_DELAY_MS = 2;
const DATA_MIB = 640;
const SWAP_MIB = 512;
const TIMEOUT_MS = 240_000;
/** An unplanted guest that lacks more of its time than this was disturbed; such a run tells nothing. */
const MOST_LOST_SHARE = 0.04;

/**
 * Runs the job once.
 *
 * @param folder a folder of its own; must not exist
 * @returns the folder with a recording per guest
 * @throws {DisturbedRun} when a guest that should have had all of its CPU had not
 */
export async function recordCluster(
  folder: string,
  network: LabNetwork,
  plan: ClusterPlan,
): Promise<string> {
  const ended = new AbortController();
  const ready = plan.guests.map((_, i) => join(guestFolder(folder, i), "out", "ready"));
  const undo: (() => void)[] = [];
  const outs = plan.guests.map((_, i) => {
    const out = join(guestFolder(folder, i), "out");
    bringJob(out, network, plan);
    return out;
  });
  const start = startTogether(ready, outs, ended.signal, (pids) => {
    plan.guests.forEach((fault, i) => {
      if (fault.cpuFromOutside !== undefined)
        undo.push(limitCpu(processesOfGroup(pids[i]!), fault.cpuFromOutside, String(i)));
      if (fault.linkMegabits !== undefined) {
        const port = network.ports[i]!;
        network.limitRate(port, fault.linkMegabits);
        undo.push(() => network.unlimitRate(port));
      }
    });
  });
  const pids: number[] = [];
  try {
    await Promise.all([
      start(pids),
      ...plan.guests.map((fault, i) =>
        runGuest(guestFolder(folder, i), {
          hostname: hostName(plan, i),
          memoryMib: fault.memoryMib ?? MEMORY_MIB,
          disksMib: [DATA_MIB, SWAP_MIB],
          timeoutMs: TIMEOUT_MS,
          port: network.ports[i]!,
          cpu: i,
          onStart: (pid) => (pids[i] = pid),
          script: guestScript(plan, fault, i),
        }),
      ),
    ]);
  } finally {
    ended.abort();
    for (const one of undo) one();
  }
  checkSorted(outs);
  checkUndisturbed(plan, outs);
  const recordings = join(folder, "recordings");
  mkdirSync(recordings);
  outs.forEach((out, i) => renameSync(join(out, "recording"), join(recordings, hostName(plan, i))));
  return recordings;
}

function guestFolder(folder: string, guest: number): string {
  return join(folder, `guest${guest}`);
}

function hostName({ name }: ClusterPlan, guest: number): string {
  return `${name}${guest + 1}`;
}

/** The guest has a /tmp of its own, and the checkout may lie in ours. */
function bringJob(out: string, network: LabNetwork, plan: ClusterPlan): void {
  const { profile, seed, hashKibPerMs, guests } = plan;
  mkdirSync(out, { recursive: true });
  copyFileSync(agentFile, join(out, "agent.cjs"));
  const job = join(projectRoot, "test", "lab", "job");
  for (const file of readdirSync(job)) copyFileSync(join(job, file), join(out, file));
  const addresses = network.ports.slice(0, guests.length).map(({ address }) => address);
  const config = { profile, seed, hashKibPerMs, addresses, folder: "/mnt/data" };
  writeFileSync(join(out, "job.json"), JSON.stringify(config));
}

/** Lets all guests begin when the last one is ready, with what is done to them from outside. */
function startTogether(
  ready: readonly string[],
  outs: readonly string[],
  ended: AbortSignal,
  plant: (pids: readonly number[]) => void,
) {
  return async (pids: readonly number[]) => {
    while (!ready.every((file) => existsSync(file))) {
      if (ended.aborted) return;
      await sleep(50);
    }
    plant(pids);
    for (const out of outs) writeFileSync(join(out, "go"), "");
  };
}

function guestScript(plan: ClusterPlan, fault: GuestFault, guest: number): string {
  const node = process.execPath;
  const job = `${node} /mnt/out/sort-job.cjs sort /mnt/out/job.json ${guest}`;
  return `
modprobe -d /run/modules dm-mod
modprobe -d /run/modules dm-delay
table() { echo "0 $(blockdev --getsz $1) delay $1 0 $2"; }
# Replaces the table of a device under a mounted file system.
delay_disk() {
  table $2 $3 | dmsetup reload $1
  dmsetup suspend --noflush --nolockfs $1
  dmsetup resume --noudevsync $1
}
table /dev/ubda 0 | dmsetup create --noudevsync data
table /dev/ubdb ${SWAP_DELAY_MS} | dmsetup create --noudevsync swap
${plan.swap ? "mkswap /dev/dm-1 && swapon /dev/dm-1" : ""}
mkfs.ext4 -q -E nodiscard /dev/dm-0
mkdir /mnt/data
mount -o noatime /dev/dm-0 /mnt/data
mount -t cgroup2 none /sys/fs/cgroup
echo "+cpu +memory +io" >/sys/fs/cgroup/cgroup.subtree_control
job_group=/sys/fs/cgroup/job
mkdir $job_group
${node} /mnt/out/sort-job.cjs generate /mnt/out/job.json ${guest}
sync
echo 3 >/proc/sys/vm/drop_caches
${plan.warm ? "cat /mnt/data/input >/dev/null" : ""}
touch /mnt/out/ready
while [ ! -e /mnt/out/go ]; do sleep 0.02; done
${plantingScript(fault)}
account() { head -1 /proc/stat; cat /proc/uptime; }
account >/mnt/out/before
${node} /mnt/out/agent.cjs -q -o /mnt/out/recording -i 1s --cluster ${plan.name} --run ${plan.run} -- \\
  sh -c 'echo $$ >/sys/fs/cgroup/job/cgroup.procs && exec "$@"' sh ${job} >/mnt/out/sorted
account >/mnt/out/after
cat /proc/vmstat >/mnt/out/vmstat
`;
}

/** Every record that was read has been written, by whichever node. */
function checkSorted(outs: readonly string[]): void {
  const totals = outs.map(
    (out) => JSON.parse(readFileSync(join(out, "sorted"), "utf8")) as Record<string, number>,
  );
  const all = (key: string) => totals.reduce((sum, total) => sum + total[key]!, 0);
  const equal = (read: string, written: string) => all(read) % 2 ** 32 === all(written) % 2 ** 32;
  if (!equal("records", "sorted") || !equal("sum", "sortedSum")) {
    throw new Error(`the job has lost records: ${JSON.stringify(totals)}`);
  }
}

function checkUndisturbed(plan: ClusterPlan, outs: readonly string[]): void {
  for (const [i, out] of outs.entries()) {
    if (plan.guests[i]!.cpuFromOutside !== undefined) continue;
    const lost = lostShare(
      readFileSync(join(out, "before"), "utf8"),
      readFileSync(join(out, "after"), "utf8"),
    );
    if (lost > MOST_LOST_SHARE) {
      throw new DisturbedRun(
        `${hostName(plan, i)} lost ${(100 * lost).toFixed(1)} % of its jiffies to something else on this machine`,
      );
    }
  }
}
