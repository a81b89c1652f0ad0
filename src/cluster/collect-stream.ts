/** What `send` of node.sh prints: files, or what is missing of them, each followed by its checksum. */
import { createHash } from "node:crypto";
import {
  mkdirSync,
  openSync,
  closeSync,
  writeSync,
  createReadStream,
  renameSync,
  rmSync,
  ftruncateSync,
  existsSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { HostError } from "../target/ssh-failure.ts";
import { PosixCksum } from "../util/posix-cksum.ts";
import type { CollectedFile } from "./run-folder.ts";

export interface Collected {
  /** `PART/FILE` that arrived or grew, and was verified. */
  readonly files: Readonly<Record<string, CollectedFile>>;
  /** `PART/FILE` that is the same as before. */
  readonly same: readonly string[];
  /** Part to its state on the host. */
  readonly states: Readonly<Record<string, string>>;
  readonly bytes: number;
}

/** A file that has arrived wrong was taken away again. */
export class WrongChecksum extends HostError {
  constructor(name: string) {
    super("checksum", `the checksum of ${name} is wrong after the copy`);
  }
}

/** Files that are read while they grow; all others come whole or not at all. */
export function growsInPlace(name: string): boolean {
  return /\.plog$|\.raw$|\/marks\.txt$|\/recorder\.log$/.test(name);
}

export class StreamReader {
  private readonly source: AsyncIterator<Buffer>;
  private readonly folder: string;
  private readonly allowed: (part: string) => boolean;
  private readonly onBytes: (bytes: number) => void;
  private buffer: Buffer = Buffer.alloc(0);

  /**
   * @param folder where parts go
   * @param allowed which parts the host may send
   */
  constructor(
    source: AsyncIterable<Buffer>,
    folder: string,
    allowed: (part: string) => boolean,
    onBytes: (bytes: number) => void,
  ) {
    this.source = source[Symbol.asyncIterator]();
    this.folder = folder;
    this.allowed = allowed;
    this.onBytes = onBytes;
  }

  /** @throws HostError when the stream is cut; what came before is kept */
  async read(): Promise<Collected> {
    const files: Record<string, CollectedFile> = {};
    const states: Record<string, string> = {};
    const same: string[] = [];
    let bytes = 0;
    for (;;) {
      const [word, ...rest] = (await this.line()).split(" ");
      if (word === "end") return { files, same, states, bytes };
      if (word === "same") same.push(this.checked(rest[0]));
      else if (word === "state") states[rest[0] ?? ""] = rest[1] ?? "";
      else if (word === "file") {
        const name = this.checked(rest[0]);
        const [from, size] = [Number(rest[1]), Number(rest[2])];
        if (!(from >= 0 && from <= size)) throw noise();
        await this.store(name, from, size);
        bytes += size - from;
        const [sumWord, sumName, checksum = ""] = (await this.line()).split(" ");
        if (sumWord !== "sum" || sumName !== name) throw noise();
        await this.verify(name, checksum);
        files[name] = { bytes: size, checksum };
      } else throw noise();
    }
  }

  /** Names come from outside: nothing but a file in a folder of this host is accepted. */
  private checked(name = ""): string {
    const match = /^([^/]+)\/([A-Za-z0-9_-][A-Za-z0-9._-]*)$/.exec(name);
    if (!match || !this.allowed(match[1]!)) throw noise();
    return name;
  }

  private async store(name: string, from: number, size: number): Promise<void> {
    const path = join(this.folder, arrivingName(name));
    mkdirSync(dirname(path), { recursive: true });
    const fd = openSync(path, existsSync(path) ? "r+" : "w");
    try {
      ftruncateSync(fd, from);
      let at = from;
      while (at < size) {
        if (this.buffer.length === 0) await this.more();
        const piece = this.buffer.subarray(0, size - at);
        this.buffer = this.buffer.subarray(piece.length);
        writeSync(fd, piece, 0, piece.length, at);
        at += piece.length;
        this.onBytes(piece.length);
      }
    } finally {
      closeSync(fd);
    }
  }

  private async verify(name: string, checksum: string): Promise<void> {
    const arriving = join(this.folder, arrivingName(name));
    const path = join(this.folder, name);
    if ((await checksumOf(arriving, checksum.startsWith("cksum:"))) !== checksum) {
      rmSync(arriving, { force: true });
      throw new WrongChecksum(name);
    }
    if (arriving !== path) renameSync(arriving, path);
    // The recorder has compressed the minute and deleted the text.
    if (name.endsWith(".raw.gz")) rmSync(path.slice(0, -3), { force: true });
  }

  private async line(): Promise<string> {
    for (;;) {
      const end = this.buffer.indexOf(10);
      if (end >= 0) {
        const text = this.buffer.toString("utf8", 0, end);
        this.buffer = this.buffer.subarray(end + 1);
        return text;
      }
      if (this.buffer.length > 65_536) throw noise();
      await this.more();
    }
  }

  private async more(): Promise<void> {
    const { value, done } = await this.source.next();
    if (done === true) throw new HostError("connection-lost", "the connection ended in the middle");
    this.buffer = this.buffer.length > 0 ? Buffer.concat([this.buffer, value]) : value;
  }
}

/** While it is not complete. */
export function arrivingName(name: string): string {
  return growsInPlace(name) ? name : `${name}.part`;
}

async function checksumOf(path: string, posix: boolean): Promise<string> {
  if (posix) {
    const sum = new PosixCksum();
    for await (const piece of createReadStream(path)) sum.update(piece as Buffer);
    return `cksum:${sum.digest()}`;
  }
  const hash = createHash("sha256");
  for await (const piece of createReadStream(path)) hash.update(piece as Buffer);
  return `sha256:${hash.digest("hex")}`;
}

function noise(): HostError {
  return new HostError("noise", "it sends something else than the files that were asked for");
}
