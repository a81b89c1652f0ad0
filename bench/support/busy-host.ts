/**
 * A host that has something to do, for benchmarks: bursts of computing, disk writes, loopback
 * traffic, new processes and page faults, at random but the same for the same seed. Run as a process
 * of its own: `tsx bench/support/busy-host.ts FOLDER [SEED]`; ends with its parent.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { closeSync, fdatasyncSync, openSync, readFileSync, writeSync } from "node:fs";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { join } from "node:path";
import { seededRandom } from "../../test/support/synthetic-log.ts";

const folder = process.argv[2]!;
const random = seededRandom(Number(process.argv[3] ?? 1));
const parent = process.ppid;
const mebibyte = Buffer.alloc(2 ** 20, 3);

async function main(): Promise<void> {
  const server = createServer((socket) => socket.resume());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  const bursts: readonly (() => void | Promise<void>)[] = [
    compute,
    writeDisk,
    startProcesses,
    touchMemory,
    () => talk(socket),
  ];
  while (process.ppid === parent) {
    const burst = bursts[Math.floor(random() * bursts.length)]!;
    await burst();
    await new Promise((resolve) => setTimeout(resolve, 100 + random() * 900));
  }
  process.exit();
}

function compute(): void {
  const hash = createHash("sha512");
  for (let i = 0; i < 20 + random() * 100; i++) hash.update(mebibyte);
  hash.digest();
}

function writeDisk(): void {
  const path = join(folder, "written");
  const fd = openSync(path, "w");
  for (let i = 0; i < 1 + random() * 24; i++) writeSync(fd, mebibyte);
  fdatasyncSync(fd);
  closeSync(fd);
  readFileSync(path);
}

function startProcesses(): void {
  for (let i = 0; i < 1 + random() * 8; i++) spawnSync("true");
}

function touchMemory(): void {
  Buffer.alloc(Math.floor((8 + random() * 64) * 2 ** 20), 1);
}

async function talk(socket: Socket): Promise<void> {
  for (let i = 0; i < 1 + random() * 30; i++) {
    await new Promise<void>((resolve, reject) => {
      socket.write(mebibyte, (error) => (error ? reject(error) : resolve()));
    });
  }
}

await main();
