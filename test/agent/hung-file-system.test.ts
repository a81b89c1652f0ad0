/** A file system whose server does not answer: a real one, of FUSE, that nobody serves. */
import { mkdirSync, readdirSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect } from "vitest";
import { needs } from "../support/needs.ts";
import { readLog, sleep, startAgent, TemporaryFolders } from "./agent-process.ts";

const folders = new TemporaryFolders();
afterAll(() => folders.remove());

/** In a mount namespace of its own: what is mounted goes with the agent. */
const HUNG_MOUNT =
  'exec 3<>/dev/fuse; mount -i -t fuse -o fd=3,rootmode=40000,user_id=0,group_id=0 hung "$0" && exec "$@"';

needs("root").it("does not hold up the samples, nor the end", async () => {
  const folder = folders.make();
  const mountPoint = join(folder, "hung");
  const recording = join(folder, "recording");
  mkdirSync(mountPoint);
  const agent = startAgent(["-o", recording, "-i", "50ms", "--objects", "LogicalDisk,System"], {
    wrapper: ["unshare", "-m", "sh", "-c", HUNG_MOUNT, mountPoint],
  });
  await agent.recording;
  await sleep(1000);
  // What it does by then: a program of its own waits for the file system.
  const beside = await besides(agent.pid);
  process.kill(agent.pid, "SIGTERM");
  const { code } = await agent.exit;
  expect(code).toBe(0);
  const log = readLog(recording);
  expect(log.ends).toEqual([{ reason: "stopped" }]);
  expect(log.monotonicMs.length).toBeGreaterThan(8);
  // And leaves nothing behind.
  const left = () => beside.filter((pid) => namespaceOf(pid) !== undefined);
  for (let i = 0; i < 100 && left().length > 0; i++) await sleep(20);
  expect(left()).toEqual([]);
});

/** The others in the agent's mount namespace: its shell, and what that runs. */
async function besides(agent: number): Promise<number[]> {
  for (let i = 0; i < 100; i++) {
    const found = readdirSync("/proc")
      .map(Number)
      .filter((pid) => pid > 0 && pid !== agent && namespaceOf(pid) === namespaceOf(agent));
    if (found.length > 0) return found;
    await sleep(50);
  }
  throw new Error("it asks nobody");
}

function namespaceOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/mnt`);
  } catch {
    return undefined;
  }
}
