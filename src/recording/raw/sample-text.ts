/** Finds one sample in the text of a minute's file: which lines are which file's. */

const NEWLINE = 10;

/** Lines of a text: where each begins and ends, without its newline. */
export class Lines {
  starts: Int32Array;
  ends: Int32Array;
  length = 0;

  constructor(room = 1024) {
    this.starts = new Int32Array(room);
    this.ends = new Int32Array(room);
  }

  add(start: number, end: number): void {
    if (this.length === this.starts.length) {
      this.starts = grown(this.starts);
      this.ends = grown(this.ends);
    }
    this.starts[this.length] = start;
    this.ends[this.length++] = end;
  }
}

function grown(numbers: Int32Array): Int32Array {
  const larger = new Int32Array(Math.max(64, numbers.length * 2));
  larger.set(numbers);
  return larger;
}

/** Lines of one file. */
export interface Section {
  /** Without the first slash: `proc/stat`. */
  readonly path: string;
  readonly first: number;
  last: number;
}

export interface SampleText {
  /** As its end mark counts it, from 1 in each file. */
  readonly number: number;
  /** Where its text ends. */
  readonly end: number;
  /** Of files that are read with every sample. */
  readonly lines: Lines;
  readonly sections: readonly Section[];
  /** Of files that are read once a minute; none in most samples. */
  readonly minuteLines: Lines;
  readonly minuteSections: readonly Section[];
  readonly links: ReadonlyMap<string, string | undefined>;
  /** One line per process; `undefined` when the sample is without processes. */
  readonly processes: Lines | undefined;
}

/**
 * @param mark first word of the recorder's own lines, with the blank after it
 * @param before lines of the sample before; empty lines stand for them
 * @param lines to be filled: not those of the sample before
 * @returns `undefined` when the text ends before the sample does
 */
export function findSample(
  bytes: Buffer,
  start: number,
  mark: Buffer,
  before: Lines,
  lines: Lines,
): SampleText | undefined {
  const minuteLines = new Lines(0);
  const links = new Map<string, string | undefined>();
  const sections: Section[] = [];
  const minuteSections: Section[] = [];
  let processes: Lines | undefined;
  let section: Section | undefined;
  let into: Lines | undefined;
  lines.length = 0;
  for (let position = start; ;) {
    const end = bytes.indexOf(NEWLINE, position);
    if (end < 0) return undefined;
    if (!isMarked(bytes, position, end, mark)) {
      if (into === lines && position === end && lines.length < before.length) {
        lines.add(before.starts[lines.length]!, before.ends[lines.length]!);
      } else into?.add(position, end);
    } else {
      if (section && into) section.last = into.length;
      section = into = undefined;
      const words = bytes.toString("latin1", position + mark.length, end).split(" ");
      const [kind, name = ""] = words;
      const path = name.slice(1);
      if (kind === ".") {
        const number = Number(name);
        return {
          number,
          end: end + 1,
          lines,
          sections,
          minuteLines,
          minuteSections,
          links,
          processes,
        };
      }
      if (kind === "=") {
        into = lines;
        sections.push((section = { path, first: into.length, last: 0 }));
      } else if (kind === "+") {
        into = minuteLines;
        minuteSections.push((section = { path, first: into.length, last: 0 }));
      } else if (kind === ">") links.set(path, words[2] === "->" ? words[3] : undefined);
      else if (kind === "processes") into = processes = new Lines();
      // Other kinds, with the lines below them, are a later version's.
    }
    position = end + 1;
  }
}

function isMarked(bytes: Buffer, start: number, end: number, mark: Buffer): boolean {
  if (bytes[start] !== mark[0] || end - start < mark.length) return false;
  return mark.compare(bytes, start, start + mark.length) === 0;
}
