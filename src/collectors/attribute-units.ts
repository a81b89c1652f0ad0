/**
 * Small files of numbers, most of them of /sys, that stand for instances: sensors, controllers,
 * throttle counts. Read at the cadences of 10 s and 60 s.
 */
import { closeSync, openSync, readSync } from "../util/host-files.ts";
import { systemErrorCode } from "../util/errors.ts";
import type { RecordedObject } from "../counter/recorded.ts";
import type { InstanceIdentity, SampleRow, Unit } from "../counter/sample-row.ts";

/** A file and where its numbers go. */
export interface AttributeFile {
  readonly path: string;
  /** Per number in the order of the text the field that it is; `undefined` to pass it over. */
  readonly fields: readonly (string | undefined)[];
  /** Only the last number of the text counts, and is the first of `fields`. */
  readonly lastOnly?: boolean;
  /** The file holds a word: the first field is 1 when it is this one, else 0. */
  readonly word?: string;
  /** The largest value of a counter that then begins again at 0: it is recorded without the jump. */
  readonly wrapsAfter?: number;
}

export interface AttributeInstance {
  readonly identity: InstanceIdentity;
  /** Position of the field group. */
  readonly group: number;
  readonly files: readonly AttributeFile[];
  /** Values that do not change, of other fields of the group. */
  readonly constants?: Readonly<Record<string, number>>;
}

/** Beyond this many files of an object each is opened for every read. */
const MAX_OPEN = 128;
const CLOSED = -1;
const UNREADABLE = -1;
/** What a device that was taken away answers. */
const AWAY = new Set(["ENOENT", "ENODEV", "ENXIO"]);

interface Source {
  readonly path: string;
  readonly positions: Int32Array;
  readonly lastOnly: boolean;
  readonly word: string | undefined;
  readonly wrapsAfter: number;
  /** Of a counter that wraps: what was read last, and what is recorded. */
  last: number;
  unwrapped: number;
  fd: number;
}

interface Member {
  readonly instance: AttributeInstance;
  readonly sources: readonly Source[];
  readonly constants: readonly (readonly [position: number, value: number])[];
  unit: Unit | undefined;
}

const buffer = Buffer.allocUnsafe(8192);

export class AttributeUnits {
  private readonly object: RecordedObject;
  private members: Member[];
  private open = 0;
  /** Of the last `collect`: a file that holds something else than numbers, or nothing could be read. */
  trouble: string | undefined;
  /** A file that did not answer, as those of a device that sleeps. */
  private silent: string | undefined;

  constructor(object: RecordedObject, instances: readonly AttributeInstance[]) {
    this.object = object;
    this.members = instances.map((instance) => this.member(instance));
  }

  /**
   * Reads every file; an instance of which one cannot be read is absent from the sample. Devices
   * that went, or some that sleep, are normal; `trouble` tells what is not.
   *
   * @returns how many could not be read
   */
  collect(row: SampleRow): number {
    let failed = 0;
    this.trouble = undefined;
    this.silent = undefined;
    for (const member of this.members) {
      const { instance, sources, constants } = member;
      const unit = (member.unit ??= row.add(this.object, instance.group, instance.identity));
      let isRead = true;
      for (const source of sources) if (!this.read(source, row, unit)) isRead = false;
      for (const [position, value] of constants) row.values[unit.slot + position] = value;
      if (isRead) row.read(unit);
      else failed++;
    }
    if (failed === this.members.length) this.trouble ??= this.silent;
    return failed;
  }

  /** Goes on with other instances; those that are the same keep their units and totals. */
  replace(row: SampleRow, instances: readonly AttributeInstance[]): void {
    const known = new Map(this.members.map((member) => [keyOf(member.instance), member]));
    this.members = instances.map((instance) => {
      const key = keyOf(instance);
      const member = known.get(key);
      known.delete(key);
      return member ?? this.member(instance);
    });
    for (const member of known.values()) {
      if (member.unit) row.remove(member.unit);
      this.release(member);
    }
  }

  has(instance: AttributeInstance): boolean {
    const key = keyOf(instance);
    return this.members.some((member) => keyOf(member.instance) === key);
  }

  close(): void {
    for (const member of this.members) this.release(member);
  }

  private member(instance: AttributeInstance): Member {
    const { fields } = this.object.groups[instance.group]!;
    const positionOf = new Map(fields.map(({ id }, i) => [id, i]));
    const position = (field: string | undefined): number =>
      field === undefined ? -1 : (positionOf.get(field) ?? -1);
    const sources = instance.files.map((file) => ({
      path: file.path,
      positions: Int32Array.from(file.fields, position),
      lastOnly: file.lastOnly ?? false,
      word: file.word,
      wrapsAfter: file.wrapsAfter ?? 0,
      last: NaN,
      unwrapped: 0,
      fd: CLOSED,
    }));
    const constants = Object.entries(instance.constants ?? {}).map(
      ([field, value]) => [position(field), value] as const,
    );
    return { instance, sources, constants: constants.filter(([at]) => at >= 0), unit: undefined };
  }

  private read(source: Source, row: SampleRow, unit: Unit): boolean {
    const length = this.fill(source);
    if (length === UNREADABLE) return false;
    const { positions } = source;
    if (source.word !== undefined) return this.readWord(source, length, row, unit);
    let p = 0;
    let number = 0;
    let value = NaN;
    while (number < positions.length) {
      p = nextNumber(p, length);
      if (p >= length) break;
      const isHex = buffer[p] === 48 && (buffer[p + 1]! | 32) === 120;
      const isNegative = p > 0 && buffer[p - 1] === 45;
      value = 0;
      if (isHex) for (p += 2; p < length && hexDigit(p) >= 0; p++) value = value * 16 + hexDigit(p);
      else for (; p < length && isDigit(p); p++) value = value * 10 + buffer[p]! - 48;
      if (isNegative) value = -value;
      if (source.lastOnly) continue;
      put(row, unit, positions[number++]!, source.wrapsAfter > 0 ? unwrap(source, value) : value);
    }
    if (source.lastOnly && !Number.isNaN(value)) put(row, unit, positions[number++]!, value);
    if (number === positions.length) return true;
    if (length === 0) this.silent ??= `${source.path} is empty`;
    else this.trouble ??= `${source.path} holds no ${positions.length} numbers`;
    return false;
  }

  private readWord(source: Source, length: number, row: SampleRow, unit: Unit): boolean {
    // One word per device, now and then: a string does no harm.
    const text = buffer.toString("latin1", 0, length).trim();
    if (/^[a-z]+( [a-z ()]+)?$/i.test(text)) {
      put(row, unit, source.positions[0]!, Number(text === source.word));
      return true;
    }
    if (length === 0) this.silent ??= `${source.path} is empty`;
    else this.trouble ??= `${source.path} holds no word`;
    return false;
  }

  private fill(source: Source): number {
    try {
      const fd = source.fd === CLOSED ? openSync(source.path, "r") : source.fd;
      try {
        return readSync(fd, buffer, 0, buffer.length, 0);
      } finally {
        if (source.fd === CLOSED) {
          if (this.open < MAX_OPEN) {
            source.fd = fd;
            this.open++;
          } else closeSync(fd);
        }
      }
    } catch (error) {
      // The device went, sleeps or refuses: absent from this sample.
      const code = systemErrorCode(error) ?? "";
      if (!AWAY.has(code)) this.silent ??= `${source.path} cannot be read: ${code}`;
      return UNREADABLE;
    }
  }

  private release(member: Member): void {
    for (const source of member.sources) {
      if (source.fd === CLOSED) continue;
      closeSync(source.fd);
      source.fd = CLOSED;
      this.open--;
    }
  }
}

function put(row: SampleRow, unit: Unit, position: number, value: number): void {
  if (position >= 0) row.values[unit.slot + position] = value;
}

function unwrap(source: Source, value: number): number {
  const { last, wrapsAfter } = source;
  // From what the first reading found, as every counter.
  if (Number.isNaN(last)) source.unwrapped = value;
  else source.unwrapped += value >= last ? value - last : value + wrapsAfter + 1 - last;
  source.last = value;
  return source.unwrapped;
}

/** Where the next digit stands that does not belong to a word (`RxErr2`). */
function nextNumber(from: number, length: number): number {
  for (let p = from; p < length; p++) {
    if (isDigit(p) && (p === 0 || buffer[p - 1]! <= 32 || buffer[p - 1] === 45)) return p;
  }
  return length;
}

function isDigit(p: number): boolean {
  const byte = buffer[p]!;
  return byte >= 48 && byte <= 57;
}

function hexDigit(p: number): number {
  const byte = buffer[p]!;
  if (byte >= 48 && byte <= 57) return byte - 48;
  const letter = byte | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}

function keyOf({ identity, group }: AttributeInstance): string {
  return `${group}:${identity.parent ?? ""}/${identity.name}`;
}
