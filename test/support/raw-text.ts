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
  /** The sample of this number breaks off: a disk was full. */
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
  samples.forEach((sample, i) => {
    let own = `\n${MARK} sample\n`;
    own += titled({ uptime: `${sample.uptime.toFixed(2)} 0.00`, ...sample.files }, "proc/");
    if (sample.processes) own += `\n${MARK} processes\n`;
    for (const [pid, line] of Object.entries(sample.processes ?? {})) {
      own += titled({ [`${pid}/stat`]: line }, "proc/");
    }
    if (sample.minute) own += `\n${MARK} minute\n${titled(sample.minute)}`;
    if (i + 1 === without) own = own.slice(0, -20);
    text += i + 1 === without ? own : `${own}\n${MARK} end\n`;
  });
  return text;
}

/** As `head` prints several files. */
function titled(files: Readonly<Record<string, string>>, folder = ""): string {
  return Object.entries(files)
    .map(([path, content]) => `\n==> ${folder}${path} <==\n${content}\n`)
    .join("");
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
