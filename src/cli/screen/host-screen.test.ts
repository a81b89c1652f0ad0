import stringWidth from "string-width";
import { describe, expect, it } from "vitest";
import { bar } from "./bar.ts";
import { hostScreen, plainScreen } from "./host-screen.ts";
import type { HostState, Instance } from "./host-state.ts";
import { bytesText, clockText, rateText, shareText } from "./number-text.ts";
import { FIRST_OPTIONS, press, type ScreenOptions } from "./screen-options.ts";
import { type Line, renderLine } from "./spans.ts";

function instance(
  name: string,
  values: Readonly<Record<string, number>>,
  attributes: Readonly<Record<string, string>> = {},
): Instance {
  return { name, attributes, values: new Map(Object.entries(values)) };
}

function host(cpus: number, processes: readonly Instance[]): HostState {
  const cpu = {
    "% User Time": 50,
    "% Privileged Time": 25,
    "% IO Wait Time": 5,
    "% Idle Time": 20,
  };
  return {
    host: "node01",
    time: new Date(),
    intervalMs: 1000,
    objects: new Map([
      ["Processor", ["_Total", ...Array(cpus).keys()].map((name) => instance(`${name}`, cpu))],
      [
        "Memory",
        [instance("", { "Total Bytes": 64e9, "Used Bytes": 48e9, "Swap Total Bytes": 0 })],
      ],
      ["PhysicalDisk", ["sda", "_Total"].map((name) => instance(name, { "% Disk Time": 98 }))],
      ["Process", processes],
    ]),
  };
}

const PROCESSES = [
  instance("java:42", { "% Processor Time": 350, "Working Set": 1e9 }, { role: "DataNode" }),
  instance("bash:7", { "% Processor Time": 0, "Working Set": 2e9 }, { user: "kim" }),
  instance("kworker/0:1:9", { "% Processor Time": 9 }, { kernelThread: "yes" }),
  instance("_Total", { "% Processor Time": 359 }),
];

const textOf = (lines: readonly Line[]) => lines.map((line) => renderLine(line, 300, false));

function commands(options: Partial<ScreenOptions>): string[] {
  const lines = hostScreen(
    host(2, PROCESSES),
    { ...FIRST_OPTIONS, ...options },
    { rows: 30, columns: 120 },
  );
  const text = textOf(lines);
  const first = text.findIndex((line) => line.includes("COMMAND")) + 1;
  return text
    .slice(first)
    .flatMap((line) => /(java DataNode|bash|kworker\S*|_Total)$/.exec(line)?.[1] ?? []);
}

describe("the screen of a host", () => {
  it.each([
    [24, 80],
    [40, 120],
    [60, 300],
    [10, 40],
    [3, 20],
  ])("fits %i rows of %i columns, whatever there is", (rows, columns) => {
    const many = Array.from({ length: 1000 }, (_, i) => instance(`p\u001b[2J漢字${i}:${i}`, {}));
    for (const cpus of [1, 2, 1024]) {
      const lines = hostScreen(host(cpus, many), FIRST_OPTIONS, { rows, columns });
      expect(lines).toHaveLength(rows);
      for (const line of lines) {
        expect(stringWidth(renderLine(line, columns, true))).toBeLessThanOrEqual(columns);
        expect(renderLine(line, columns, false)).not.toContain("\u001b");
      }
    }
  });

  it("shows each CPU only where processes have room below", () => {
    const lines = (cpus: number) =>
      textOf(hostScreen(host(cpus, PROCESSES), FIRST_OPTIONS, { rows: 30, columns: 120 }));
    expect(lines(8).filter((line) => line.startsWith("cpu"))).toHaveLength(9);
    expect(lines(64).filter((line) => line.startsWith("cpu"))).toHaveLength(1);
  });

  it("sorts by what was chosen, without totals, kernel threads on demand", () => {
    expect(commands({})).toEqual(["java DataNode", "bash"]);
    expect(commands({ order: "memory" })).toEqual(["bash", "java DataNode"]);
    expect(commands({ order: "memory", reversed: true })).toEqual(["java DataNode", "bash"]);
    expect(commands({ order: "pid" })).toEqual(["bash", "java DataNode"]);
    expect(commands({ kernelThreads: true })).toEqual(["java DataNode", "kworker/0:1", "bash"]);
    expect(commands({ scroll: 1 })).toEqual(["bash"]);
  });

  it("leaves out what is not known, and shows no zero for it", () => {
    const [title = "", ...rest] = textOf(plainScreen(host(1, PROCESSES), FIRST_OPTIONS, 5));
    expect(title).toContain("load ? ? ?");
    expect(rest.find((line) => line.startsWith("sda"))).toMatch(/98\.0 busy +ms +queue +read/);
    expect(rest.join("\n")).not.toContain("BLOCK%");
    expect(rest.join("\n")).not.toContain("swap");
  });
});

describe("keys", () => {
  const after = (...keys: string[]) =>
    keys.reduce<ScreenOptions | "quit" | undefined>(
      (options, key) => (typeof options === "object" ? press(key, options) : options),
      FIRST_OPTIONS,
    );

  it("sort, scroll, freeze, help and quit", () => {
    expect(after("m")).toMatchObject({ order: "memory" });
    expect(after("\u001b[B", "\u001b[B", "\u001b[A")).toMatchObject({ scroll: 1 });
    expect(after("\u001b[A")).toMatchObject({ scroll: 0 });
    expect(after("\u001b[6~", "t")).toMatchObject({ order: "time", scroll: 0 });
    expect(after(" ")).toMatchObject({ frozen: true });
    expect(after(" ", "f")).toMatchObject({ frozen: false });
    expect(after("h", "m")).toMatchObject({ help: false, order: "cpu" });
    for (const key of ["q", "\u001b", "\u0003"]) expect(after(key)).toBe("quit");
    expect(after("z")).toBeUndefined();
  });
});

describe("numbers and bars", () => {
  it("are short, and blank where nothing is known", () => {
    expect([0, 812, 999.6, 10_000, 1e9, 2 ** 50].map(bytesText)).toEqual([
      "0",
      "812",
      "1.0k",
      "9.8k",
      "954M",
      "1.0P",
    ]);
    expect([0, 41.23, 99.96, 399].map(shareText)).toEqual(["0.0", "41.2", "100", "399"]);
    expect([0, 2.44, 1234.5, 2e5].map(rateText)).toEqual(["0", "2.4", "1235", "200k"]);
    expect([7.219, 600, 7387, 400_000].map(clockText)).toEqual([
      "0:07.21",
      "10:00.00",
      "123:07",
      "111h06",
    ]);
    expect([bytesText, shareText, rateText, clockText].map((text) => text(undefined))).toEqual([
      "",
      "",
      "",
      "",
    ]);
  });

  it("fill in proportion, and never more than their width", () => {
    const text = (...percents: number[]) =>
      renderLine(
        bar(
          percents.map((percent) => ({ percent, style: "good", mark: "x" })),
          12,
        ),
        99,
        false,
      );
    expect(text(50)).toBe("[xxxxx     ]");
    expect(text(33, 33, 34)).toBe("[xxxxxxxxxx]");
    expect(text(150)).toBe("[xxxxxxxxxx]");
    expect(text(0)).toBe("[          ]");
  });
});
