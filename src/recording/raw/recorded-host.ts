/**
 * A host as a recording shows it at one sample: the files that were copied, folders and links, as a
 * tree that collectors and the inventory read like /proc and /sys.
 */
import { fileError, type FileTree, type TreeFile } from "../../util/host-files.ts";
import type { Lines } from "./sample-text.ts";

const NEWLINE = 10;

/** As of a file whose process or device is gone: what was seen last is not what is now. */
export const GONE = "ESRCH";
/** It is read once a minute, and not in the sample that is being looked at. */
export const NOT_NOW = "EAGAIN";

/** A file whose text is put together when it is read. */
export class RecordedFile implements TreeFile {
  /** Why it cannot be read, though it once could: see `GONE` and `NOT_NOW`. */
  absence: typeof GONE | typeof NOT_NOW | undefined;
  private readonly path: string;
  private content = Buffer.alloc(0);
  private length = 0;
  private bytes: Buffer = Buffer.alloc(0);
  private lines: Lines | undefined;

  constructor(path: string) {
    this.path = path;
  }

  /** Its text is these lines of `bytes` from now on. */
  set(bytes: Buffer, lines: Lines): void {
    this.bytes = bytes;
    this.lines = lines;
    this.absence = undefined;
  }

  /** @throws `GONE` or `NOT_NOW` */
  read(into: Uint8Array, offset: number, length: number, position: number): number {
    if (this.absence !== undefined) throw fileError(this.absence, this.path);
    this.assemble();
    const count = Math.max(0, Math.min(length, this.length - position));
    this.content.copy(into, offset, position, position + count);
    return count;
  }

  whole(): Buffer {
    this.assemble();
    return Buffer.from(this.content.subarray(0, this.length));
  }

  private assemble(): void {
    const { bytes, lines } = this;
    if (!lines) return;
    const { starts, ends } = lines;
    let length = 0;
    for (let i = 0; i < lines.length; i++) length += ends[i]! - starts[i]! + 1;
    if (length > this.content.length) this.content = Buffer.allocUnsafe(length * 2);
    let next = 0;
    for (let i = 0; i < lines.length; i++) {
      next += bytes.copy(this.content, next, starts[i], ends[i]);
      this.content[next++] = NEWLINE;
    }
    // The last newline is the recorder's.
    this.length = Math.max(0, length - 1);
    this.lines = undefined;
  }
}

/** Files and links by their path without the first slash. */
export class RecordedHost implements FileTree {
  private readonly files = new Map<string, RecordedFile>();
  private links: ReadonlyMap<string, string | undefined> = new Map();
  /** Names in each folder; made when it is asked for. */
  private folders: ReadonlyMap<string, ReadonlySet<string>> | undefined;

  /** The file of that path; made when there is none. */
  make(path: string): RecordedFile {
    let file = this.files.get(path);
    if (!file) {
      this.files.set(path, (file = new RecordedFile(path)));
      this.folders = undefined;
    }
    return file;
  }

  remove(path: string): void {
    const file = this.files.get(path);
    if (!file) return;
    file.absence = GONE;
    this.files.delete(path);
    this.folders = undefined;
  }

  /** @param links what each points to; `undefined` for a folder of which nothing else is known */
  setLinks(links: ReadonlyMap<string, string | undefined>): void {
    this.links = links;
    this.folders = undefined;
  }

  file(path: string): RecordedFile | undefined {
    return this.files.get(path);
  }

  list(path: string): string[] | undefined {
    this.folders ??= foldersOf([...this.files.keys(), ...this.links.keys()]);
    const names = this.folders.get(path);
    if (names) return [...names];
    return this.links.has(path) ? [] : undefined;
  }

  link(path: string): string | undefined {
    return this.links.get(path);
  }
}

function foldersOf(paths: readonly string[]): Map<string, Set<string>> {
  const folders = new Map<string, Set<string>>();
  for (const path of paths) {
    let end = path.length;
    for (;;) {
      const slash = path.lastIndexOf("/", end - 1);
      const folder = slash < 0 ? "" : path.slice(0, slash);
      let names = folders.get(folder);
      if (!names) folders.set(folder, (names = new Set()));
      const name = path.slice(slash + 1, end);
      if (names.has(name)) break;
      names.add(name);
      if (slash < 0) break;
      end = slash;
    }
  }
  return folders;
}
