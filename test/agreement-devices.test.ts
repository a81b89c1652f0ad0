/** Disks, interfaces and processes against iostat, sar, ifstat, top and pidstat, on fixture hosts. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { diskPartition } from "../src/collectors/disk-partition.ts";
import { kernelThreads } from "../src/collectors/kernel-thread.ts";
import { networkInterface } from "../src/collectors/network-interface.ts";
import { physicalDisk } from "../src/collectors/physical-disk.ts";
import { processes } from "../src/collectors/process.ts";
import { virtualNetworkInterface } from "../src/collectors/virtual-network-interface.ts";
import { PROCESS_STATES } from "../src/procfs/pid-stat.ts";
import { cookFixture, hostFolder } from "./hosts/fixture-host.ts";
import { hostsWithTools, inDigitsOf, sarCells, toolOutput } from "./hosts/tool-output.ts";

/** A tool's column -> counter, and what one printed unit is in the counter's unit. */
type Columns = Readonly<Record<string, readonly [counter: string, unit?: number]>>;

const MS = 0.001;
const KIB = 1024;

const IOSTAT: Columns = {
  "r/s": ["Disk Reads/sec"],
  "rkB/s": ["Disk Read Bytes/sec", KIB],
  "rrqm/s": ["Disk Merged Reads/sec"],
  "%rrqm": ["% Merged Reads"],
  r_await: ["Avg. Disk sec/Read", MS],
  "rareq-sz": ["Avg. Disk Bytes/Read", KIB],
  "w/s": ["Disk Writes/sec"],
  "wkB/s": ["Disk Write Bytes/sec", KIB],
  "wrqm/s": ["Disk Merged Writes/sec"],
  "%wrqm": ["% Merged Writes"],
  w_await: ["Avg. Disk sec/Write", MS],
  "wareq-sz": ["Avg. Disk Bytes/Write", KIB],
  "d/s": ["Disk Discards/sec"],
  "dkB/s": ["Disk Discard Bytes/sec", KIB],
  "drqm/s": ["Disk Merged Discards/sec"],
  "%drqm": ["% Merged Discards"],
  d_await: ["Avg. Disk sec/Discard", MS],
  "dareq-sz": ["Avg. Disk Bytes/Discard", KIB],
  "f/s": ["Disk Flushes/sec"],
  f_await: ["Avg. Disk sec/Flush", MS],
  "aqu-sz": ["Avg. Disk Queue Length"],
  "%util": ["% Disk Time"],
};

const SAR_DISK: Columns = {
  "rkB/s": ["Disk Read Bytes/sec", KIB],
  "wkB/s": ["Disk Write Bytes/sec", KIB],
  "dkB/s": ["Disk Discard Bytes/sec", KIB],
  "aqu-sz": ["Avg. Disk Queue Length"],
  "%util": ["% Disk Time"],
};

const SAR_NETWORK: Columns = {
  "rxpck/s": ["Packets Received/sec"],
  "txpck/s": ["Packets Sent/sec"],
  "rxkB/s": ["Bytes Received/sec", KIB],
  "txkB/s": ["Bytes Sent/sec", KIB],
  "rxmcst/s": ["Multicast Received/sec"],
  "%ifutil": ["% Utilization"],
  "rxerr/s": ["Receive Errors/sec"],
  "txerr/s": ["Transmit Errors/sec"],
  "coll/s": ["Collisions/sec"],
  "rxdrop/s": ["Receive Drops/sec"],
  "txdrop/s": ["Transmit Drops/sec"],
  "txcarr/s": ["Transmit Carrier Errors/sec"],
  "rxfram/s": ["Receive Frame Errors/sec"],
  "rxfifo/s": ["Receive Overruns/sec"],
  "txfifo/s": ["Transmit Overruns/sec"],
};

const PIDSTAT: Columns = {
  "%usr": ["% User Time"],
  "%system": ["% Privileged Time"],
  "%guest": ["% Guest Time"],
  "%CPU": ["% Processor Time"],
  "minflt/s": ["Minor Page Faults/sec"],
  "majflt/s": ["Major Page Faults/sec"],
  VSZ: ["Virtual Bytes", KIB],
  RSS: ["Working Set", KIB],
  "%MEM": ["% Memory"],
  "kB_rd/s": ["IO Read Bytes/sec", KIB],
  "kB_wr/s": ["IO Write Bytes/sec", KIB],
  "kB_ccwr/s": ["IO Cancelled Write Bytes/sec", KIB],
  "cswch/s": ["Voluntary Context Switches/sec"],
  "nvcswch/s": ["Involuntary Context Switches/sec"],
};

const TOP: Columns = {
  PR: ["Priority"],
  NI: ["Nice"],
  VIRT: ["Virtual Bytes", KIB],
  RES: ["Resident Bytes", KIB],
  SHR: ["Shared Bytes", KIB],
  "%CPU": ["% Processor Time"],
};

describe.each(hostsWithTools())("fixture host %s", (host) => {
  const values = cookFixture(host, [
    diskPartition,
    kernelThreads,
    networkInterface,
    physicalDisk,
    processes,
    virtualNetworkInterface,
  ]);
  const paths = [...values.keys()];

  /** Our value of an instance's counter; `\Object(instance)` is known from any of its counters. */
  const valueOf = (instance: string, counter: string): number | undefined =>
    values.get(`${instance}\\${counter}`);
  const instanceNamed = (name: string): string | undefined =>
    paths
      .find((path) => path.includes(`(${name})\\`) || path.includes(`/${name})\\`))
      ?.replace(/\)\\.*$/, ")");
  const processWithId = (pid: string): string | undefined =>
    paths
      .find((path) => /^\\(Process|Kernel Thread)\(/.test(path) && path.includes(`:${pid})\\`))
      ?.replace(/\)\\.*$/, ")");

  function compare(
    rows: readonly { instance: string; column: string; printed: string }[],
    columns: Columns,
  ): { ours: [string, string][]; theirs: [string, string][] } {
    const ours: [string, string][] = [];
    const theirs: [string, string][] = [];
    for (const { instance, column, printed } of rows) {
      const [counter, unit = 1] = columns[column] ?? [];
      if (!counter) continue;
      // Where nothing happened there is no mean, which the tools print as 0.
      const value = (valueOf(instance, counter) ?? 0) / unit;
      // Halfway between two digits (0.115) the tools' order of operations decides.
      const candidates = [value, value * (1 - 1e-12), value * (1 + 1e-12)].map((v) =>
        inDigitsOf(printed, v),
      );
      theirs.push([`${instance}\\${counter}`, printed]);
      ours.push([
        `${instance}\\${counter}`,
        candidates.includes(printed) ? printed : candidates[0]!,
      ]);
    }
    return { ours, theirs };
  }

  it("disks and partitions agree with iostat -x", () => {
    const rows = lastTable(toolOutput(host, "iostat")!, "Device")
      .filter(({ name }) => !/^(loop|zram)/.test(name))
      .map((cell) => ({ ...cell, instance: instanceNamed(cell.name) ?? cell.name }));
    const { ours, theirs } = compare(rows, IOSTAT);
    expect(theirs.length).toBeGreaterThanOrEqual(Object.keys(IOSTAT).length);
    expect(theirs.filter(([, printed]) => Number(printed) > 0).length).toBeGreaterThan(5);
    expect(ours).toEqual(theirs);
  });

  it("disks and partitions agree with sar -d", () => {
    const rows = sarCells(host, "sar-d").map((cell) => ({
      ...cell,
      instance: instanceNamed(deviceOfSar(host, cell.instance))!,
    }));
    const { ours, theirs } = compare(rows, SAR_DISK);
    expect(theirs.length).toBeGreaterThanOrEqual(Object.keys(SAR_DISK).length);
    expect(ours).toEqual(theirs);
    // Its tps counts discards as well.
    for (const { instance, printed } of rows.filter(({ column }) => column === "tps")) {
      const kinds = ["Disk Reads/sec", "Disk Writes/sec", "Disk Discards/sec"];
      const transfers = kinds.reduce((sum, counter) => sum + (valueOf(instance, counter) ?? 0), 0);
      expect(inDigitsOf(printed, transfers)).toBe(printed);
    }
  });

  it("interfaces agree with sar -n DEV,EDEV", () => {
    const rows = sarCells(host, "sar-n-dev").map((cell) => ({
      ...cell,
      instance: instanceNamed(cell.instance)!,
    }));
    const { ours, theirs } = compare(rows, SAR_NETWORK);
    expect(theirs.length).toBeGreaterThanOrEqual(Object.keys(SAR_NETWORK).length);
    expect(ours).toEqual(theirs);
  });

  it("interfaces agree with ifstat", () => {
    const [names, , numbers] = toolOutput(host, "ifstat")!
      .split("\n")
      .map((line) => line.trim().split(/\s+/));
    names!.forEach((name, i) => {
      const instance = instanceNamed(name)!;
      ["Bytes Received/sec", "Bytes Sent/sec"].forEach((counter, direction) => {
        const printed = Number(numbers![2 * i + direction]);
        // ifstat divides by its own clock: 2 s and what the machine was late, whatever has passed.
        const perDelay = (valueOf(instance, counter)! * values.uptimeSeconds) / 2 / KIB;
        expect(Math.abs(printed - perDelay)).toBeLessThanOrEqual(0.005 + perDelay * 0.005);
      });
    });
  });

  it("processes agree with pidstat", () => {
    const rows = tables(toolOutput(host, "pidstat")!, "UID", "Average:")
      // -1 where it may not read the file.
      .filter(({ printed }) => printed !== "-1.00")
      .map((cell) => ({ ...cell, instance: processWithId(cell.name)! }))
      // Of a process that used no CPU time and made no fault, the switches are read every 10 s only.
      .filter(
        ({ instance, column }) =>
          !column.includes("cswch") || valueOf(instance, PIDSTAT[column]![0]) !== undefined,
      );
    expect(rows.filter(({ column }) => column === "cswch/s").length).toBeGreaterThan(0);
    const { ours, theirs } = compare(rows, PIDSTAT);
    expect(theirs.length).toBeGreaterThanOrEqual(Object.keys(PIDSTAT).length);
    expect(ours).toEqual(theirs);
  });

  it("delay by block I/O agrees with pidstat -d", () => {
    const delays = tables(toolOutput(host, "pidstat")!, "UID", "Average:").filter(
      ({ column }) => column === "iodelay",
    );
    expect(delays.length).toBeGreaterThan(2);
    for (const { name, printed } of delays) {
      const percent = valueOf(processWithId(name)!, "% Block IO Delay Time");
      // A kernel that does not count it shows 0 to pidstat; we show nothing.
      expect(Math.round((percent ?? 0) * values.uptimeSeconds)).toBe(Number(printed));
    }
  });

  // It refuses a /proc without version or mounts: no output then.
  const outputsOfTop = [toolOutput(host, "top") ?? []].flat();
  it.each(outputsOfTop)("processes agree with top", (top) => {
    const rows = lastTable(top, "PID")
      .map(({ name, column, printed }) => ({
        instance: processWithId(name)!,
        column,
        printed: printed === "rt" ? "-100" : printed,
      }))
      // Processes of the second snapshot only; and what top cannot tell of a user-mode kernel.
      .filter(({ instance, printed }) => instance && printed !== "?");
    const { ours, theirs } = compare(rows, TOP);
    expect(theirs.length).toBeGreaterThanOrEqual(5 * 5);
    expect(ours).toEqual(theirs);
    const printedIn = (wanted: string) => rows.filter(({ column }) => column === wanted);
    for (const { instance, printed } of printedIn("TIME+")) {
      expect(Math.round(valueOf(instance, "CPU Time")! * 100)).toBe(centiseconds(printed));
    }
    for (const { instance, printed } of printedIn("S")) {
      expect(PROCESS_STATES[valueOf(instance, "State")!]).toBe(printed);
    }
  });
});

interface NamedCell {
  readonly name: string;
  readonly column: string;
  readonly printed: string;
}

/** The last table whose heading begins with a word: the interval, after the sums since boot. */
function lastTable(text: string, heading: string): NamedCell[] {
  const lines = text.split("\n");
  let last = -1;
  lines.forEach((line, i) => {
    if (line.trim().startsWith(heading)) last = i;
  });
  const columns = lines[last]!.trim().split(/\s+/);
  const cells: NamedCell[] = [];
  for (const line of lines.slice(last + 1)) {
    const words = line.trim().split(/\s+/);
    if (words.length < columns.length) break;
    columns.forEach((column, i) => cells.push({ name: words[0]!, column, printed: words[i]! }));
  }
  return cells;
}

/** Tables of pidstat whose lines begin with a word; named by the process id, their second column. */
function tables(text: string, heading: string, begin: string): NamedCell[] {
  const cells: NamedCell[] = [];
  let columns: string[] = [];
  for (const line of text.split("\n")) {
    const words = line.trim().split(/\s+/);
    if (words[0] !== begin) continue;
    if (words[1] === heading) columns = words.slice(1);
    else
      columns.forEach((column, i) =>
        cells.push({ name: words[2]!, column, printed: words[i + 1]! }),
      );
  }
  return cells;
}

/** sar names some devices by their numbers (`dev254-0`, `ubd16`). */
function deviceOfSar(host: string, name: string): string {
  const diskstats = readFileSync(join(hostFolder(host), "1/proc/diskstats"), "utf8");
  const devices = diskstats.split("\n").map((line) => line.trim().split(/\s+/));
  const numbers = /^dev(\d+)-(\d+)$/.exec(name)?.slice(1) ?? ["98", /^ubd(\d+)$/.exec(name)?.[1]];
  return (
    devices.find(([major, minor]) => major === numbers[0] && minor === numbers[1])?.[2] ?? name
  );
}

/** `1:02.34` as 6234. */
function centiseconds(time: string): number {
  const [minutes, seconds] = time.split(":");
  return Number(minutes) * 6000 + Math.round(Number(seconds) * 100);
}
