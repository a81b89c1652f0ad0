/** Shows the samples of one minute's file after the other as a host whose files change in place. */
import type { FileTree } from "../../util/host-files.ts";
import { GONE, NOT_NOW, RecordedFile, RecordedHost } from "./recorded-host.ts";
import {
  type RawLoss,
  type RawText,
  samplesOf,
  type SampleText,
  type Sections,
} from "./sample-text.ts";

export class RecordedSamples {
  /** What the current sample brought beside the files of every sample. */
  hasMinuteFiles = false;
  hasProcesses = false;
  readonly host = new RecordedHost();
  /** The host and its processes, which are read less often and therefore stand apart. */
  readonly processes: FileTree;
  private readonly processFiles = new Map<string, RecordedFile>();
  private everyPaths: Sections = new Map();
  private minutePaths: Sections = new Map();

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

  /** @yields once per sample, when the trees show it; whatever was lost, where it was lost */
  *show(text: RawText): Generator<RawLoss | undefined> {
    for (const sample of samplesOf(text)) {
      if (!("every" in sample)) {
        yield sample;
        continue;
      }
      this.showHost(text.bytes, sample);
      this.hasProcesses = sample.processes !== undefined;
      if (sample.processes) this.showProcesses(text.bytes, sample.processes);
      yield undefined;
    }
  }

  private showHost(bytes: Buffer, sample: SampleText): void {
    const { host } = this;
    const { every, minute } = sample;
    for (const [path, lines] of every) host.make(path).set(bytes, lines);
    for (const path of this.everyPaths.keys()) if (!every.has(path)) host.remove(path);
    this.everyPaths = every;
    if (minute.size === 0) {
      if (!this.hasMinuteFiles) return;
      this.hasMinuteFiles = false;
      // What they say can be read on, but is not of this sample.
      for (const path of this.minutePaths.keys()) {
        if (!every.has(path)) host.make(path).absence = NOT_NOW;
      }
      return;
    }
    this.hasMinuteFiles = true;
    for (const [path, lines] of minute) if (!every.has(path)) host.make(path).set(bytes, lines);
    for (const path of this.minutePaths.keys()) {
      if (!minute.has(path) && !every.has(path)) host.remove(path);
    }
    this.minutePaths = minute;
    host.setLinks(sample.links);
  }

  private showProcesses(bytes: Buffer, processes: Sections): void {
    for (const [path, lines] of processes) {
      let file = this.processFiles.get(path);
      if (!file) this.processFiles.set(path, (file = new RecordedFile(path)));
      file.set(bytes, lines);
    }
    for (const [path, file] of this.processFiles) {
      if (processes.has(path)) continue;
      file.absence = GONE;
      this.processFiles.delete(path);
    }
  }
}

function pidOf(path: string): string {
  return path.slice("proc/".length, path.lastIndexOf("/"));
}
