/**
 * Runs the collectors over recorded text: what they read from a live host they read from each
 * sample of a recording, so that the values are the same.
 */
import { collectors as allCollectors } from "../../collectors/all.ts";
import type { Collector, HostContext, OpenCollector } from "../../collectors/collector.ts";
import { SampleRow } from "../../counter/sample-row.ts";
import { mountTree, unmountTree } from "../../util/host-files.ts";
import { systemErrorCode } from "../../util/errors.ts";
import type { RawHead } from "./raw-format.ts";
import { NOT_NOW } from "./recorded-host.ts";
import { RecordedSamples } from "./recorded-samples.ts";

/** Objects whose collectors look at every process: they get those samples that have them. */
const OF_PROCESSES: ReadonlySet<string> = new Set(["Process", "Kernel Thread"]);

interface Source {
  readonly collector: Collector;
  readonly host: HostContext;
  /** Which samples it can be run on. */
  readonly isDue: () => boolean;
  open: OpenCollector | undefined;
  opened: boolean;
  failed: boolean;
}

export class Replay {
  readonly row = new SampleRow();
  readonly samples = new RecordedSamples();
  private readonly roots: readonly string[];
  private readonly sources: readonly Source[];
  private readonly onFailure: (object: string, error: Error) => void;
  private monotonicMs = 0;

  /** @param onFailure is told once per object what its collector could not read */
  constructor(
    head: RawHead,
    onFailure: (object: string, error: Error) => void,
    collectors: readonly Collector[] = allCollectors,
  ) {
    const { samples } = this;
    this.onFailure = onFailure;
    const hostRoot = mountTree(samples.host);
    const processRoot = mountTree(samples.processes);
    this.roots = [hostRoot, processRoot];
    const host = this.context(hostRoot, head);
    const processes = this.context(processRoot, head);
    this.sources = collectors.map((collector) => {
      const { name, cadence } = collector.object;
      const state = { collector, open: undefined, opened: false, failed: false };
      if (OF_PROCESSES.has(name)) {
        return { ...state, host: processes, isDue: () => samples.hasProcesses };
      }
      const isDue = cadence === "every-sample" ? () => true : () => samples.hasMinuteFiles;
      return { ...state, host, isDue };
    });
  }

  /** Reads the sample that the trees show. */
  sample(): void {
    const { row } = this;
    row.begin();
    this.monotonicMs = this.readUptimeMs();
    // All are opened before any collects, as in an agent: some share what they read.
    for (const source of this.sources) if (source.isDue()) this.open(source);
    for (const source of this.sources) if (source.isDue()) this.collect(source);
    // Nobody follows the units as they come and go.
    row.added.length = row.removed.length = 0;
  }

  /** Seconds since boot of the current sample, in milliseconds. */
  get nowMs(): number {
    return this.monotonicMs;
  }

  close(): void {
    for (const { open } of this.sources) open?.close();
    this.roots.forEach(unmountTree);
  }

  private open(source: Source): void {
    if (source.opened) return;
    source.opened = true;
    try {
      source.open = source.collector.open(source.host);
    } catch (error) {
      this.fail(source, error);
    }
  }

  private collect(source: Source): void {
    try {
      source.open?.collect(this.row);
    } catch (error) {
      // Beside what is in every sample it wants something that is not: the rest has been read.
      if (systemErrorCode(error) !== NOT_NOW) this.fail(source, error);
    }
  }

  private fail(source: Source, error: unknown): void {
    if (source.failed) return;
    source.failed = true;
    const reason = error instanceof Error ? error : new Error(String(error));
    this.onFailure(source.collector.object.name, reason);
  }

  private readUptimeMs(): number {
    const text = this.samples.host.file("proc/uptime")?.whole().toString("latin1") ?? "";
    const seconds = /^\d{1,12}\.\d\d/.exec(text)?.[0];
    return seconds === undefined ? NaN : Math.round(Number(seconds) * 1000);
  }

  private context(root: string, head: RawHead): HostContext {
    return {
      procRoot: `${root}/proc`,
      sysRoot: `${root}/sys`,
      etcRoot: `${root}/etc`,
      clockTicksPerSecond: head.clockTicksPerSecond,
      pageSizeBytes: head.pageSizeBytes,
      monotonicSeconds: () => this.monotonicMs / 1000,
      options: { allBlockDevices: false },
    };
  }
}
