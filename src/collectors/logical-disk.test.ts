import { afterEach, describe, expect, it } from "vitest";
import { FakeHost, type FakeHostOptions, Recording } from "../../test/support/fake-host.ts";
import { FakeTools } from "../../test/support/fake-tools.ts";
import type { FileSystemSpace } from "./file-system-space.ts";
import { logicalDisk } from "./logical-disk.ts";

let host: FakeHost;
afterEach(() => host.remove());

const ROOT = "27 1 254:0 / / rw,relatime - ext4 /dev/vda rw\n";
const DATA = "30 27 8:1 / /data rw - xfs /dev/sda1 rw\n";
const nfs = (name: string, minor: number) =>
  `40 27 0:${minor} / /${name} rw - nfs4 server:/${name} rw,hard\n`;

/** 100 blocks of 4 KiB, 40 of them free, 30 for programs; 10 inodes, 4 free. */
const SPACE: FileSystemSpace = {
  blockBytes: 4096,
  blocks: 100,
  freeBlocks: 40,
  availableBlocks: 30,
  inodes: 10,
  freeInodes: 4,
};

function hostWith(mountinfo: string, options: FakeHostOptions): FakeHost {
  host = new FakeHost(options);
  host.write("proc/self/mountinfo", mountinfo);
  return host;
}

const reached =
  (asked: string[] = []) =>
  (path: string): FileSystemSpace => {
    asked.push(path);
    return SPACE;
  };

describe("LogicalDisk", () => {
  it("tells of each file system what df does, and sums up this host's disks", () => {
    const mountinfo = ROOT + DATA + "31 27 0:20 / /tmp rw - tmpfs tmpfs rw\n";
    const recording = new Recording(
      hostWith(mountinfo, { statFileSystem: reached() }),
      logicalDisk,
    );
    recording.sample().sample(10);
    expect(recording.instances()).toEqual(["/", "/data", "/tmp", "_Total"]);
    // df: Use% = used / (used + available) = 60 / 90.
    expect(recording.value("/data", "% Free Space")).toBeCloseTo(100 / 3);
    expect(recording.value("/data", "% Inodes Used")).toBe(60);
    expect(recording.value("/data", "Used Bytes")).toBe(60 * 4096);
    expect(recording.value("_Total", "Size Bytes")).toBe(2 * 100 * 4096);
    expect(recording.value("_Total", "Free Megabytes")).toBe((2 * 30 * 4096) / 2 ** 20);
    expect(recording.unit("/data").instance.attributes).toEqual({
      type: "xfs",
      device: "/dev/sda1",
      kind: "local",
    });
  });

  it("counts a file system that becomes read-only, once, however long it stays so", () => {
    const recording = new Recording(
      hostWith(ROOT + DATA, { statFileSystem: reached() }),
      logicalDisk,
    );
    recording.sample();
    host.write("proc/self/mountinfo", ROOT + DATA.replace("sda1 rw", "sda1 ro"));
    recording.sample(10).sample(10);
    host.write("proc/self/mountinfo", ROOT + DATA);
    recording.sample(10);
    expect(recording.values("/data", "Read Only")).toEqual([1, 1, 0]);
    expect(recording.values("/data", "Read Only Remounts")).toEqual([1, 0, 0]);
    expect(recording.values("/", "Read Only Remounts")).toEqual([0, 0, 0]);
    expect(recording.values("_Total", "Read Only Remounts")).toEqual([1, 0, 0]);
  });

  it("follows mounts that come and go", () => {
    const recording = new Recording(hostWith(ROOT, { statFileSystem: reached() }), logicalDisk);
    recording.sample();
    host.write("proc/self/mountinfo", ROOT + DATA);
    recording.sample(10);
    expect(recording.instances()).toEqual(["/", "/data", "_Total"]);
    host.write("proc/self/mountinfo", ROOT);
    recording.sample(10);
    expect(recording.instances()).toEqual(["/", "_Total"]);
    expect(recording.row.units.map(({ instance }) => instance.name)).not.toContain("/data");
  });

  it("asks servers beside the samples, once a minute, and takes the answer at the next sample", () => {
    const asked: string[] = [];
    const tools = new FakeTools(() => "4096 100 40 30 10 4\n");
    tools.slow = true;
    const recording = new Recording(
      hostWith(ROOT + nfs("home", 40), { statFileSystem: reached(asked), tools }),
      logicalDisk,
    );
    recording.sample();
    expect(recording.raw("/home")).toEqual({ read_only: 0, read_only_remounts: 0, unanswered: 0 });
    expect(recording.open.hasNews).toBe(false);
    tools.answer();
    expect(recording.open.hasNews).toBe(true);
    recording.sample();
    // Nothing but the news: the others' turn has not come.
    expect(recording.instances()).toEqual(["/home"]);
    expect(recording.raw("/home")).toMatchObject({ size_bytes: 409600, free_inodes: 4 });
    for (let i = 0; i < 6; i++) recording.sample(10);
    expect(tools.runs).toEqual(Array(2).fill("stat -f -c %S %b %f %a %c %d /home"));
    expect(new Set(asked)).toEqual(new Set(["/"]));
  });

  it("counts a server that does not answer, and asks it last from then on", () => {
    const tools = new FakeTools((command) =>
      command.endsWith("/dead") ? undefined : "4096 100 40 30 10 4\n",
    );
    const recording = new Recording(
      hostWith(ROOT + nfs("dead", 40) + nfs("home", 41), { statFileSystem: reached(), tools }),
      logicalDisk,
    );
    recording.sample().sample(60);
    expect(tools.runs.map((run) => run.match(/\/\w+/g))).toEqual([
      ["/dead", "/home"],
      ["/home", "/dead"],
    ]);
    recording.sample(10);
    expect(recording.raw("/dead")).toMatchObject({ unanswered: 2 });
    expect(recording.raw("/home")).toMatchObject({ unanswered: 0 });
    expect(recording.unit("/home", 0).readAt).toBe(2);
    expect(recording.row.units.filter(({ instance }) => instance.name === "/dead")).toHaveLength(1);
  });

  it("leaves a server alone while the program that asked it cannot be killed", () => {
    const tools = new FakeTools(() => undefined);
    const recording = new Recording(
      hostWith(ROOT + nfs("dead", 40), { statFileSystem: reached(), tools }),
      logicalDisk,
    );
    recording.sample();
    tools.stuck = true;
    recording.sample(60).sample(60);
    expect(tools.runs).toHaveLength(1);
    expect(recording.raw("/dead")).toMatchObject({ unanswered: 3 });
    tools.stuck = false;
    recording.sample(60);
    expect(tools.runs).toHaveLength(2);
  });

  it("asks for all through the program where Node cannot: what is near comes first", () => {
    const tools = new FakeTools(() => "4096 100 40 30 10 4\n");
    const recording = new Recording(hostWith(nfs("home", 40) + ROOT, { tools }), logicalDisk);
    recording.sample().sample(60);
    expect(tools.runs[0]!.match(/\/\w*/g)).toEqual(["/", "/home"]);
    expect(recording.value("/", "Used Bytes")).toBe(60 * 4096);
  });

  it("gives nothing of what cannot be reached or has no room", () => {
    const recording = new Recording(
      hostWith(ROOT + DATA, {
        statFileSystem: (path) => (path === "/" ? undefined : { ...SPACE, blocks: 0 }),
      }),
      logicalDisk,
    );
    recording.sample();
    expect(recording.instances()).toEqual(["/", "/data"]);
    expect(Object.keys(recording.raw("/data"))).not.toContain("size_bytes");
  });

  it("is not there where nothing can be asked", () => {
    hostWith(ROOT, {});
    expect(logicalDisk.open(host.context)).toBeUndefined();
  });
});
