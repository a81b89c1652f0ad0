/**
 * The demo's real work, as a program of its own: hashing, a fixed number of rounds by each of some
 * workers (the job), for a time (to calibrate), or until killed (the competitor).
 *
 *     busy.js rounds N WORKERS      every worker hashes N rounds, then it ends
 *     busy.js seconds S WORKERS     every worker hashes for S seconds; prints the rounds of all
 *
 * Workers are child processes that end by themselves when their parent is gone, however it ended.
 */
import { fork, type ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";

const BLOCK = Buffer.alloc(64 * 1024, "linux-perfmon");
/** Between two slices a worker listens to its parent. */
const SLICE_MS = 20;

const [mode = "", amount = "", workers = ""] = process.argv.slice(2);
if (mode === "work") work();
else if (mode === "rounds" || mode === "seconds") lead(Number(workers));
else throw new Error(`unknown mode ${mode}`);

function work(): void {
  const rounds = process.argv[3] === "rounds" ? Number(process.argv[4]) : Infinity;
  const endMs =
    process.argv[3] === "seconds" ? performance.now() + Number(process.argv[4]) * 1000 : Infinity;
  let done = 0;
  process.on("disconnect", () => process.exit(0));
  const slice = (): void => {
    const sliceEndMs = Math.min(performance.now() + SLICE_MS, endMs);
    while (done < rounds && performance.now() < sliceEndMs) {
      createHash("sha256").update(BLOCK).digest();
      done++;
    }
    if (done < rounds && performance.now() < endMs) setImmediate(slice);
    else process.send!(done, () => process.disconnect());
  };
  slice();
}

function lead(count: number): void {
  const file = fileURLToPath(import.meta.url);
  let total = 0;
  let left = count;
  const children: ChildProcess[] = [];
  for (let i = 0; i < count; i++) {
    const child = fork(file, ["work", mode, amount]);
    children.push(child);
    child.on("message", (done) => {
      total += Number(done);
    });
    child.on("exit", (code) => {
      if (code !== 0) process.exitCode = 1;
      if (--left === 0 && mode === "seconds") process.stdout.write(`${total}\n`);
    });
  }
  const giveUp = (): void => {
    for (const child of children) child.kill("SIGTERM");
    process.exit(143);
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, giveUp);
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) giveUp();
  }, 500).unref();
}
