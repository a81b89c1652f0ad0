/** The lab's job, recorded by the agent inside a guest, with one thing wrong or nothing. */
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { agentFile } from "../agent/agent-process.ts";
import { projectRoot } from "../support/source-files.ts";
import { runGuest } from "./uml-guest.ts";

/** What a guest lacks; nothing when left out. */
export interface Fault {
  readonly memoryMib?: number;
  /** Added to every read and write of the data disk. */
  readonly diskDelayMs?: number;
  /** Other programs that compute without end, on the guest's only CPU. */
  readonly competitors?: number;
  /** Does something to the guest from outside when it has booted; undone by the returned function. */
  readonly fromOutside?: (kernelPid: number) => () => void;
}

export interface GuestJob {
  readonly rounds: number;
  readonly hashMib: number;
  readonly memoryMib: number;
  /** Pages touched per round. */
  readonly touches: number;
  readonly writes: number;
}

const HEALTHY_MEMORY_MIB = 512;
/** As a disk has it; swap in the host's page cache would be no worse than memory. */
const SWAP_DELAY_MS = 2;

/**
 * A job of some 8 s on a healthy guest of this machine: hashing is calibrated, because processors
 * differ tenfold in it.
 */
export function calibratedJob(): GuestJob {
  const block = Buffer.alloc(2 ** 20);
  const speed = () => {
    const before = performance.now();
    const hash = createHash("sha256");
    for (let i = 0; i < 64; i++) hash.update(block);
    hash.digest();
    return 64_000 / (performance.now() - before);
  };
  // The fastest of some: what else the machine does makes it slower, never faster.
  const mibPerSecond = Math.max(...Array.from({ length: 5 }, speed));
  return {
    rounds: 24,
    hashMib: Math.round(mibPerSecond * 0.28),
    memoryMib: 110,
    touches: 200,
    writes: 4,
  };
}

/**
 * Boots a guest, records the job in it, and brings the recording out.
 *
 * @param folder a folder of its own for this guest
 * @returns the folder of the recording
 */
export async function recordInGuest(
  folder: string,
  run: string,
  job: GuestJob,
  fault: Fault = {},
): Promise<string> {
  const { memoryMib = HEALTHY_MEMORY_MIB, diskDelayMs = 0, competitors = 0, fromOutside } = fault;
  // The guest has a /tmp of its own, and the checkout may lie in ours.
  const brought = join(folder, "out");
  mkdirSync(brought, { recursive: true });
  copyFileSync(agentFile, join(brought, "agent.cjs"));
  copyFileSync(join(projectRoot, "test", "lab", "job.cjs"), join(brought, "job.cjs"));
  const node = process.execPath;
  const work = `${job.rounds} ${job.hashMib} ${job.memoryMib} ${job.touches} ${job.writes}`;
  let undo: (() => void) | undefined;
  try {
    const { folder: out } = await runGuest(folder, {
      hostname: "guest",
      memoryMib,
      disksMib: [64, 512],
      timeoutMs: 100_000,
      ...(fromOutside ? { onStart: (pid) => (undo = fromOutside(pid)) } : undefined),
      script: `
modprobe -d /run/modules dm-mod
modprobe -d /run/modules dm-delay
delayed() { echo "0 $(blockdev --getsz $2) delay $2 0 $3" | dmsetup create --noudevsync $1; }
delayed data /dev/ubda ${diskDelayMs}
delayed swap /dev/ubdb ${SWAP_DELAY_MS}
mkswap /dev/dm-1 && swapon /dev/dm-1
for i in $(seq ${competitors}); do ${node} -e 'for (;;);' & done
${node} /mnt/out/agent.cjs -o /mnt/out/recording -i 500ms --cluster lab --run ${run} -- \\
  ${node} /mnt/out/job.cjs ${work} /dev/dm-0
cat /proc/vmstat
`,
    });
    return join(out, "recording");
  } finally {
    undo?.();
  }
}
