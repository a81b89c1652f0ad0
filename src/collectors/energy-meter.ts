import { join } from "node:path";
import { type CounterObject, counterFields } from "../counter/declaration.ts";
import { attributeCollector } from "./attribute-collector.ts";
import type { AttributeInstance } from "./attribute-units.ts";
import type { Collector } from "./collector.ts";
import { declareFor } from "./declare.ts";
import { listFolder, readAttribute, readNumber } from "./sysfs.ts";

const declare = declareFor({
  file: "/sys/class/powercap/<zone>",
  doc: "https://docs.kernel.org/power/powercap/powercap.html",
  resource: "cpu",
});

const object: CounterObject = {
  name: "Energy Meter",
  help:
    "Electric energy that processors and memory take, as they meter it themselves (RAPL, Intel and " +
    "AMD). Newer kernels let only root read it; virtual machines have none.",
  instances: { what: "one per package, and one per metered part of it", total: false },
  cadence: 10_000,
  groups: [{ id: "energy", fields: counterFields(["energy_uj"]) }],
  counters: [
    declare(
      "Power",
      "energy_uj",
      "Mean power over the interval. A package that stays at its limit (attribute limitWatts) under " +
        "load is clocked down for it: see Processor Frequency.",
      {
        type: "rate",
        unit: "W",
        scale: 1e-6,
        use: "utilization",
        better: "lower",
        field: "change of energy_uj",
        equivalents: ["turbostat PkgWatt, RAMWatt"],
      },
    ),
    declare("Energy", "energy_uj", "Energy taken in the interval, in joules.", {
      type: "delta",
      unit: "joules",
      scale: 1e-6,
      level: "advanced",
      use: "throughput",
      better: "lower",
    }),
  ],
};

/**
 * `intel-rapl:0` is a package, `intel-rapl:0:1` a part of it. The same packages appear once more as
 * `intel-rapl-mmio:0`, which are left out.
 */
const ZONE = /^intel-rapl:\d+(:\d+)?$/;

/** Energy of processors: /sys/class/powercap. */
export const energyMeter: Collector = attributeCollector(object, ({ sysRoot }) => {
  const root = join(sysRoot, "class/powercap");
  const nameOf = (zone: string): string => readAttribute(join(root, zone, "name")) ?? zone;
  return listFolder(root).flatMap((zone): AttributeInstance[] => {
    const path = join(root, zone, "energy_uj");
    if (!ZONE.test(zone) || readNumber(path) === undefined) return [];
    const isPart = zone.split(":").length > 2;
    const parent = isPart ? nameOf(zone.slice(0, zone.lastIndexOf(":"))) : undefined;
    const limit = readNumber(join(root, zone, "constraint_0_power_limit_uw"));
    const attributes = {
      zone,
      ...(limit === undefined ? {} : { limitWatts: String(limit / 1e6) }),
    };
    const identity = { name: nameOf(zone), attributes };
    return [
      {
        identity: parent === undefined ? identity : { ...identity, parent },
        group: 0,
        files: [
          {
            path,
            fields: ["energy_uj"],
            wrapsAfter: readNumber(join(root, zone, "max_energy_range_uj")) ?? 2 ** 32 - 1,
          },
        ],
      },
    ];
  });
});
