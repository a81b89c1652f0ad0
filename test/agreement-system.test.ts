import { describe, expect, it } from "vitest";
import { collectors } from "../src/collectors/all.ts";
import { cookFixture } from "./hosts/fixture-host.ts";
import {
  type Cell,
  hostsWithTools,
  inDigitsOf,
  sarCells,
  toolOutput,
} from "./hosts/tool-output.ts";

/** Column of a sar report -> counter, and what one printed unit is in the counter's unit. */
type Columns = Readonly<Record<string, readonly [counter: string, unit?: number]>>;

const CPU: Columns = {
  "%usr": ["% User Time"],
  "%nice": ["% Nice Time"],
  "%sys": ["% Privileged Time"],
  "%iowait": ["% IO Wait Time"],
  "%steal": ["% Steal Time"],
  "%irq": ["% Interrupt Time"],
  "%soft": ["% Softirq Time"],
  "%guest": ["% Guest Time"],
  "%gnice": ["% Guest Nice Time"],
  "%idle": ["% Idle Time"],
};

const REPORTS: Readonly<Record<string, readonly [object: string, columns: Columns]>> = {
  "sar-u": ["Processor", CPU],
  mpstat: ["Processor", CPU],
  "sar-q": [
    "System",
    {
      "plist-sz": ["Threads"],
      "ldavg-1": ["Load Average 1 min"],
      "ldavg-5": ["Load Average 5 min"],
      "ldavg-15": ["Load Average 15 min"],
      blocked: ["Processes Blocked"],
    },
  ],
  "sar-v": [
    "Kernel Tables",
    {
      dentunusd: ["Directory Entries Unused"],
      "file-nr": ["File Handles"],
      "inode-nr": ["Inodes"],
    },
  ],
  "sar-w": ["System", { "proc/s": ["Process Creations/sec"], "cswch/s": ["Context Switches/sec"] }],
  "sar-W": [
    "Paging",
    { "pswpin/s": ["Pages Swapped In/sec"], "pswpout/s": ["Pages Swapped Out/sec"] },
  ],
  "sar-B": [
    "Paging",
    {
      "fault/s": ["Page Faults/sec"],
      "majflt/s": ["Major Page Faults/sec"],
      "pgfree/s": ["Pages Freed/sec"],
      "pgscank/s": ["Pages Scanned by kswapd/sec"],
      "pgscand/s": ["Pages Scanned Directly/sec"],
      "pgpgin/s": ["Bytes Paged In/sec", 1024],
      "pgpgout/s": ["Bytes Paged Out/sec", 1024],
    },
  ],
  "sar-r": [
    "Memory",
    {
      kbmemfree: ["Free Bytes", 1024],
      kbavail: ["Available Bytes", 1024],
      kbbuffers: ["Buffers Bytes", 1024],
      kbcached: ["Cache Bytes", 1024],
      kbcommit: ["Committed Bytes", 1024],
      kbactive: ["Active Bytes", 1024],
      kbinact: ["Inactive Bytes", 1024],
      kbdirty: ["Dirty Bytes", 1024],
      kbanonpg: ["Anonymous Bytes", 1024],
      kbslab: ["Kernel Slab Bytes", 1024],
      kbkstack: ["Kernel Stack Bytes", 1024],
      kbpgtbl: ["Page Table Bytes", 1024],
      kbvmused: ["Kernel Virtual Allocation Bytes", 1024],
    },
  ],
  "sar-n-tcp": [
    "TCP",
    {
      "active/s": ["Connections Active/sec"],
      "passive/s": ["Connections Passive/sec"],
      "iseg/s": ["Segments Received/sec"],
      "oseg/s": ["Segments Sent/sec"],
      "atmptf/s": ["Connection Failures/sec"],
      "estres/s": ["Connections Reset/sec"],
      "retrans/s": ["Segments Retransmitted/sec"],
      "isegerr/s": ["Segments Received in Error/sec"],
      "orsts/s": ["Resets Sent/sec"],
    },
  ],
  "sar-n-sock": ["TCP", { "tcp-tw": ["Sockets TIME-WAIT"] }],
  "sar-n-soft": [
    "Packet Processing",
    {
      "total/s": ["Packets Processed/sec"],
      "dropd/s": ["Packets Dropped/sec"],
      "squeezd/s": ["Time Squeezes/sec"],
      "rx_rps/s": ["Packets Steered Here/sec"],
      "flw_lim/s": ["Flow Limit Drops/sec"],
    },
  ],
  "sar-n-udp": [
    "UDP",
    {
      "idgm/s": ["Datagrams Received/sec"],
      "odgm/s": ["Datagrams Sent/sec"],
      "noport/s": ["No Port/sec"],
      "idgmerr/s": ["Receive Errors/sec"],
    },
  ],
  "sar-n-ip": [
    "IP",
    {
      "irec/s": ["Datagrams Received/sec"],
      "fwddgm/s": ["Datagrams Forwarded/sec"],
      "idel/s": ["Datagrams Received Delivered/sec"],
      "orq/s": ["Datagrams Sent/sec"],
      "asmrq/s": ["Fragments Received/sec"],
      "asmok/s": ["Fragments Re-assembled/sec"],
      "fragok/s": ["Fragmented Datagrams/sec"],
      "fragcrt/s": ["Fragments Created/sec"],
      "ihdrerr/s": ["Datagrams Received Header Errors/sec"],
      "iadrerr/s": ["Datagrams Received Address Errors/sec"],
      "iukwnpr/s": ["Datagrams Received Unknown Protocol/sec"],
      "idisc/s": ["Datagrams Received Discarded/sec"],
      "odisc/s": ["Datagrams Outbound Discarded/sec"],
      "onort/s": ["Datagrams Outbound No Route/sec"],
      "asmf/s": ["Fragment Re-assembly Failures/sec"],
      "fragf/s": ["Fragmentation Failures/sec"],
    },
  ],
};

/** Reports that were not asked for when the host was captured. */
const NOT_CAPTURED: ReadonlySet<string> = new Set(["debian12-6.12-qemu sar-v"]);

/** sysstat takes a CPU whose counters were all 0 in the first sample for one that was offline. */
const ELSEWISE: ReadonlySet<string> = new Set(["uml-6.1 sar-n-soft total/s"]);

describe.each(hostsWithTools())("fixture host %s", (host) => {
  const values = cookFixture(host, collectors);
  const value = (path: string): number => {
    const found = values.get(path);
    if (found === undefined) throw new Error(`no value of ${path}`);
    return found;
  };

  it.each(Object.entries(REPORTS))(
    "%s agrees to the last printed digit",
    (report, [object, columns]) => {
      const compared: [string, string][] = [];
      const ours: [string, string][] = [];
      for (const { instance, column, printed } of sarCells(host, report)) {
        const [counter, unit = 1] = columns[column] ?? [];
        if (!counter || ELSEWISE.has(`${host} ${report} ${column}`)) continue;
        const path = `\\${object}${instance ? `(${instance === "all" ? "_Total" : instance})` : ""}\\${counter}`;
        compared.push([path, printed]);
        ours.push([path, inDigitsOf(printed, value(path) / unit)]);
      }
      if (NOT_CAPTURED.has(`${host} ${report}`)) return;
      // A host without the file: the tool prints no line, we have no such counters.
      if (sarCells(host, report).length === 0) {
        const counters = new Set(Object.values(columns).map(([counter]) => counter));
        const ofReport = [...values.keys()].filter(
          (path) =>
            path.startsWith(`\\${object}`) && counters.has(path.slice(path.lastIndexOf("\\") + 1)),
        );
        expect(ofReport).toEqual([]);
        return;
      }
      // Every column was there, at least once.
      const expected = Object.keys(columns).filter(
        (column) => !ELSEWISE.has(`${host} ${report} ${column}`),
      );
      expect(compared.length).toBeGreaterThanOrEqual(expected.length);
      expect(ours).toEqual(compared);
    },
  );

  it("run queue of sar -q is the runnable threads without sar itself", () => {
    const cell = sarCells(host, "sar-q").find(({ column }) => column === "runq-sz")!;
    expect(value("\\System\\Threads Runnable") - 1).toBe(Number(cell.printed));
  });

  it("pgsteal/s of sar counts twice since kernel 5.9, once before", () => {
    const cell = sarCells(host, "sar-B").find(({ column }) => column === "pgsteal/s")!;
    const times = values.has("\\Paging\\Refaults of File Pages/sec") ? 2 : 1;
    expect(inDigitsOf(cell.printed, times * value("\\Paging\\Pages Stolen/sec"))).toBe(
      cell.printed,
    );
  });

  it("swap agrees with sar -S", () => {
    const cells = new Map(
      sarCells(host, "sar-S").map(({ column, printed }: Cell) => [column, printed]),
    );
    expect(String(value("\\Memory\\Swap Free Bytes") / 1024)).toBe(cells.get("kbswpfree"));
    const used = values.get("\\Memory\\% Swap Used") ?? 0;
    expect(inDigitsOf(cells.get("%swpused")!, used)).toBe(cells.get("%swpused"));
  });

  it("free -b agrees", () => {
    const [, mem, swap] = toolOutput(host, "free")!
      .split("\n")
      .map((line) => line.split(/\s+/).slice(1).map(Number));
    const bytes = (...counters: string[]): number[] =>
      counters.map((counter) => value(`\\Memory\\${counter}`));
    expect(
      bytes(
        "Total Bytes",
        "Used Bytes",
        "Free Bytes",
        "Shared Memory Bytes",
        "Buffers and Cache Bytes",
        "Available Bytes",
      ),
    ).toEqual(mem);
    const [total, free] = bytes("Swap Total Bytes", "Swap Free Bytes");
    expect([total, total! - free!, free]).toEqual(swap);
  });

  it("uptime agrees", () => {
    const [, days, hours, minutes, load] =
      /up\s+(?:(\d+) days?,\s+)?(?:(\d+):)?(\d+)(?: min)?,.*load average: (.*)$/m.exec(
        toolOutput(host, "uptime")!,
      )!;
    const printed = ((Number(days ?? 0) * 24 + Number(hours ?? 0)) * 60 + Number(minutes)) * 60;
    expect(Math.floor(value("\\System\\System Up Time") / 60) * 60).toBe(printed);
    const loads = [1, 5, 15].map((span) => value(`\\System\\Load Average ${span} min`).toFixed(2));
    expect(loads.join(", ")).toBe(load);
  });

  it("vmstat agrees", () => {
    const vmstat = toolOutput(host, "vmstat");
    if (vmstat === undefined) {
      // It refuses a one-CPU user-mode kernel.
      expect(host).toMatch(/^uml/);
      return;
    }
    const [, header, , line] = vmstat.split("\n").map((text) => text.trim().split(/\s+/));
    const printed = Object.fromEntries(header!.map((column, i) => [column, Number(line![i])]));
    // vmstat divides what has changed by its delay of 2 s, whatever time has passed.
    const perDelay = (counter: string, unit = 1): number =>
      Math.floor((Math.round((value(counter) * values.uptimeSeconds) / unit) + 1) / 2);
    const ours: Readonly<Record<string, number>> = {
      r: value("\\System\\Processor Queue Length"),
      b: value("\\System\\Processes Blocked"),
      si: perDelay("\\Paging\\Pages Swapped In/sec", 1 / 4),
      so: perDelay("\\Paging\\Pages Swapped Out/sec", 1 / 4),
      bi: perDelay("\\Paging\\Bytes Paged In/sec", 1024),
      bo: perDelay("\\Paging\\Bytes Paged Out/sec", 1024),
      in: perDelay("\\System\\Interrupts/sec"),
      cs: perDelay("\\System\\Context Switches/sec"),
    };
    expect(ours).toEqual(
      Object.fromEntries(Object.keys(ours).map((column) => [column, printed[column]])),
    );
  });
});
