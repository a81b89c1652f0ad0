/** Shows the samples of one minute's file after the other as a host whose files change in place. */
import type { FileTree } from "../../util/host-files.ts";
import { GONE, NOT_NOW, RecordedFile, RecordedHost } from "./recorded-host.ts";
import { findSample, Lines, type SampleText } from "./sample-text.ts";

/** A stretch of a file that is no complete sample. */
export interface RawLoss {
  readonly offset: number;
  readonly bytes: number;
  /** It goes to the end of the file, as a killed recorder leaves it. */
  readonly cut: boolean;
}

export class RecordedSamples {
  /** What the current sample brought beside the files of every sample. */
  hasMinuteFiles = false;
  hasProcesses = false;
  readonly host = new RecordedHost();
  /** The host and its processes, which are read less often and therefore stand apart. */
  readonly processes: FileTree;
  private readonly processFiles = new Map<string, RecordedFile>();
  private everyPaths = new Set<string>();
  private minutePaths = new Set<string>();

  constructor() {
    const { host, processFiles } = this;
    this.processes = {
      file: (path) => processFiles.get(path) ?? host.file(path),
      list: (path) =>
        path === "proc"
          ? [...(host.list(path) ?? []), ...[...processFiles.keys()].map((key) => pidOf(key))]
          : host.list(path),
      link: (path) => host.link(path),
    };
  }

  /**
   * Goes through a file. A sample counts when it is there up to its end mark and none before it is
   * missing, because its empty lines stand for lines of that one.
   *
   * @param start where the first sample begins
   * @yields once per sample, when the trees show it; whatever was lost, where it was lost
   */
  *show(bytes: Buffer, start: number, mark: string): Generator<RawLoss | undefined> {
    const markBytes = Buffer.from(`${mark} `, "latin1");
    const knownProcesses = new Map<string, number>();
    const processLines = new Lines();
    let lines = new Lines();
    let before = new Lines();
    let position = start;
    for (let count = 1; position < bytes.length; count++) {
      const sample = findSample(bytes, position, markBytes, before, lines);
      if (sample?.number !== count) {
        yield { offset: position, bytes: bytes.length - position, cut: sample === undefined };
        return;
      }
      this.showHost(bytes, sample);
      this.hasProcesses = sample.processes !== undefined;
      if (sample.processes) {
        this.showProcesses(bytes, sample.processes, processLines, knownProcesses);
      }
      yield undefined;
      [lines, before] = [before, lines];
      position = sample.end;
    }
  }

  private showHost(bytes: Buffer, sample: SampleText): void {
    const { host } = this;
    const every = new Set<string>();
    for (const { path, first, last } of sample.sections) {
      host.make(path).set(bytes, sample.lines, first, last);
      every.add(path);
    }
    for (const path of this.everyPaths) if (!every.has(path)) host.remove(path);
    this.everyPaths = every;
    if (sample.minuteSections.length === 0) {
      if (!this.hasMinuteFiles) return;
      this.hasMinuteFiles = false;
      // What they say can be read on, but is not of this sample.
      for (const path of this.minutePaths) host.make(path).absence = NOT_NOW;
      return;
    }
    this.hasMinuteFiles = true;
    const minute = new Set<string>();
    for (const { path, first, last } of sample.minuteSections) {
      if (every.has(path)) continue;
      host.make(path).set(bytes, sample.minuteLines, first, last);
      minute.add(path);
    }
    for (const path of this.minutePaths) {
      if (!minute.has(path) && !every.has(path)) host.remove(path);
    }
    this.minutePaths = minute;
    host.setLinks(sample.links);
  }

  /**
   * @param kept lines of the processes that are known
   * @param known of each its line
   */
  private showProcesses(
    bytes: Buffer,
    lines: Lines,
    kept: Lines,
    known: Map<string, number>,
  ): void {
    const alive = new Set<string>();
    for (let i = 0; i < lines.length; i++) {
      const start = lines.starts[i]!;
      const end = lines.ends[i]!;
      const text = bytes.toString("latin1", start, Math.min(end, start + 16));
      const pid = /^\d{1,10}/.exec(text)?.[0];
      if (pid === undefined) continue;
      if (pid.length < end - start) {
        known.set(pid, kept.length);
        kept.add(start, end);
      }
      const line = known.get(pid);
      if (line === undefined) continue;
      const path = `proc/${pid}/stat`;
      alive.add(path);
      let file = this.processFiles.get(path);
      if (!file) this.processFiles.set(path, (file = new RecordedFile(path)));
      file.set(bytes, kept, line, line + 1);
    }
    for (const [path, file] of this.processFiles) {
      if (alive.has(path)) continue;
      file.absence = GONE;
      this.processFiles.delete(path);
    }
  }
}

function pidOf(path: string): string {
  return path.slice("proc/".length, path.lastIndexOf("/"));
}
