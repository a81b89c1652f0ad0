/**
 * `LogicalDisk`: how full file systems are. Those on this host's disks are asked at once, those of
 * servers through a program of its own: a call that hangs would hold up the samples, and in a thread
 * of Node's it would keep the agent from ending.
 */
import { join } from "node:path";
import type { CounterObject } from "../counter/declaration.ts";
import { recordedObject } from "../counter/recorded.ts";
import type { InstanceIdentity, SampleRow, Unit } from "../counter/sample-row.ts";
import { parseMountinfo } from "../procfs/mountinfo.ts";
import { ByteScanner } from "../util/byte-scanner.ts";
import { RereadFile } from "../util/reread-file.ts";
import type { Collector, HostContext, OpenCollector } from "./collector.ts";
import { type FileSystemSpace, parseStatAnswer, statCommand } from "./file-system-space.ts";
import { LOGICAL_DISK_COUNTERS, MOUNT_GROUP, SPACE_GROUP } from "./logical-disk-counters.ts";
import { shownMounts, type ShownMount } from "./shown-mounts.ts";
import type { Answer, ToolSession } from "./tools/tools.ts";

const OBJECT: CounterObject = {
  name: "LogicalDisk",
  help:
    "File systems and how full they are, each once, wherever else it is mounted. Those on this host's " +
    "disks and in memory every 10 s, those of servers (NFS, CIFS, FUSE, ...) every minute. The _Total " +
    "is of this host's disks. What their devices do is in PhysicalDisk.",
  instances: { what: "one per mounted file system, named by its mount point", total: true },
  cadence: 10_000,
  groups: [SPACE_GROUP, MOUNT_GROUP],
  counters: LOGICAL_DISK_COUNTERS,
};

const SPACE = 0;
const MOUNT = 1;
/** Positions of fields in their groups. */
const SIZE = 0;
const READ_ONLY = 0;
const REMOUNTS = 1;
const UNANSWERED = 2;
/** A little less than the cadence and a minute: timers are not exact. */
const LOOK_SECONDS = 9;
const ASK_SECONDS = 59;

interface FileSystem {
  mount: ShownMount;
  readonly mountUnit: Unit;
  spaceUnit: Unit | undefined;
  /** As the fields of the two groups. */
  readonly space: Float64Array;
  readonly state: Float64Array;
  /** An answer came that no sample holds yet. */
  hasNews: boolean;
  /** It did not answer the last time. */
  hangs: boolean;
}

export const logicalDisk: Collector = {
  object: OBJECT,
  open(host) {
    if (!host.statFileSystem && !host.tools?.has("stat")) return undefined;
    const file = RereadFile.openIfPresent(join(host.procRoot, "self/mountinfo"));
    return file && new OpenLogicalDisk(host, file);
  },
};

class OpenLogicalDisk implements OpenCollector {
  readonly object = recordedObject(OBJECT);
  hasNews = false;
  private readonly host: HostContext;
  private readonly file: RereadFile;
  private readonly session: ToolSession | undefined;
  private readonly scanner = new ByteScanner();
  private readonly fileSystems = new Map<string, FileSystem>();
  private known: Buffer | undefined;
  private lookDue = 0;
  private askDue = 0;
  private totals: { readonly space: Unit; readonly mount: Unit } | undefined;
  private readonly totalSpace = new Float64Array(SPACE_GROUP.fields.length);
  private readonly totalState = new Float64Array(MOUNT_GROUP.fields.length);

  constructor(host: HostContext, file: RereadFile) {
    this.host = host;
    this.file = file;
    this.session = host.tools?.has("stat") ? host.tools.open() : undefined;
  }

  collect(row: SampleRow): void {
    const now = this.host.monotonicSeconds();
    // Called between its turns for the news alone.
    if (!this.hasNews || now >= this.lookDue) {
      this.lookDue = now + LOOK_SECONDS;
      this.followMounts(row);
      this.askLocal();
      if (now >= this.askDue && this.askOthers()) this.askDue = now + ASK_SECONDS;
      this.write(row);
    }
    this.writeNews(row);
    this.hasNews = false;
  }

  close(): void {
    this.session?.close();
    this.file.close();
  }

  private followMounts(row: SampleRow): void {
    const { bytes, end } = this.file.scan(this.scanner);
    const { known } = this;
    if (known && known.length === end && known.equals(bytes.subarray(0, end))) return;
    const text = Buffer.from(bytes.subarray(0, end));
    const mounts = parseMountinfo(text.toString("latin1"));
    // Every process sees at least its root.
    if (mounts.length === 0) throw new Error(`${this.file.path}: there are no mounts in it`);
    this.known = text;
    const gone = new Map(this.fileSystems);
    for (const mount of shownMounts(mounts)) {
      const key = `${mount.mountPoint}\0${mount.device}\0${mount.type}`;
      const found = this.fileSystems.get(key);
      if (found) this.follow(found, mount);
      else this.fileSystems.set(key, this.add(row, mount));
      gone.delete(key);
    }
    for (const [key, { spaceUnit, mountUnit }] of gone) {
      this.fileSystems.delete(key);
      row.remove(mountUnit);
      if (spaceUnit) row.remove(spaceUnit);
    }
  }

  private add(row: SampleRow, mount: ShownMount): FileSystem {
    const state = new Float64Array(MOUNT_GROUP.fields.length);
    state[READ_ONLY] = Number(mount.readOnly);
    return {
      mount,
      mountUnit: row.add(this.object, MOUNT, identityOf(mount)),
      spaceUnit: undefined,
      space: new Float64Array(SPACE_GROUP.fields.length),
      state,
      hasNews: false,
      hangs: false,
    };
  }

  private follow(fileSystem: FileSystem, mount: ShownMount): void {
    const { state } = fileSystem;
    if (mount.readOnly && state[READ_ONLY] === 0) {
      state[REMOUNTS] = state[REMOUNTS]! + 1;
      if (mount.counted) this.totalState[REMOUNTS] = this.totalState[REMOUNTS]! + 1;
    }
    state[READ_ONLY] = Number(mount.readOnly);
    fileSystem.mount = mount;
  }

  private askLocal(): void {
    const { statFileSystem } = this.host;
    if (!statFileSystem) return;
    for (const fileSystem of this.fileSystems.values()) {
      if (!fileSystem.mount.remote) note(fileSystem, statFileSystem(fileSystem.mount.mountPoint));
    }
  }

  /** Asks for all that is not asked in passing. @returns false when the last time is not over */
  private askOthers(): boolean {
    const { session } = this;
    if (!session || session.busy) return false;
    // What hung is asked last, and not at all while the program that asked it cannot be killed.
    const others = [...this.fileSystems.values()]
      .filter(({ mount, hangs }) => this.isOther(mount) && !(hangs && session.stuck))
      .sort((a, b) => lateness(a) - lateness(b));
    for (const fileSystem of this.fileSystems.values()) {
      if (fileSystem.hangs && session.stuck) countUnanswered(fileSystem);
    }
    if (others.length === 0) return true;
    const commands = others.map(({ mount }) => statCommand(mount.mountPoint));
    session.run(commands, (answers) => this.take(others, answers));
    return true;
  }

  private isOther({ remote }: ShownMount): boolean {
    return remote || !this.host.statFileSystem;
  }

  private take(asked: readonly FileSystem[], answers: readonly Answer[]): void {
    const hung = answers.indexOf(undefined);
    asked.forEach((fileSystem, i) => {
      const space = parseStatAnswer(answers[i]);
      note(fileSystem, space);
      if (space) this.hasNews = true;
      // Those after it were not asked, for want of time.
      if (i === hung) {
        countUnanswered(fileSystem);
        fileSystem.hangs = true;
      } else if (answers[i]) fileSystem.hangs = false;
    });
  }

  /** Flags of all, and the totals. */
  private write(row: SampleRow): void {
    const { totalSpace, totalState } = this;
    totalSpace.fill(0);
    totalState.fill(0, READ_ONLY, READ_ONLY + 1);
    let counted = false;
    for (const { mount, mountUnit, space, state } of this.fileSystems.values()) {
      row.values.set(state, mountUnit.slot);
      row.read(mountUnit);
      if (!mount.counted || space[SIZE] === 0) continue;
      counted = true;
      for (let i = 0; i < space.length; i++) totalSpace[i] = totalSpace[i]! + space[i]!;
      totalState[READ_ONLY] = totalState[READ_ONLY]! + state[READ_ONLY]!;
    }
    if (!counted) return;
    this.totals ??= {
      space: row.add(this.object, SPACE, { name: "_Total" }),
      mount: row.add(this.object, MOUNT, { name: "_Total" }),
    };
    row.values.set(totalSpace, this.totals.space.slot);
    row.values.set(totalState, this.totals.mount.slot);
    row.read(this.totals.space);
    row.read(this.totals.mount);
  }

  private writeNews(row: SampleRow): void {
    for (const fileSystem of this.fileSystems.values()) {
      if (!fileSystem.hasNews) continue;
      fileSystem.hasNews = false;
      fileSystem.spaceUnit ??= row.add(this.object, SPACE, identityOf(fileSystem.mount));
      row.values.set(fileSystem.space, fileSystem.spaceUnit.slot);
      row.read(fileSystem.spaceUnit);
    }
  }
}

function lateness({ hangs, mount }: FileSystem): number {
  return 2 * Number(hangs) + Number(mount.remote);
}

function countUnanswered({ state }: FileSystem): void {
  state[UNANSWERED] = state[UNANSWERED]! + 1;
}

/** Sizes of 0 are of file systems without room of their own. */
function note(fileSystem: FileSystem, found: FileSystemSpace | undefined): void {
  if (!found || found.blocks === 0) return;
  const { blockBytes, blocks, freeBlocks, availableBlocks, inodes, freeInodes } = found;
  fileSystem.space.set([
    blocks * blockBytes,
    freeBlocks * blockBytes,
    availableBlocks * blockBytes,
    inodes,
    freeInodes,
  ]);
  fileSystem.hasNews = true;
}

function identityOf({ mountPoint, type, source, remote }: ShownMount): InstanceIdentity {
  const attributes = { type, device: source, kind: remote ? "remote" : "local" };
  return { name: mountPoint, attributes };
}
