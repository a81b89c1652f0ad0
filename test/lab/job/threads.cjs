/**
 * A fixed amount of computing, divided among threads: what a job with less parallelism than CPUs is.
 *
 * usage: node threads.cjs THREADS SLICES HASH_KIB
 */
"use strict";
const { createHash } = require("node:crypto");
const { isMainThread, parentPort, Worker, workerData } = require("node:worker_threads");

const KIB = Buffer.alloc(1024, 7);

if (isMainThread) main();
else
  parentPort.on("message", () => {
    const hash = createHash("sha256");
    for (let i = 0; i < workerData.hashKib; i++) hash.update(KIB);
    parentPort.postMessage(hash.digest("hex"));
  });

function main() {
  const [threads, slices, hashKib] = process.argv.slice(2).map(Number);
  let left = slices;
  for (let i = 0; i < threads; i++) {
    const worker = new Worker(__filename, { workerData: { hashKib } });
    const next = () => {
      if (left-- > 0) worker.postMessage("next");
      else void worker.terminate();
    };
    worker.on("message", next);
    next();
  }
}
