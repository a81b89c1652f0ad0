import { describe, expect, it } from "vitest";
import { ByteScanner } from "../util/byte-scanner.ts";
import { CpuMhz } from "./cpu-mhz.ts";
import { CPU_KINDS, Interrupts } from "./interrupts.ts";

const scanner = new ByteScanner();

interface Lines {
  begin(): void;
  takeLines(of: ByteScanner): void;
  end(sizeBytes: number): void;
}

/** Reads a text in stretches of so many lines. */
function read<P extends Lines>(parser: P, text: string, linesAtOnce = 1000): P {
  const lines = text.split(/(?<=\n)/);
  parser.begin();
  for (let i = 0; i < lines.length; i += linesAtOnce) {
    parser.takeLines(scanner.reset(Buffer.from(lines.slice(i, i + linesAtOnce).join(""))));
  }
  parser.end(text.length);
  return parser;
}

function counts({ lines, counts: of }: Interrupts): Record<string, number> {
  return Object.fromEntries(lines.map(({ label, action }, i) => [`${label} ${action}`, of[i]!]));
}

/** Per CPU the total and what is not 0 of the kinds. */
function perCpu({ cpus, perCpu: of }: Interrupts): Record<string, Record<string, number>> {
  const width = 1 + CPU_KINDS.length;
  return Object.fromEntries(
    cpus.map((cpu, i) => [
      cpu,
      Object.fromEntries(
        ["all", ...CPU_KINDS]
          .map((kind, k) => [kind, of[i * width + k]!] as const)
          .filter(([kind, value]) => kind === "all" || value > 0),
      ),
    ]),
  );
}

const X86 = `           CPU0       CPU1
 24:          1          0  IO-APIC   5-edge      ACPI:Ged
 29:          0          7 PCI-MSIX-0000:00:01.0   1-edge      virtio0-inflate
 30:          5          5  IR-PCI-MSI 327680-edge      xhci_hcd, eth0
NMI:          2          0   Non-maskable interrupts
LOC:     615885     770647   Local timer interrupts
MCE:          0          3   Machine check exceptions
ERR:          4
MIS:          0
`;

describe("/proc/interrupts", () => {
  it.each([1, 3, 1000])("adds up per interrupt and per CPU, in stretches of %d lines", (lines) => {
    const interrupts = read(new Interrupts(), X86, lines);
    expect(counts(interrupts)).toEqual({
      "24 ACPI:Ged": 1,
      "29 virtio0-inflate": 7,
      "30 xhci_hcd, eth0": 10,
      "NMI Non-maskable interrupts": 2,
      "LOC Local timer interrupts": 1386532,
      "MCE Machine check exceptions": 3,
      "ERR ": 4,
      "MIS ": 0,
    });
    expect(perCpu(interrupts)).toEqual({
      0: { all: 615893, LOC: 615885, NMI: 2 },
      1: { all: 770662, LOC: 770647, MCE: 3 },
    });
    const { version, cpus } = interrupts;
    read(interrupts, X86, lines);
    expect([interrupts.version, interrupts.cpus]).toEqual([version, cpus]);
    expect(perCpu(interrupts)[1]).toEqual({ all: 770662, LOC: 770647, MCE: 3 });
  });

  it("sees another handler, lines and CPUs that come and go, and counts them right at once", () => {
    const interrupts = read(new Interrupts(), X86);
    const { version, cpus } = interrupts;
    read(interrupts, X86.replace("virtio0-inflate", "virtio0-deflate"));
    expect(interrupts.version).toBeGreaterThan(version);
    expect(counts(interrupts)).toHaveProperty("29 virtio0-deflate", 7);
    read(interrupts, X86.replace(/^ 24.*\n/m, ""));
    expect(Object.keys(counts(interrupts))).toHaveLength(7);
    expect(perCpu(interrupts)[1]).toEqual({ all: 770662, LOC: 770647, MCE: 3 });
    read(
      interrupts,
      "           CPU1\nLOC:          9   Local timer interrupts\nERR:          4\n",
    );
    expect(interrupts.cpus).not.toBe(cpus);
    expect(perCpu(interrupts)).toEqual({ 1: { all: 13, LOC: 9 } });
  });

  it("knows the same kinds on ARM by their words, and lines without a handler", () => {
    const interrupts = read(
      new Interrupts(),
      "           CPU0       CPU1\n 11:      10        20     GICv3  27 Level     arch_timer\n" +
        " 12:       0         1     GICv3  30 Level\nIPI0:     3         4       Rescheduling interrupts\n" +
        "IPI1:     5         6       Function call interrupts\n",
    );
    expect(Object.keys(counts(interrupts)).slice(0, 2)).toEqual(["11 arch_timer", "12 "]);
    expect(perCpu(interrupts)[1]).toEqual({ all: 31, RES: 4, CAL: 6 });
  });

  it("keeps sums in the 32 bits that each CPU's count has", () => {
    const text = (first: number): string =>
      `           CPU0       CPU1\n 1: ${first} 10  IO-APIC   1-edge      i8042\n`;
    const interrupts = read(new Interrupts(), text(2 ** 32 - 5));
    expect(interrupts.counts[0]).toBe(5);
    read(interrupts, text(2));
    expect(interrupts.counts[0]).toBe(12);
  });

  it("takes a line cut short", () => {
    const text = "           CPU0       CPU1\n 1: 5";
    expect(counts(read(new Interrupts(), text))).toEqual({ "1 ": 5 });
  });

  it.each([
    ["an empty text", ""],
    ["garbage", "\0\0 x\n: 1 2\n\n77\nCPU9: 5\n"],
    ["more lines than there can be", `  CPU0\n${"1: 5\n".repeat(20_000)}`],
  ])("refuses %s", (_, text) => {
    expect(() => read(new Interrupts(), text)).toThrow(/^it/);
  });
});

describe("clock in /proc/cpuinfo", () => {
  const clock = ({ count, cpus, khz }: CpuMhz): Record<string, number> =>
    Object.fromEntries([...cpus.subarray(0, count)].map((cpu, i) => [cpu, khz[i]!]));

  it.each([
    [
      "x86",
      "processor\t: 0\ncpu family\t: 6\ncpu MHz\t\t: 2596.142\ncache size\t: 1 KB\ncpuid level\t: 27\n" +
        "cpu cores\t: 2\n\nprocessor\t: 3\ncpu MHz\t\t: 800.5\n",
      { 0: 2596142, 3: 800500 },
    ],
    [
      "POWER",
      "processor\t: 8\ncpu\t\t: POWER9\nclock\t\t: 3425.000000MHz\n\ntimebase\t: 512000000\n",
      { 8: 3425000 },
    ],
    ["ARM", "processor\t: 0\nBogoMIPS\t: 50.00\nCPU part\t: 0xd0c\n", {}],
  ])("is found on %s", (_, text, expected) => {
    expect(clock(read(new CpuMhz(), text, 2))).toEqual(expected);
  });

  it("of many CPUs", () => {
    const cpus = Array.from(
      { length: 100 },
      (__, cpu) => `processor : ${cpu}\ncpu MHz : 1000.000\n`,
    );
    const parser = read(new CpuMhz(), cpus.join(""));
    expect([parser.count, clock(parser)[99]]).toEqual([100, 1000000]);
  });
});
