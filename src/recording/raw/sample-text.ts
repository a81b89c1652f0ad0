/** Goes through the text of a minute's file sample by sample: which lines are which file's. */

const NEWLINE = 10;
const BLANK = 32;
const TITLE = Buffer.from("==> ", "latin1");
const TITLE_END = " <==";
/** Anybody can choose the name of a process, but none of more than 15 bytes: it is no title. */
const TITLE_BYTES = 16;

/** Lines of a text: where each begins and ends, without its newline. */
export class Lines {
  starts: Int32Array = new Int32Array(8);
  ends: Int32Array = new Int32Array(8);
  length = 0;
  /** Lines that there were at most: what a line was is known when it is not among them now. */
  private known = 0;

  add(start: number, end: number): void {
    const { length } = this;
    if (length === this.starts.length) {
      this.starts = grown(this.starts);
      this.ends = grown(this.ends);
    }
    this.starts[length] = start;
    this.ends[length] = end;
    this.known = Math.max(this.known, ++this.length);
  }

  /** The line is what that line was before; empty when there was none. */
  repeat(position: number): void {
    if (this.length < this.known) this.length++;
    else this.add(position, position);
  }
}

function grown(numbers: Int32Array): Int32Array {
  const larger = new Int32Array(numbers.length * 2);
  larger.set(numbers);
  return larger;
}

/** Files by path without the first slash (`proc/stat`), with their lines. */
export type Sections = ReadonlyMap<string, Lines>;

export interface SampleText {
  /** Of files that are read with every sample. */
  readonly every: Sections;
  /** Of files that are read once a minute; none in most samples. */
  readonly minute: Sections;
  /** `/proc/PID/stat` by process; `undefined` when the sample is without processes. */
  readonly processes: Sections | undefined;
  /** What each link points to; `undefined` for a folder of which nothing else is known. */
  readonly links: ReadonlyMap<string, string | undefined>;
}

/** A stretch of a file that is no complete sample. */
export interface RawLoss {
  readonly offset: number;
  readonly bytes: number;
  /** It goes to the end of the file, as a killed recorder leaves it. */
  readonly cut: boolean;
}

export interface RawText {
  readonly bytes: Buffer;
  /** Where the first sample begins. */
  readonly start: number;
  /** First word of the recorder's own lines. */
  readonly mark: string;
  /** Lines that are as they were in the sample before are left empty. */
  readonly isPacked: boolean;
}

/**
 * A sample counts when it is there up to its end mark.
 *
 * @yields each sample, or what was lost, where it was lost. The lines of a sample are good until the
 *   next one is asked for.
 */
export function* samplesOf({
  bytes,
  start,
  mark,
  isPacked,
}: RawText): Generator<SampleText | RawLoss> {
  const own = Buffer.from(`${mark} `, "latin1");
  /** By path, from sample to sample: a packed line builds on the one before. */
  const known = new Map<string, Lines>();
  let parts: SampleParts | undefined;
  let lines: Lines | undefined;
  let sampleStart = start;
  for (let position = start, end = 0; position < bytes.length; position = end + 1) {
    end = bytes.indexOf(NEWLINE, position);
    if (end < 0) break;
    if (startsWith(bytes, position, end, own)) {
      const part = bytes.toString("latin1", position + own.length, end);
      lines = undefined;
      if (part === "sample") {
        if (position > sampleStart + 1) {
          yield loss(sampleStart, position, false);
          sampleStart = position;
        }
        parts = new SampleParts();
      } else if (part === "end") {
        if (parts) yield parts;
        parts = undefined;
        sampleStart = end + 1;
      } else parts?.begin(part);
    } else if (isTitle(bytes, position, end)) {
      const path = bytes.toString("latin1", position + TITLE.length, end - TITLE_END.length);
      lines = known.get(path);
      if (!lines) known.set(path, (lines = new Lines()));
      lines.length = 0;
      parts?.add(path, lines);
    } else if (lines === undefined) {
      parts?.addLink(bytes.toString("latin1", position, end));
    } else if (!isPacked || end > position + 1) lines.add(position, end);
    else if (end === position) lines.repeat(position);
    else lines.add(position, bytes[position] === BLANK ? position : end);
  }
  // The newline before the next sample's first line is nothing that could be missed.
  if (bytes.length > sampleStart + 1) yield loss(sampleStart, bytes.length, true);
}

function loss(offset: number, end: number, cut: boolean): RawLoss {
  return { offset, bytes: end - offset, cut };
}

function startsWith(bytes: Buffer, start: number, end: number, prefix: Buffer): boolean {
  if (bytes[start] !== prefix[0] || end - start < prefix.length) return false;
  return prefix.compare(bytes, start, start + prefix.length) === 0;
}

function isTitle(bytes: Buffer, start: number, end: number): boolean {
  if (end - start < TITLE_BYTES || !startsWith(bytes, start, end, TITLE)) return false;
  return bytes.toString("latin1", end - TITLE_END.length, end) === TITLE_END;
}

class SampleParts implements SampleText {
  readonly every = new Map<string, Lines>();
  readonly minute = new Map<string, Lines>();
  readonly links = new Map<string, string | undefined>();
  processes: Map<string, Lines> | undefined;
  private part = "sample";

  /** Other parts, with the lines below them, are a later version's. */
  begin(part: string): void {
    this.part = part;
    if (part === "processes") this.processes = new Map();
  }

  add(path: string, lines: Lines): void {
    // It is there so that `head` has two files at least, and says which is which.
    if (path === "/dev/null") return;
    if (this.part === "sample") this.every.set(path, lines);
    else if (this.part === "minute") this.minute.set(path, lines);
    else if (this.part === "processes") this.processes?.set(path, lines);
  }

  /** A line of `ls -ld`: `lrwxrwxrwx 1 root root 0 Nov 24 16:12 sys/block/sda/device -> ../../0:0:0:0`. */
  addLink(line: string): void {
    if (this.part !== "links") return;
    const [named = "", target] = line.split(" -> ");
    const path = named.slice(named.lastIndexOf(" ") + 1);
    if (target !== undefined || line.startsWith("d")) this.links.set(path, target);
  }
}
