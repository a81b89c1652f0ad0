/**
 * How the nodes of the lab's job talk: one TCP connection between each two. A frame is its kind, an
 * id and a length; records are acknowledged when the other program has them, as a shuffle does. Node
 * 0 also keeps the one lock of the job.
 */
"use strict";
const net = require("node:net");
const { once } = require("node:events");

const PORT = 7100;
const HEADER_BYTES = 9;
const HELLO = 0;
const RECORDS = 1;
const ACKNOWLEDGED = 2;
const ROUND_ENDED = 3;
const LOCK = 4;
const GRANTED = 5;
const UNLOCK = 6;

/** @param {(records: Buffer) => void} onRecords called with what another node sent */
exports.connectPeers = async (addresses, node, onRecords) => {
  const sockets = new Map();
  const waiting = new Map();
  const keeper = lockKeeper();
  let nextId = 1;
  const ended = new Map();
  let onEnded = () => {};
  let enough = () => {};

  function handle(from, kind, id, body) {
    if (kind === RECORDS) {
      onRecords(body);
      write(from, ACKNOWLEDGED, id);
    } else if (kind === ACKNOWLEDGED || kind === GRANTED) {
      waiting.get(id)();
      waiting.delete(id);
    } else if (kind === ROUND_ENDED) {
      ended.set(from, (ended.get(from) ?? 0) + 1);
      onEnded();
    } else if (kind === LOCK) {
      keeper.lock(() => write(from, GRANTED, id));
    } else if (kind === UNLOCK) keeper.unlock();
  }

  function write(to, kind, id, body = Buffer.alloc(0)) {
    const header = Buffer.alloc(HEADER_BYTES);
    header[0] = kind;
    header.writeUInt32LE(id, 1);
    header.writeUInt32LE(body.length, 5);
    const socket = sockets.get(to);
    socket.cork();
    socket.write(header);
    if (body.length > 0) socket.write(body);
    process.nextTick(() => socket.uncork());
  }

  function request(to, kind, body) {
    const id = nextId++;
    return new Promise((resolve) => {
      waiting.set(id, resolve);
      write(to, kind, id, body);
    });
  }

  function adopt(socket, peer) {
    socket.setNoDelay(true);
    sockets.set(peer, socket);
    enough();
  }

  const server = net.createServer((socket) => {
    let peer;
    readFrames(socket, (kind, id, body) => {
      if (kind === HELLO) adopt(socket, (peer = id));
      else handle(peer, kind, id, body);
    });
  });
  server.listen(PORT, addresses[node]);
  await once(server, "listening");
  // Each connects to those before it, so that every two have one connection.
  for (let peer = 0; peer < node; peer++) {
    const socket = await connect(addresses[peer]);
    readFrames(socket, (kind, id, body) => handle(peer, kind, id, body));
    adopt(socket, peer);
    write(peer, HELLO, node);
  }
  await new Promise((resolve) => {
    enough = () => sockets.size === addresses.length - 1 && resolve();
    enough();
  });

  let rounds = 0;
  return {
    send: (to, records) => request(to, RECORDS, records),
    /** Resolves when every node has come to the same point. */
    async barrier() {
      rounds++;
      for (const to of sockets.keys()) write(to, ROUND_ENDED, 0);
      const all = () => [...sockets.keys()].every((peer) => (ended.get(peer) ?? 0) >= rounds);
      while (!all()) await new Promise((resolve) => (onEnded = resolve));
    },
    /** Runs a piece of work while no other node runs its own. */
    async lock(work) {
      if (node === 0) await new Promise((resolve) => keeper.lock(resolve));
      else await request(0, LOCK);
      await work();
      if (node === 0) keeper.unlock();
      else write(0, UNLOCK, 0);
    },
    close() {
      server.close();
      for (const socket of sockets.values()) socket.end();
    },
  };
};

function lockKeeper() {
  const queue = [];
  let held = false;
  return {
    lock(grant) {
      if (held) queue.push(grant);
      else {
        held = true;
        grant();
      }
    },
    unlock() {
      const next = queue.shift();
      if (next) next();
      else held = false;
    },
  };
}

function readFrames(socket, onFrame) {
  let parts = [];
  let size = 0;
  socket.on("data", (piece) => {
    parts.push(piece);
    size += piece.length;
    for (;;) {
      if (size < HEADER_BYTES) return;
      if (parts[0].length < HEADER_BYTES) parts = [Buffer.concat(parts)];
      const length = parts[0].readUInt32LE(5);
      if (size < HEADER_BYTES + length) return;
      const all = parts.length === 1 ? parts[0] : Buffer.concat(parts);
      onFrame(all[0], all.readUInt32LE(1), all.subarray(HEADER_BYTES, HEADER_BYTES + length));
      const rest = all.subarray(HEADER_BYTES + length);
      parts = rest.length > 0 ? [rest] : [];
      size = rest.length;
    }
  });
  socket.on("error", (error) => {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  });
}

/** The others may be a moment later than we. */
async function connect(address) {
  for (let tries = 0; ; tries++) {
    const socket = net.connect(PORT, address);
    try {
      await once(socket, "connect");
      return socket;
    } catch (error) {
      if (tries === 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
