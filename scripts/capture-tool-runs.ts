/**
 * Captured the runs in test/import/captures: the lab's job in guests of their own, watched by nothing
 * but sysstat and procps; once with nothing wrong, once with two other programs on its only CPU, once
 * with a slow disk.
 *
 *     npx tsx scripts/capture-tool-runs.ts   (needs user-mode-linux, sysstat, procps, dmsetup)
 */
import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { jobFile } from "../test/lab/job-file.ts";
import { hashingSpeed } from "../test/lab/sort-profile.ts";
import { labFolder, runGuest } from "../test/lab/uml-guest.ts";
import { projectRoot } from "../test/support/source-files.ts";

const RUNS = [
  { name: "healthy", competitors: 0, diskDelayMs: 0 },
  { name: "cpu", competitors: 2, diskDelayMs: 0 },
  { name: "disk", competitors: 0, diskDelayMs: 150 },
];
/** Of each of the job's rounds. */
const HASHING_MS = 280;
const FILES = ["iostat.txt", "sar.txt", "free.txt"];

async function main(): Promise<void> {
  const hashMib = Math.round((hashingSpeed() * HASHING_MS) / 1024);
  const lab = labFolder();
  const node = process.execPath;
  for (const { name, competitors, diskDelayMs } of RUNS) {
    const brought = join(lab.path, name, "out");
    mkdirSync(brought, { recursive: true });
    copyFileSync(jobFile("rounds.cjs"), join(brought, "job.cjs"));
    const { folder } = await runGuest(join(lab.path, name), {
      hostname: "node1",
      memoryMib: 512,
      disksMib: [64],
      timeoutMs: 120_000,
      script: `
modprobe -d /run/modules dm-mod
modprobe -d /run/modules dm-delay
echo "0 $(blockdev --getsz /dev/ubda) delay /dev/ubda 0 ${diskDelayMs}" | dmsetup create --noudevsync data
cd /mnt/out
export LC_ALL=C S_TIME_FORMAT=ISO
for i in $(seq ${competitors}); do ${node} -e 'for (;;);' & done
iostat -t -x -k 1 >iostat.txt & sar -u ALL -w -B -r -q -d 1 >sar.txt &
free -s 1 >free.txt &
${node} job.cjs 24 ${hashMib} 110 200 4 /dev/dm-0
pkill -INT iostat || true; pkill -INT sar || true; pkill free || true
sleep 1
`,
    });
    const target = join(projectRoot, "test/import/captures", name);
    mkdirSync(target, { recursive: true });
    for (const file of FILES) copyFileSync(join(folder, file), join(target, file));
  }
  lab.remove();
}

void main();
