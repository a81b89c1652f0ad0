/**
 * The NFS mounts in /proc/self/mountstats with their numbers, and with those of their operations:
 * shared by the collectors of both.
 */
import {
  mountstatsTable,
  NFS_BYTES,
  NFS_EVENTS,
  NFS_OPERATION,
  NFS_TRANSPORT,
  type NfsNumber,
} from "../procfs/mountstats.ts";
import type { ByteScanner } from "../util/byte-scanner.ts";
import type { HostContext } from "./collector.ts";
import { openShared, type SharedSource } from "./shared-source.ts";
import { pathExists } from "./sysfs.ts";

/**
 * Numbers of a mount: its own, then those of all its operations together (`all_ops`, ...). Errors,
 * which kernels before 5.3 do not count, come last, as in `NFS_OPERATION`.
 */
export const NFS_MOUNT_FIELDS: readonly string[] = [
  ...NFS_BYTES,
  ...NFS_TRANSPORT,
  ...NFS_EVENTS,
  ...NFS_OPERATION.map((field) => `all_${field}`),
];
export const NFS_ERRORS: ReadonlySet<string> = new Set(["errors", "all_errors"]);

/** A mount, or an operation of one; as `ShownLines` wants it. */
export interface NfsLine {
  readonly name: string;
  readonly mountPoint: string;
  readonly source: string;
  readonly type: string;
  readonly operation: string | undefined;
  /** As `NFS_MOUNT_FIELDS` or `NFS_OPERATION`. */
  readonly reading: Float64Array;
}

const LETTER_D = 100;
const LETTER_N = 110;

export class NfsMounts {
  mounts: NfsLine[] = [];
  /** Of all mounts those that were ever called. */
  operations: NfsLine[] = [];
  /** Whether the kernel counts errors per operation. */
  countsErrors = true;
  /** Raised when one of the two lists has changed. */
  version = 0;
  private readonly table = mountstatsTable();
  private names: readonly (string | undefined)[] = [];
  private readonly lines = new Map<string, NfsLine>();
  /** Per number of the file where it is added: a reading, and one for the mount as a whole. */
  private targets: (Float64Array | undefined)[] = [];
  private positions = new Int32Array(0);
  private wholeTargets: (Float64Array | undefined)[] = [];
  private all: NfsLine[] = [];
  private unused: NfsLine[] = [];

  /** @throws when it is no list of mounts */
  read(scanner: ByteScanner): void {
    const { table } = this;
    // `device ...` or `no device ...`: mounts of all kinds are listed.
    const first = scanner.bytes[scanner.position];
    if (scanner.atEnd || (first !== LETTER_D && first !== LETTER_N)) {
      throw new Error("there are no mounts in it");
    }
    table.read(scanner);
    if (table.names !== this.names) this.learn();
    for (const { reading } of this.all) reading.fill(0);
    const { values } = table;
    const { targets, positions, wholeTargets } = this;
    for (let i = 0; i < positions.length; i++) {
      const target = targets[i];
      if (target === undefined) continue;
      const position = positions[i]!;
      const value = values[i]!;
      target[position] = target[position]! + value;
      const whole = wholeTargets[i];
      if (whole === undefined) continue;
      whole[ALL_OPERATIONS + position] = whole[ALL_OPERATIONS + position]! + value;
    }
    this.noticeFirstUse();
  }

  private learn(): void {
    const { names } = this.table;
    this.names = names;
    const seen = new Set<NfsLine>();
    let countsErrors = false;
    this.targets = names.map(() => undefined);
    this.wholeTargets = names.map(() => undefined);
    this.positions = new Int32Array(names.length);
    names.forEach((name, i) => {
      if (name === undefined) return;
      const number = JSON.parse(name) as NfsNumber;
      const mount = this.line(number, undefined);
      const line = number.operation === undefined ? mount : this.line(number, number.operation);
      seen.add(mount).add(line);
      if (NFS_ERRORS.has(number.field)) countsErrors = true;
      const fields = line === mount ? NFS_MOUNT_FIELDS : NFS_OPERATION;
      this.targets[i] = line.reading;
      this.positions[i] = fields.indexOf(number.field);
      if (line !== mount) this.wholeTargets[i] = mount.reading;
    });
    for (const [key, line] of this.lines) if (!seen.has(line)) this.lines.delete(key);
    this.all = [...seen];
    this.countsErrors = countsErrors || seen.size === 0;
    this.mounts = this.all.filter(({ operation }) => operation === undefined);
    const before = new Set(this.operations);
    this.operations = this.all.filter((line) => before.has(line));
    this.unused = this.all.filter((line) => line.operation !== undefined && !before.has(line));
    this.version++;
  }

  /** The same object for as long as the mount is there. */
  private line({ mountPoint, source, type }: NfsNumber, operation: string | undefined): NfsLine {
    const key = JSON.stringify([mountPoint, source, operation]);
    let line = this.lines.get(key);
    if (!line) {
      const name = operation === undefined ? mountPoint : `${mountPoint} ${operation}`;
      const width = operation === undefined ? NFS_MOUNT_FIELDS.length : NFS_OPERATION.length;
      line = { name, mountPoint, source, type, operation, reading: new Float64Array(width) };
      this.lines.set(key, line);
    }
    return line;
  }

  /** Of some seventy operations a mount uses ten. */
  private noticeFirstUse(): void {
    let used = 0;
    for (const line of this.unused) if (line.reading[OPS]! > 0) used++;
    if (used === 0) return;
    this.operations = this.operations.concat(this.unused.filter(isUsed));
    this.unused = this.unused.filter((line) => !isUsed(line));
    this.version++;
  }
}

const OPS = NFS_OPERATION.indexOf("ops");
const ALL_OPERATIONS = NFS_MOUNT_FIELDS.indexOf("all_ops");

function isUsed(line: NfsLine): boolean {
  return line.reading[OPS]! > 0;
}

/** @returns `undefined` where the kernel has no NFS client loaded */
export function openNfsMounts(host: HostContext): SharedSource<NfsMounts> | undefined {
  if (!pathExists(`${host.procRoot}/net/rpc/nfs`)) return undefined;
  return openShared(host, "self/mountstats", "pieces", () => new NfsMounts());
}
