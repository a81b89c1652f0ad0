import { jobFile } from "../job-file.ts";
import { short, type Bench, type Scenario } from "../scenario.ts";

const SLICES = 150;
const SLICE_MS = 100;

export const scenario: Scenario = {
  plants: "the job computes in one thread instead of two; this host has CPUs to spare then",
  machine: "this host",
  expected: short("cpu"),
  async record({ hashKibPerMs, recordHost }: Bench) {
    const job = (threads: number) => [
      process.execPath,
      jobFile("threads.cjs"),
      ...[threads, SLICES, SLICE_MS * hashKibPerMs].map(String),
    ];
    return {
      baseline: await recordHost("a", job(2)),
      candidate: await recordHost("b", job(1)),
    };
  },
};
