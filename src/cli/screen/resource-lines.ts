/** The upper part of the screen: CPU, memory, disks, network, pressure. */
import { naturalOrder } from "../../util/natural-order.ts";
import { formatDuration } from "../../util/quantity.ts";
import { bar, levelStyle } from "./bar.ts";
import { type HostState, type Instance, instancesOf, valueOf } from "./host-state.ts";
import { bytesText, rateText, shareText } from "./number-text.ts";
import { cell, type Line, type Span, span, type Style } from "./spans.ts";

const NAME_WIDTH = 8;
/** What stands beside a bar takes so many cells. */
const NUMBERS_WIDTH = 88;
const STALLED_WIDTH = 14;

/** More than this is shown as one line of their sum, or left out with a word. */
const MAX_DEVICES = 6;

export function titleLine(state: HostState, frozen: boolean): Line {
  const system = (counter: string) => valueOf(state, "System", counter);
  const upSeconds = system("System Up Time");
  const loads = ["1 min", "5 min", "15 min"].map((span_) => system(`Load Average ${span_}`));
  const facts = [
    ...(upSeconds === undefined ? [] : [`up ${formatDuration(upSeconds * 1000)}`]),
    `load ${loads.map((load) => load?.toFixed(2) ?? "?").join(" ")}`,
    `${system("Processes") ?? "?"} processes`,
    `${system("Processor Queue Length") ?? "?"} running`,
    `${system("Processes Blocked") ?? "?"} blocked`,
  ];
  return [
    span(state.host, "bold"),
    span(`  ${state.time.toTimeString().slice(0, 8)}  `),
    ...(frozen ? [span(" FROZEN ", "inverse"), span("  ")] : []),
    span(facts.join(", ")),
  ];
}

/** One line for all CPUs, and one for each where there is room for them. */
export function cpuLines(
  state: HostState,
  { perCpu, maxLines, columns }: { perCpu: boolean; maxLines: number; columns: number },
): Line[] {
  const cpus = instancesOf(state, "Processor");
  const total = cpus.filter(({ name }) => name === "_Total");
  const each = cpus
    .filter(({ name }) => name !== "_Total")
    .sort((a, b) => naturalOrder(a.name, b.name));
  const stall = valueOf(state, "Pressure", "% Some Stall Time", "cpu");
  const shown = perCpu && each.length + 1 <= maxLines ? each : [];
  return [
    ...total.map((cpu) => cpuLine("cpu", cpu, columns, stall)),
    ...shown.map((cpu) => cpuLine(`cpu${cpu.name}`, cpu, columns)),
  ];
}

function cpuLine(name: string, cpu: Instance, columns: number, stall?: number): Line {
  const time = (kind: string) => cpu.values.get(`% ${kind} Time`);
  const sum = (...kinds: string[]) => kinds.reduce((total, kind) => total + (time(kind) ?? 0), 0);
  const user = sum("User", "Nice");
  const kernel = sum("Privileged", "Interrupt", "Softirq");
  const known = cpu.values.size > 0;
  const numbers = [
    ["user", user],
    ["sys", kernel],
    ["wait", time("IO Wait")],
    ["idle", time("Idle")],
    ["steal", time("Steal")],
  ] as const;
  return [
    ...named(name),
    ...bar(
      [
        { percent: user, style: "good", mark: "u" },
        { percent: kernel, style: "accent", mark: "s" },
        { percent: time("Steal"), style: "bad", mark: "x" },
        { percent: time("IO Wait"), style: "warn", mark: "w" },
      ],
      barWidth(columns),
    ),
    ...stalled(stall),
    ...numbers.flatMap(([title, percent]) =>
      labeled(title, shareText(known ? percent : undefined)),
    ),
  ];
}

export function memoryLines(state: HostState, columns: number): Line[] {
  const bytes = (name: string) => valueOf(state, "Memory", `${name} Bytes`);
  const total = bytes("Total");
  if (total === undefined) return [];
  const share = (amount: number | undefined) =>
    amount === undefined ? undefined : (100 * amount) / total;
  const cache = bytes("Buffers and Cache");
  const used = bytes("Used");
  const lines: Line[] = [
    [
      ...named("memory"),
      ...bar(
        [
          { percent: share(used), style: levelStyle(share(used)), mark: "u" },
          {
            percent: Math.min(share(cache) ?? 0, 100 - (share(used) ?? 0)),
            style: "dim",
            mark: "c",
          },
        ],
        barWidth(columns),
      ),
      ...stalled(valueOf(state, "Pressure", "% Some Stall Time", "memory")),
      ...labeled("total", bytesText(total)),
      ...labeled("used", bytesText(used)),
      ...labeled("cache", bytesText(cache)),
      ...labeled("avail", bytesText(bytes("Available"))),
      ...labeled("dirty", bytesText(bytes("Dirty"))),
    ],
  ];
  const swap = bytes("Swap Total") ?? 0;
  if (swap > 0) {
    const usedSwap = swap - (bytes("Swap Free") ?? swap);
    const percent = (100 * usedSwap) / swap;
    lines.push([
      ...named("swap"),
      ...bar([{ percent, style: levelStyle(percent, 10, 50), mark: "u" }], barWidth(columns)),
      ...stalled(undefined),
      ...labeled("total", bytesText(swap)),
      ...labeled("used", bytesText(usedSwap)),
    ]);
  }
  return lines;
}

export function diskLines(state: HostState, columns: number): Line[] {
  const disks = busiest(instancesOf(state, "PhysicalDisk"), "% Disk Time");
  return disks.map((disk, i) => {
    const value = (counter: string) => disk.values.get(counter);
    const busy = value("% Disk Time");
    const wait = value("Avg. Disk sec/Transfer");
    return [
      ...named(disk.name),
      ...bar(
        [{ percent: Math.min(100, busy ?? 0), style: levelStyle(busy), mark: "b" }],
        barWidth(columns),
      ),
      ...stalled(i === 0 ? valueOf(state, "Pressure", "% Some Stall Time", "io") : undefined),
      ...labeled("busy", shareText(busy)),
      ...labeled("ms", rateText(wait === undefined ? undefined : wait * 1000)),
      ...labeled("queue", rateText(value("Avg. Disk Queue Length"))),
      ...labeled("read", bytesText(value("Disk Read Bytes/sec"))),
      ...labeled("write", bytesText(value("Disk Write Bytes/sec"))),
      ...labeled("ops", rateText(sumOf(value("Disk Reads/sec"), value("Disk Writes/sec")))),
    ];
  });
}

export function networkLines(state: HostState, columns: number): Line[] {
  const interfaces = busiest(instancesOf(state, "Network Interface"), "Bytes Received/sec");
  return interfaces.map((nic) => {
    const value = (counter: string) => nic.values.get(counter);
    const used = value("% Utilization");
    const bad = sumOf(
      ...["Receive Errors", "Transmit Errors", "Receive Drops", "Transmit Drops"].map((name) =>
        value(`${name}/sec`),
      ),
    );
    const packets = sumOf(value("Packets Received/sec"), value("Packets Sent/sec"));
    return [
      ...named(nic.name),
      ...bar(
        [{ percent: Math.min(100, used ?? 0), style: levelStyle(used), mark: "b" }],
        barWidth(columns),
      ),
      ...stalled(undefined),
      ...labeled("busy", shareText(used)),
      ...labeled("in", bytesText(value("Bytes Received/sec"))),
      ...labeled("out", bytesText(value("Bytes Sent/sec"))),
      ...labeled("pkts", rateText(packets)),
      ...labeled("lost", rateText(bad), (bad ?? 0) > 0 ? "bad" : "plain"),
    ];
  });
}

function named(name: string): Span[] {
  return [span(`${cell(name, NAME_WIDTH, "left")} `, "bold")];
}

function labeled(label: string, value: string, style: Style = "plain"): Span[] {
  return [span(` ${cell(value, 5)}`, style), span(` ${label}`, "dim")];
}

/** Time in which tasks waited for it, where the kernel tells; else the room for it. */
function stalled(percent: number | undefined): Span[] {
  if (percent === undefined) return [span(" ".repeat(STALLED_WIDTH))];
  const style = percent >= 10 ? "bad" : percent >= 1 ? "warn" : "dim";
  return [span(` ${cell(shareText(percent), 5)} stalled`, style)];
}

function barWidth(columns: number): number {
  return Math.max(6, Math.min(32, columns - NUMBERS_WIDTH));
}

function sumOf(...numbers: (number | undefined)[]): number | undefined {
  const known = numbers.filter((number) => number !== undefined);
  return known.length === 0 ? undefined : known.reduce((sum, number) => sum + number, 0);
}

/** By name where all fit, else the busiest ones. */
function busiest(instances: readonly Instance[], counter: string): Instance[] {
  const devices = instances.filter(({ name }) => name !== "_Total");
  const load = (instance: Instance) => instance.values.get(counter) ?? -1;
  return [...devices]
    .sort((a, b) => load(b) - load(a))
    .slice(0, MAX_DEVICES)
    .sort((a, b) => naturalOrder(a.name, b.name));
}
