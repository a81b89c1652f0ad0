import { join } from "node:path";
import { type CounterObject, counterFields } from "../counter/declaration.ts";
import { attributeCollector } from "./attribute-collector.ts";
import type { AttributeInstance } from "./attribute-units.ts";
import type { Collector } from "./collector.ts";
import { declareFor } from "./declare.ts";
import { listFolder, pathExists, readAttribute, readNumber } from "./sysfs.ts";

const declare = declareFor({
  file: "/sys/devices/system/cpu/cpu<n>/cpuidle/state<m>",
  doc: "https://docs.kernel.org/admin-guide/pm/cpuidle.html",
  resource: "cpu",
});

const FIELDS = ["time", "usage", "above"];

/** Each state costs three files; what hundreds of CPUs do, some of them tell. */
const MOST_CPUS = 64;

const object: CounterObject = {
  name: "Processor Idle State",
  help:
    "How deep idle CPUs sleep. Waking from a deep state takes longer (up to hundreds of " +
    "microseconds), which slows down whatever waits for a network or a disk; where one cluster of two " +
    "has deep states switched off, this shows it. Read every minute; of hosts with more than " +
    `${MOST_CPUS} CPUs only of so many, evenly chosen.`,
  instances: { what: "one per state of a CPU, shallow to deep, as 0/C1E", total: false },
  cadence: 60_000,
  groups: [{ id: "state", fields: counterFields(FIELDS) }],
  counters: [
    declare(
      "% Time",
      "time",
      "Share of time that the CPU spent in this state. What is left when all states are added up was " +
        "work, and waking up.",
      {
        type: "percent-time",
        unit: "%",
        scale: 1e-6,
        use: "information",
        level: "advanced",
        equivalents: ["turbostat C1%", "cpupower monitor"],
      },
    ),
    declare(
      "Transitions/sec",
      "usage",
      "Times per second that the CPU went into this state. Many, with little time in it, are the " +
        "price of many small interrupts and wakeups.",
      { level: "advanced", use: "information" },
    ),
    declare(
      "Too Deep/sec",
      "above",
      "Times per second that the CPU was woken before this state had paid off: a shallower one would " +
        "have been right, and its work was delayed for nothing.",
      { level: "advanced", use: "latency", better: "lower", since: "5.0" },
    ),
  ],
};

/** Numbers of the CPUs that have states, evenly thinned out. */
function chosenCpus(folder: string): number[] {
  const numbers = listFolder(folder)
    .map((name) => /^cpu(\d+)$/.exec(name)?.[1])
    .filter((number) => number !== undefined)
    .map(Number)
    .sort((a, b) => a - b);
  const step = Math.ceil(numbers.length / MOST_CPUS);
  return numbers.filter((_, i) => i % step === 0);
}

function statesOf(cpus: string, cpu: number): AttributeInstance[] {
  const root = join(cpus, `cpu${cpu}`, "cpuidle");
  return listFolder(root).flatMap((state) => {
    const folder = join(root, state);
    const files = FIELDS.map((id) => ({ path: join(folder, id), fields: [id] }));
    const present = files.filter(({ path }) => pathExists(path));
    if (present.length === 0) return [];
    const latencyUs = readNumber(join(folder, "latency"));
    const identity = {
      name: readAttribute(join(folder, "name")) ?? state,
      parent: String(cpu),
      ...(latencyUs === undefined ? {} : { attributes: { wakeUs: String(latencyUs) } }),
    };
    return [{ identity, group: 0, files: present }];
  });
}

/** Sleep states of the CPUs: /sys/devices/system/cpu/cpu<n>/cpuidle. */
export const processorIdleState: Collector = attributeCollector(object, ({ sysRoot }) => {
  const cpus = join(sysRoot, "devices/system/cpu");
  if (!pathExists(join(cpus, "cpuidle"))) return [];
  return chosenCpus(cpus).flatMap((cpu) => statesOf(cpus, cpu));
});
