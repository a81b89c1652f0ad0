/** Writes minute files as docs/recorder.md describes them: not the recorder's code, but the format's. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

export interface RawSample {
  /** Seconds since boot. */
  readonly uptime: number;
  /** Of /proc, by path: `stat`. */
  readonly files: Readonly<Record<string, string>>;
  /** Read once a minute, by path from the root: `sys/block/sda/size`. */
  readonly minute?: Readonly<Record<string, string>>;
  /** Lines of /proc/PID/stat by process. */
  readonly processes?: Readonly<Record<string, string>>;
}

export interface RawFileOptions {
  readonly start?: string;
  readonly wall?: string;
  readonly id?: string;
  readonly version?: number;
  /** Leaves out the sample of this number. */
  readonly without?: number;
}

const MARK = "@0123abcd";
export const RAW_ID = "0123abcd-0000-4000-8000-000000000000";

export function rawText(samples: readonly RawSample[], options: RawFileOptions = {}): string {
  const { start = "1000.00 1700000000.000000000", id = RAW_ID, version = 1, without } = options;
  const wall = options.wall ?? wallOf(samples[0]!.uptime);
  let text =
    `perfmon raw ${version}\nmark ${MARK}\nid ${id}\nhost node1\ncluster cloud\nrun tuesday\n` +
    `role worker\ninterval 1000\nstart ${start}\nticks 100\npage 4096\nmachine x86_64\nwall ${wall}\n`;
  let before: string[] = [];
  const known = new Map<string, string>();
  samples.forEach((sample, i) => {
    let own = "";
    for (const [path, content] of Object.entries(sample.minute ?? {})) {
      own += `${MARK} + /${path}\n${content}\n`;
    }
    if (sample.processes) own += `${MARK} processes\n`;
    for (const [pid, line] of Object.entries(sample.processes ?? {})) {
      own += known.get(pid) === line ? `${pid}\n` : `${line}\n`;
      known.set(pid, line);
    }
    const lines: string[] = [];
    const files = { uptime: `${sample.uptime.toFixed(2)} 0.00`, ...sample.files };
    for (const [path, content] of Object.entries(files)) {
      own += `${MARK} = /proc/${path}\n`;
      for (const line of content.split("\n")) {
        own += line === before[lines.length] ? "\n" : `${line || " "}\n`;
        lines.push(line);
      }
    }
    before = lines;
    if (i + 1 !== without) text += `${own}${MARK} . ${i + 1}\n`;
  });
  return text;
}

/** The wall clock that belongs to an uptime when it is never set. */
export function wallOf(uptime: number): string {
  return `${uptime.toFixed(2)} ${(1_700_000_000 + uptime - 1000).toFixed(9)}`;
}

/** @param name `000001.00.raw`, or with `.gz` */
export function writeRawFile(folder: string, name: string, text: string): void {
  mkdirSync(folder, { recursive: true });
  const bytes = Buffer.from(text, "latin1");
  writeFileSync(join(folder, name), name.endsWith(".gz") ? gzipSync(bytes) : bytes);
}

/** A host of two CPUs, a disk and an interface, `seconds` after the first sample. */
export function rawSample(seconds: number, more: Partial<RawSample> = {}): RawSample {
  const ticks = Math.round(seconds * 100);
  const cpu = `${ticks + 5} 0 ${Math.floor(ticks / 7)} ${ticks * 2} 3 0 0 0 0 0`;
  return {
    uptime: 1000 + seconds,
    files: {
      stat:
        `cpu  ${cpu}\ncpu0 ${cpu}\ncpu1 9 0 9 ${ticks} 0 0 0 0 0 0\nintr ${ticks * 3}\n` +
        `ctxt ${ticks * 5}\nbtime 1699999000\nprocesses ${100 + ticks}\nprocs_running 1\n` +
        "procs_blocked 0\nsoftirq 10 1 2 3 4 5 6 7 8 9 10",
      loadavg: "0.10 0.20 0.30 1/50 1234",
      meminfo: `MemTotal: 8000000 kB\nMemFree: ${4000000 - ticks} kB\nMemAvailable: 5000000 kB`,
      diskstats: `   8       0 sda ${ticks} 0 ${ticks * 8} 40 7 0 56 3 0 20 43`,
      "net/dev":
        "Inter-|   Receive\n face |bytes\n" +
        `  eth0: ${ticks * 1000} ${ticks} 0 0 0 0 0 0 ${ticks * 10} ${ticks} 0 0 0 0 0 0`,
    },
    ...more,
  };
}
