import { join } from "node:path";
import {
  type Counter,
  type CounterObject,
  counterFields,
  gaugeFields,
} from "../counter/declaration.ts";
import { type RecordedObject, recordedObject } from "../counter/recorded.ts";
import type { SampleRow, Unit } from "../counter/sample-row.ts";
import { Pressure, type PressureLine } from "../procfs/pressure.ts";
import { ByteScanner } from "../util/byte-scanner.ts";
import { systemErrorCode } from "../util/errors.ts";
import { RereadFile } from "../util/reread-file.ts";
import type { Collector, OpenCollector } from "./collector.ts";
import { type CounterParts, declareFor } from "./declare.ts";

const declare = declareFor({
  file: "/proc/pressure/<resource>",
  doc: "https://docs.kernel.org/accounting/psi.html",
  resource: "system",
  since: "4.20",
});

const stallTime: CounterParts = {
  type: "percent-time",
  unit: "%",
  // Microseconds to seconds.
  scale: 1e-6,
  use: "saturation",
  better: "lower",
};

/** The kernel's own averages: of use where samples are rare, or to look back at once. */
function averages(kind: "Some" | "Full"): Counter[] {
  const group = kind.toLowerCase();
  return [10, 60, 300].map((seconds) =>
    declare(
      `% ${kind} Stall Average ${seconds} s`,
      `${group}_avg${seconds}`,
      `The kernel's running average of % ${kind} Stall Time over about ${seconds} seconds. It lags ` +
        "behind; for an interval take the stall time itself.",
      {
        type: "gauge",
        unit: "%",
        scale: 0.01,
        use: "saturation",
        better: "lower",
        level: "advanced",
        group,
        field: `${group} avg${seconds}`,
        equivalents: [`sar -q PSI %${kind[0]!.toLowerCase()}...-${seconds}`],
      },
    ),
  );
}

const object: CounterObject = {
  name: "Pressure",
  help:
    "How much time is lost because a resource is short: pressure stall information. The best sign " +
    "of saturation there is, because it counts tasks that could have worked and had to wait, not " +
    "how busy a device was. Missing where the kernel is older than 4.20, was built without it, or " +
    "has it off until it is booted with psi=1.",
  instances: { what: "cpu, memory, io and, since kernel 6.1, irq", total: false },
  cadence: "every-sample",
  // Groups of their own: cpu has no `full` before kernel 5.13, irq has no `some`.
  groups: ["some", "full"].map((id) => ({
    id,
    fields: [
      ...counterFields([id]),
      ...gaugeFields([10, 60, 300].map((span) => `${id}_avg${span}`)),
    ],
  })),
  counters: [
    declare(
      "% Some Stall Time",
      "some",
      "Share of time in which at least one task waited for the resource. cpu: somebody was runnable " +
        "without a CPU; memory: somebody waited for reclaim, swap-in or refault; io: somebody waited " +
        "for block I/O, throttled volumes included. 10 % is worth a look, above 50 % the resource " +
        "governs the work.",
      { ...stallTime, group: "some", field: "some total", equivalents: ["sar -q PSI %s..."] },
    ),
    declare(
      "% Full Stall Time",
      "full",
      "Share of time in which all tasks that were not idle waited for the resource at once: nothing " +
        "useful happened at all. For cpu the whole system cannot stall, so it is 0 there; for irq it " +
        "is the share of time that interrupts took from tasks.",
      { ...stallTime, group: "full", field: "full total", equivalents: ["sar -q PSI %f..."] },
    ),
    ...averages("Some"),
    ...averages("Full"),
  ],
};

const RESOURCES = ["cpu", "memory", "io", "irq"] as const;

class Resource {
  readonly name: string;
  readonly file: RereadFile;
  readonly pressure = new Pressure();
  some: Unit | undefined;
  full: Unit | undefined;

  constructor(name: string, file: RereadFile) {
    this.name = name;
    this.file = file;
  }
}

class OpenPressure implements OpenCollector {
  readonly object: RecordedObject = recordedObject(object);
  private readonly resources: readonly Resource[];
  private readonly scanner = new ByteScanner();

  constructor(resources: readonly Resource[]) {
    this.resources = resources;
  }

  collect(row: SampleRow): void {
    let empty: RereadFile | undefined;
    for (const resource of this.resources) {
      const { file, pressure } = resource;
      pressure.read(file.scan(this.scanner));
      if (!pressure.some.isThere && !pressure.full.isThere) empty = file;
      if (pressure.some.isThere) {
        put(
          row,
          (resource.some ??= row.add(this.object, 0, { name: resource.name })),
          pressure.some,
        );
      }
      if (pressure.full.isThere) {
        put(
          row,
          (resource.full ??= row.add(this.object, 1, { name: resource.name })),
          pressure.full,
        );
      }
    }
    if (empty) throw new Error(`${empty.path}: no pressure is in it`);
  }

  close(): void {
    for (const { file } of this.resources) file.close();
  }
}

function put(row: SampleRow, unit: Unit, line: PressureLine): void {
  const { values } = row;
  const { slot } = unit;
  values[slot] = line.totalUs;
  values[slot + 1] = line.avg10;
  values[slot + 2] = line.avg60;
  values[slot + 3] = line.avg300;
  row.read(unit);
}

/** Opens the file if this kernel keeps the pressure: with PSI off it is there, but does not open or read. */
function openResource(path: string, scanner: ByteScanner): RereadFile | undefined {
  let file: RereadFile | undefined;
  try {
    file = RereadFile.openIfPresent(path, "whole");
    file?.scan(scanner);
    return file;
  } catch (error) {
    file?.close();
    if (systemErrorCode(error) === "EOPNOTSUPP" || systemErrorCode(error) === "ENOTSUP")
      return undefined;
    throw error;
  }
}

/** Pressure stall information: /proc/pressure. */
export const pressure: Collector = {
  object,
  open(host) {
    const scanner = new ByteScanner();
    const resources: Resource[] = [];
    for (const name of RESOURCES) {
      const file = openResource(join(host.procRoot, "pressure", name), scanner);
      if (file) resources.push(new Resource(name, file));
    }
    return resources.length > 0 ? new OpenPressure(resources) : undefined;
  },
};
