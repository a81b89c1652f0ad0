/**
 * The lab's job: a distributed sort, as one of its nodes. Every node reads its part of the input,
 * sends each record to the node that owns its key, and sorts and writes what it was sent, round by
 * round; nobody begins a round before all have ended the one before, as between the stages of a real
 * job. A profile says how much of it is reading, computing, exchanging and writing.
 *
 * usage: node sort-job.cjs generate|sort CONFIG.json NODE
 */
"use strict";
const { createHash } = require("node:crypto");
const fs = require("node:fs");
const { connectPeers } = require("./peers.cjs");
const { randomNumbers } = require("./random.cjs");

const RECORD_BYTES = 128;
const KEY_BYTES = 8;
const PAGE_BYTES = 4096;

const [action, configFile, nodeText] = process.argv.slice(2);
const node = Number(nodeText);
const config = JSON.parse(fs.readFileSync(configFile, "utf8"));
const { profile, addresses, folder } = config;
const inputFile = `${folder}/input`;
const chunkBytes = profile.chunkKib * 1024;
const recordsPerChunk = chunkBytes / RECORD_BYTES;

if (action === "generate") generate();
else
  main().catch((error) => {
    process.stderr.write(`${error.stack}\n`);
    process.exit(1);
  });

/** Writes this node's part of the input; the same bytes for the same seed. */
function generate() {
  const random = randomNumbers(config.seed * 1000 + node);
  const out = fs.openSync(inputFile, "w");
  const chunk = Buffer.alloc(chunkBytes);
  for (let i = 0; i < profile.inputChunks; i++) {
    for (let at = 0; at < chunkBytes; at += 4) chunk.writeUInt32LE(random(), at);
    fs.writeSync(out, chunk);
  }
  fs.fsyncSync(out);
  fs.closeSync(out);
}

async function main() {
  const memory = touchedMemory();
  const input = await fs.promises.open(inputFile, "r");
  const received = [];
  const peers = await connectPeers(addresses, node, (records) => received.push(records));
  const random = randomNumbers(config.seed * 77 + node);
  const total = { records: 0, sum: 0, sorted: 0, sortedSum: 0 };

  for (let round = 0; round < profile.rounds; round++) {
    let next = 0;
    const lanes = Array.from({ length: profile.lanes }, async () => {
      while (next < profile.chunksPerRound) {
        const turn = round * profile.chunksPerRound + next++;
        // Random chunks are what a cache is for; in order, each is read once.
        const which = profile.randomReads
          ? random() % profile.inputChunks
          : turn % profile.inputChunks;
        const chunk = Buffer.allocUnsafe(chunkBytes);
        await input.read(chunk, 0, chunkBytes, which * chunkBytes);
        compute(chunk, profile.mapMsPerMib);
        memory.touch(profile.touchesPerChunk);
        if (profile.lockMs > 0) await peers.lock(() => pause(profile.lockMs));
        if (profile.pauseMs > 0) await pause(profile.pauseMs);
        await exchange(chunk, peers, received, total);
      }
    });
    await Promise.all(lanes);
    await peers.barrier();
    await reduce(round, received.splice(0), total);
  }
  await peers.barrier();
  peers.close();
  await input.close();
  process.stdout.write(`${JSON.stringify(total)}\n`);
}

/** Sends every record of a chunk to the node that owns its key; resolves when they have them. */
async function exchange(chunk, peers, received, total) {
  const parts = addresses.map(() => []);
  for (let at = 0; at < chunkBytes; at += RECORD_BYTES) {
    const owner = Math.floor((chunk[at] * addresses.length) / 256);
    parts[owner].push(chunk.subarray(at, at + RECORD_BYTES));
    total.sum = (total.sum + chunk.readUInt32LE(at)) >>> 0;
  }
  total.records += recordsPerChunk;
  const sent = parts.map(async (records, owner) => {
    if (owner === node) received.push(Buffer.concat(records));
    else await peers.send(owner, Buffer.concat(profile.exchange ? records : []));
  });
  // Without an exchange every node keeps what it read.
  if (!profile.exchange) {
    for (const [owner, records] of parts.entries()) {
      if (owner !== node) received.push(Buffer.concat(records));
    }
  }
  await Promise.all(sent);
}

/** Sorts what was received, and writes it so that it is on the disk. */
async function reduce(round, blocks, total) {
  const all = Buffer.concat(blocks);
  const order = Array.from({ length: all.length / RECORD_BYTES }, (_, i) => i * RECORD_BYTES);
  order.sort((a, b) => all.compare(all, b, b + KEY_BYTES, a, a + KEY_BYTES));
  const sorted = Buffer.allocUnsafe(all.length);
  order.forEach((from, i) => all.copy(sorted, i * RECORD_BYTES, from, from + RECORD_BYTES));
  for (const from of order) total.sortedSum = (total.sortedSum + all.readUInt32LE(from)) >>> 0;
  total.sorted += order.length;
  compute(sorted, profile.reduceMsPerMib);
  // A few files in turn: the disk must not fill up.
  const out = await fs.promises.open(`${folder}/sorted-${round % 4}`, "w");
  const stripe = profile.writeKib * 1024;
  for (let at = 0; at < sorted.length; at += stripe) {
    await out.write(sorted, at, Math.min(stripe, sorted.length - at), at);
    if (profile.syncEachWrite) await out.datasync();
  }
  await out.sync();
  await out.close();
}

/** What decoding and comparing costs in a real job. */
function compute(bytes, msPerMib) {
  const hash = createHash("sha256");
  let left = Math.round((bytes.length / 2 ** 20) * msPerMib * config.hashKibPerMs * 1024);
  for (; left > bytes.length && bytes.length > 0; left -= bytes.length) hash.update(bytes);
  hash.update(bytes.subarray(0, left));
  hash.digest();
}

/** The job's heap: pages that are really there, touched here and there. */
function touchedMemory() {
  const memory = Buffer.alloc(profile.heapMib * 2 ** 20);
  for (let at = 0; at < memory.length; at += PAGE_BYTES)
    memory.writeUInt32LE((at ^ 0x9e3779b9) >>> 0, at);
  const random = randomNumbers(config.seed * 31 + node);
  const pages = memory.length / PAGE_BYTES;
  return {
    touch(times) {
      for (let i = 0; i < times; i++) memory[(random() % pages) * PAGE_BYTES] ^= 1;
    },
  };
}

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
