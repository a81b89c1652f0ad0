/** A file system whose server does not answer: a real one, of FUSE, that nobody serves. */
import { mkdirSync, readFileSync } from "node:fs";
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
  const asking = `/proc/${await shellOf(agent.pid)}`;
  process.kill(agent.pid, "SIGTERM");
  const { code } = await agent.exit;
  expect(code).toBe(0);
  const log = readLog(recording);
  expect(log.ends).toEqual([{ reason: "stopped" }]);
  expect(log.monotonicMs.length).toBeGreaterThan(8);
  // And leaves nothing behind.
  for (let i = 0; i < 100 && exists(asking); i++) await sleep(20);
  expect(exists(asking)).toBe(false);
});

/** The agent's only child. */
async function shellOf(pid: number): Promise<string> {
  for (let i = 0; i < 100; i++) {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "latin1").trim();
    if (children !== "") return children;
    await sleep(50);
  }
  throw new Error("it asks nobody");
}

function exists(path: string): boolean {
  try {
    readFileSync(`${path}/stat`);
    return true;
  } catch {
    return false;
  }
}
