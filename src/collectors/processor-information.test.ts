import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ProcTree, readings } from "../../test/support/proc-tree.ts";
import { SampleRow } from "../counter/sample-row.ts";
import type { OpenCollector } from "./collector.ts";
import { interrupts } from "./interrupts.ts";
import { processorInformation } from "./processor-information.ts";

let tree: ProcTree;
let row: SampleRow;
beforeEach(() => {
  tree = new ProcTree();
  row = new SampleRow();
});
afterEach(() => tree.remove());

function sample(open: OpenCollector): Record<string, Record<string, number>> {
  row.begin();
  open.collect(row);
  return readings(row);
}

const cpu = (number: number, file: string, text: string | number): void =>
  tree.write(`../sys/devices/system/cpu/cpu${number}/${file}`, `${text}\n`);

function counters(open: OpenCollector): string[] {
  return open.object.counters.map(({ name }) => name);
}

describe("Processor Information", () => {
  it("gives the clock from cpuinfo, against the highest that cpufreq allows", () => {
    tree.write("cpuinfo", "processor : 0\ncpu MHz : 2596.142\nprocessor : 1\ncpu MHz : 800.000\n");
    for (const number of [0, 1]) cpu(number, "cpufreq/cpuinfo_max_freq", 3500000);
    cpu(0, "cpufreq/scaling_cur_freq", 1);
    const open = processorInformation.open(tree.context)!;
    expect(sample(open)).toEqual({
      "0": { khz: 2596142, max_khz: 3500000 },
      "1": { khz: 800000, max_khz: 3500000 },
    });
    expect(counters(open)).toEqual(["Processor Frequency", "% of Maximum Frequency"]);
    tree.write("cpuinfo", "processor : 1\ncpu MHz : 900.000\n");
    expect(sample(open)).toEqual({ "1": { khz: 900000, max_khz: 3500000 } });
    expect(row.units).toHaveLength(1);
    open.close();
  });

  it("gives the clock from cpufreq where cpuinfo does not tell", () => {
    tree.write("cpuinfo", "processor : 0\nBogoMIPS : 50.00\n");
    cpu(0, "cpufreq/cpuinfo_max_freq", 2000000);
    cpu(0, "cpufreq/scaling_cur_freq", 1500000);
    const open = processorInformation.open(tree.context)!;
    expect(sample(open)).toEqual({ "0": { khz: 1500000, max_khz: 2000000 } });
    open.close();
  });

  it("counts throttling per core, and once per package", () => {
    for (const number of [0, 1, 2]) {
      cpu(number, "topology/physical_package_id", number >> 1);
      cpu(number, "thermal_throttle/core_throttle_count", 10 + number);
      cpu(number, "thermal_throttle/core_throttle_total_time_ms", 100 + number);
      cpu(number, "thermal_throttle/package_throttle_count", 50 + (number >> 1));
      cpu(number, "thermal_throttle/package_throttle_total_time_ms", 500 + (number >> 1));
    }
    const open = processorInformation.open(tree.context)!;
    expect(sample(open)).toEqual({
      "0": { core_throttle_count: 10, core_throttle_total_time_ms: 100 },
      "1": { core_throttle_count: 11, core_throttle_total_time_ms: 101 },
      "2": { core_throttle_count: 12, core_throttle_total_time_ms: 102 },
      package0: { package_throttle_count: 50, package_throttle_total_time_ms: 500 },
      package1: { package_throttle_count: 51, package_throttle_total_time_ms: 501 },
    });
    open.close();
  });

  it("has no times where an older kernel keeps none", () => {
    cpu(0, "thermal_throttle/core_throttle_count", 1);
    cpu(0, "thermal_throttle/package_throttle_count", 2);
    const open = processorInformation.open(tree.context)!;
    expect(counters(open)).toEqual(["Core Throttle Events", "Package Throttle Events"]);
    open.close();
  });

  it("gives interrupts per CPU by kind", () => {
    tree.write(
      "interrupts",
      "           CPU0       CPU2\n  1:   5  6  IO-APIC   1-edge      i8042\n" +
        "LOC:  100  200   Local timer interrupts\nMCE:  0  1   Machine check exceptions\n",
    );
    const open = processorInformation.open(tree.context)!;
    // No line, no number: this kernel does not tell of TLB shootdowns.
    expect(sample(open)).toEqual({
      "0": { interrupts: 105, interrupts_loc: 100, interrupts_mce: 0 },
      "2": { interrupts: 207, interrupts_loc: 200, interrupts_mce: 1 },
    });
    open.close();
  });

  it("is not there without any of it", () => {
    expect(processorInformation.open(tree.context)).toBeUndefined();
  });
});

describe("Interrupts", () => {
  const header = "           CPU0       CPU1\n";
  const line = (irq: number, count: number, action: string): string =>
    `${String(irq).padStart(3)}:  ${count}  0  PCI-MSI-0000:00:1f.6   0-edge      ${action}\n`;

  it("names them by their handler, with the number where a name is shared", () => {
    tree.write(
      "interrupts",
      header + line(30, 1, "eth0-rx-0") + line(31, 2, "i915") + line(32, 3, "i915"),
    );
    const open = interrupts.open(tree.context)!;
    expect(sample(open)).toEqual({
      "eth0-rx-0": { count: 1 },
      "i915:31": { count: 2 },
      "i915:32": { count: 3 },
    });
    expect(row.units[0]!.instance.attributes).toEqual({ irq: "30" });
    open.close();
  });

  it("lists one from when it comes for the first time", () => {
    tree.write("interrupts", header + line(30, 0, "eth0") + line(31, 2, "ahci"));
    const open = interrupts.open(tree.context)!;
    expect(Object.keys(sample(open))).toEqual(["ahci"]);
    tree.write("interrupts", header + line(30, 4, "eth0") + line(31, 2, "ahci"));
    expect(sample(open)).toEqual({ ahci: { count: 2 }, eth0: { count: 4 } });
    open.close();
  });

  it("keeps the unit of one that stays when others go, and begins anew when CPUs change", () => {
    tree.write("interrupts", header + line(30, 1, "eth0") + line(31, 2, "ahci"));
    const open = interrupts.open(tree.context)!;
    sample(open);
    const ahci = row.units[1];
    tree.write("interrupts", header + line(31, 3, "ahci"));
    expect(sample(open)).toEqual({ ahci: { count: 3 } });
    expect(row.units).toEqual([ahci]);
    tree.write("interrupts", "           CPU0\n 31:  1  PCI-MSI-0000:00:1f.6   0-edge      ahci\n");
    expect(sample(open)).toEqual({ ahci: { count: 1 } });
    expect(row.units[0]).not.toBe(ahci);
    open.close();
  });
});
