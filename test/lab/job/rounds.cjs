/**
 * A job for one host: a fixed amount of work of every kind, as one thread does it. Rounds of computing,
 * of touching pages here and there in its memory, and of writes that wait for the disk. What it
 * lacks decides how long it takes.
 *
 * usage: node rounds.cjs ROUNDS HASH_MIB MEMORY_MIB TOUCHES WRITES DEVICE
 */
"use strict";
const { createHash } = require("node:crypto");
const fs = require("node:fs");

const [rounds, hashMib, memoryMib, touches, writes] = process.argv.slice(2, 7).map(Number);
const device = process.argv[7];
const PAGE_BYTES = 4096;
const WRITE_BYTES = 16 * 1024;

const block = Buffer.alloc(1 << 20, 7);
// Random bytes: memory that cannot be compressed, filled so that every page is really there.
const memory = Buffer.alloc(memoryMib << 20);
for (let at = 0; at < memory.length; at += PAGE_BYTES)
  memory.writeUInt32LE((at ^ 0x9e3779b9) >>> 0, at);
const disk = writes > 0 ? fs.openSync(device, fs.constants.O_WRONLY | fs.constants.O_DSYNC) : -1;
const page = Buffer.alloc(WRITE_BYTES, 5);

let sum = 0;
for (let round = 0; round < rounds; round++) {
  const hash = createHash("sha256");
  for (let i = 0; i < hashMib; i++) hash.update(block);
  sum ^= hash.digest()[0];
  for (let i = 0; i < touches; i++) {
    // Knuth's multiplicative hash: the same pages in the same order every time.
    const page = (((round * touches + i) * 2654435761) >>> 0) % (memory.length / PAGE_BYTES);
    memory[page * PAGE_BYTES] ^= 1;
  }
  for (let i = 0; i < writes; i++) {
    page[0] = round;
    fs.writeSync(disk, page, 0, page.length, ((round * writes + i) * WRITE_BYTES) % (32 << 20));
  }
}
if (disk >= 0) fs.closeSync(disk);
process.stdout.write(`done ${sum}\n`);
