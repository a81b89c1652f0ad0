import { join } from "node:path";
import { limitWrites } from "../io-limit.ts";
import { jobFile } from "../job-file.ts";
import { attachVolume } from "../loop-volume.ts";
import { short, type Bench, type Scenario } from "../scenario.ts";

/** 20 rounds of some computing and 24 writes of 16 KiB that are waited for: 7.5 MiB in all. */
const ROUNDS = 20;
const WRITES = 24;
const BYTES_PER_SECOND = 0.4 * 2 ** 20;

export const scenario: Scenario = {
  plants:
    "a control group may write 0.4 MiB/s to a volume; its device is quick, so that only I/O wait and pressure tell",
  machine: "this host",
  expected: short("disk"),
  async record({ folder, hashKibPerMs, recordHost }: Bench) {
    const hashMib = Math.round(hashKibPerMs / 5);
    const volume = attachVolume(join(folder, "volume.img"), 64);
    try {
      const numbers = [ROUNDS, hashMib, 8, 0, WRITES].map(String);
      const job = [process.execPath, jobFile("rounds.cjs"), ...numbers, volume.device];
      const baseline = await recordHost("a", job);
      const limit = limitWrites(volume.device, BYTES_PER_SECOND);
      try {
        const script = `echo $$ >${limit.procsFile} && exec "$@"`;
        const throttled = ["sh", "-c", script, "sh", ...job];
        const candidate = await recordHost("b", throttled);
        return { baseline, candidate };
      } finally {
        limit.remove();
      }
    } finally {
      volume.remove();
    }
  },
};
