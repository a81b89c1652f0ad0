/** The declaration of `Processor Information`. */
import { type CounterObject, counterFields, gaugeFields } from "../counter/declaration.ts";
import { CPU_KINDS } from "../procfs/interrupts.ts";
import { type Declare, declareFor } from "./declare.ts";

const declare = declareFor({
  file: "/proc/cpuinfo",
  doc: "https://docs.kernel.org/admin-guide/pm/cpufreq.html",
  resource: "cpu",
});

const throttled: Declare = (name, value, help, parts) =>
  declare(name, value, help, {
    type: "delta",
    unit: "count",
    group: "core",
    file: "/sys/devices/system/cpu/<cpu>/thermal_throttle",
    use: "saturation",
    better: "lower",
    ...parts,
  });

const interrupts: Declare = (name, value, help, parts) =>
  declare(name, value, help, {
    group: "interrupts",
    file: "/proc/interrupts",
    level: "advanced",
    defaultScale: -3,
    ...parts,
  });

/** Field of each of `CPU_KINDS`. */
export const KIND_FIELDS = CPU_KINDS.map((kind) => `interrupts_${kind.toLowerCase()}`);

export const PROCESSOR_INFORMATION: CounterObject = {
  name: "Processor Information",
  help:
    "What each logical CPU runs at, whether heat slows it down, and which interrupts it serves. The " +
    "same work takes longer on a CPU that is clocked lower, with the same % Processor Time.",
  instances: { what: "one per online logical CPU, and one per package (package0)", total: false },
  cadence: 10_000,
  groups: [
    { id: "frequency", fields: gaugeFields(["khz", "max_khz"]) },
    { id: "core", fields: counterFields(["core_throttle_count", "core_throttle_total_time_ms"]) },
    {
      id: "package",
      fields: counterFields(["package_throttle_count", "package_throttle_total_time_ms"]),
    },
    { id: "interrupts", fields: counterFields(["interrupts", ...KIND_FIELDS], 32) },
  ],
  counters: [
    declare(
      "Processor Frequency",
      "khz",
      "Clock of the CPU at this moment, or over its last busy milliseconds where the processor counts " +
        "its cycles. Virtual machines show a fixed nominal clock. Falling under full load means heat, " +
        "a power limit or a governor that saves power.",
      {
        type: "gauge",
        unit: "MHz",
        scale: 0.001,
        use: "capacity",
        better: "higher",
        defaultScale: -3,
        field: "cpu MHz, or scaling_cur_freq of cpufreq",
        equivalents: ["turbostat Bzy_MHz", "sar -m CPU MHz", "lscpu CPU MHz"],
      },
    ),
    declare(
      "% of Maximum Frequency",
      "khz",
      "Clock against the highest that the processor can be set to, turbo included. An idle CPU may " +
        "stand low without harm; judge it together with % Processor Time.",
      {
        type: "fraction",
        unit: "%",
        base: ["max_khz"],
        use: "capacity",
        better: "higher",
        file: "/sys/devices/system/cpu/<cpu>/cpufreq",
        field: "against cpuinfo_max_freq",
      },
    ),
    throttled(
      "Core Throttle Events",
      "core_throttle_count",
      "How often in the interval this core got so hot that the processor slowed it down. Any means " +
        "bad cooling. Intel processors, not in virtual machines.",
    ),
    throttled(
      "% Core Throttled Time",
      "core_throttle_total_time_ms",
      "Share of time in which the core was slowed down because of heat. Counted when a spell is over.",
      { type: "percent-time", unit: "%", scale: 0.001 },
    ),
    throttled(
      "Package Throttle Events",
      "package_throttle_count",
      "How often in the interval the whole package got so hot that it was slowed down. Of the " +
        "instances package0, package1, ...",
      { group: "package" },
    ),
    throttled(
      "% Package Throttled Time",
      "package_throttle_total_time_ms",
      "Share of time in which the whole package was slowed down because of heat.",
      { group: "package", type: "percent-time", unit: "%", scale: 0.001 },
    ),
    interrupts(
      "Interrupts/sec",
      "interrupts",
      "Interrupts that this CPU served, timers and those from other CPUs included. One CPU far above " +
        "the others serves a device alone: see the object Interrupts and irqbalance.",
      {
        level: "standard",
        field: "sum of the CPU's column",
        equivalents: ["mpstat -I SUM intr/s"],
      },
    ),
    interrupts(
      "Timer Interrupts/sec",
      "interrupts_loc",
      "Ticks of the CPU's own timer. An idle CPU has few, a busy one as many as the kernel's tick " +
        "(100 to 1,000) and those of programs that sleep for short times.",
      { field: "LOC", equivalents: ["mpstat -I CPU LOC/s"] },
    ),
    interrupts(
      "Rescheduling Interrupts/sec",
      "interrupts_res",
      "Wake-ups of this CPU by another in order to run a task. Many, with little work done, are " +
        "programs that hand short work from thread to thread.",
      { field: "RES", equivalents: ["mpstat -I CPU RES/s"] },
    ),
    interrupts(
      "Function Call Interrupts/sec",
      "interrupts_cal",
      "Requests of other CPUs to run a function of the kernel here: ends of disk requests, changes of " +
        "memory maps, packets steered to this CPU.",
      { field: "CAL", equivalents: ["mpstat -I CPU CAL/s"] },
    ),
    interrupts(
      "TLB Shootdowns/sec",
      "interrupts_tlb",
      "Requests to forget address translations, because a program with threads on several CPUs gave " +
        "memory back or had it moved. Thousands per second cost all its threads time.",
      { field: "TLB", use: "saturation", better: "lower", equivalents: ["mpstat -I CPU TLB/s"] },
    ),
    interrupts(
      "Non-Maskable Interrupts/sec",
      "interrupts_nmi",
      "Watchdog and profiler (perf). A steady rate means that somebody profiles this host.",
      { field: "NMI", defaultScale: 0 },
    ),
    interrupts(
      "Machine Check Exceptions",
      "interrupts_mce",
      "Hardware errors that the processor raised in the interval. Anything above 0 is failing " +
        "hardware: read the kernel log.",
      {
        field: "MCE",
        type: "delta",
        unit: "count",
        use: "errors",
        better: "lower",
        level: "standard",
        defaultScale: 0,
      },
    ),
    interrupts(
      "Thermal Interrupts",
      "interrupts_trm",
      "Times in the interval that the processor reported crossing a limit of heat or power.",
      {
        field: "TRM",
        type: "delta",
        unit: "count",
        use: "saturation",
        better: "lower",
        defaultScale: 0,
      },
    ),
    interrupts(
      "Error Threshold Interrupts",
      "interrupts_thr",
      "Times in the interval that so many corrected hardware errors had come together that the " +
        "processor reported it. Often the first sign of a memory module that is going to fail.",
      {
        field: "THR",
        type: "delta",
        unit: "count",
        use: "errors",
        better: "lower",
        defaultScale: 0,
      },
    ),
  ],
};
