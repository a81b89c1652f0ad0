import { join } from "node:path";
import { type CounterObject, gaugeFields } from "../counter/declaration.ts";
import { attributeCollector } from "./attribute-collector.ts";
import type { AttributeInstance } from "./attribute-units.ts";
import type { Collector } from "./collector.ts";
import { type CounterParts, declareFor } from "./declare.ts";
import { listFolder, pathExists, readAttribute, readNumber } from "./sysfs.ts";

const declare = declareFor({
  file: "/sys/class/hwmon/<chip>",
  doc: "https://docs.kernel.org/hwmon/sysfs-interface.html",
  resource: "system",
});

const gauge: CounterParts = { type: "gauge", use: "information" };

/** Kinds of sensors in the order of the groups: prefix of the files, and those that hold the value. */
const KINDS = [
  { id: "temperature", prefix: "temp", values: ["input"] },
  { id: "fan", prefix: "fan", values: ["input"] },
  { id: "power", prefix: "power", values: ["average", "input"] },
  { id: "voltage", prefix: "in", values: ["input"] },
  { id: "current", prefix: "curr", values: ["input"] },
] as const;

const object: CounterObject = {
  name: "Hardware Sensor",
  help:
    "Temperatures, fans, power, voltages and currents as the host's sensors tell them. Virtual " +
    "machines have none. Read every 60 s: some sensors take milliseconds to answer.",
  instances: { what: "one per sensor, below its chip", total: false },
  cadence: 60_000,
  groups: KINDS.map(({ id }) => ({ id, fields: gaugeFields([id]) })),
  counters: [
    declare(
      "Temperature",
      "temperature",
      "Temperature. Processors are slowed down near their critical temperature, most often 90 to " +
        "100; compare hosts of one rack, not with a fixed limit.",
      {
        ...gauge,
        group: "temperature",
        unit: "celsius",
        scale: 0.001,
        better: "lower",
        field: "temp<n>_input, or thermal_zone<n>/temp",
        equivalents: ["sensors"],
      },
    ),
    declare(
      "Fan Speed",
      "fan",
      "Turns per minute. 0 at a hot chip is a fan that has failed, or an empty connector.",
      { ...gauge, group: "fan", unit: "rpm", defaultScale: -3, field: "fan<n>_input" },
    ),
    declare(
      "Power",
      "power",
      "Electric power, averaged by the sensor or at this moment. Of a whole host from its power supply " +
        "(acpi_power_meter), of parts from their own chips.",
      {
        ...gauge,
        group: "power",
        unit: "W",
        scale: 1e-6,
        better: "lower",
        field: "power<n>_average, or power<n>_input",
      },
    ),
    declare("Voltage", "voltage", "Voltage at the sensor; steady when all is well.", {
      ...gauge,
      group: "voltage",
      unit: "V",
      scale: 0.001,
      level: "advanced",
      field: "in<n>_input",
    }),
    declare("Current", "current", "Electric current through the sensor.", {
      ...gauge,
      group: "current",
      unit: "A",
      scale: 0.001,
      level: "advanced",
      field: "curr<n>_input",
    }),
  ],
};

/** Limits of a sensor that are worth knowing, in its unit's thousandths. */
const LIMITS = ["max", "crit"];

function sensorsOf(root: string, device: string): AttributeInstance[] {
  // Before 3.15 some drivers kept their files at the device.
  const folder = [join(root, device), join(root, device, "device")].find((path) =>
    pathExists(join(path, "name")),
  );
  if (folder === undefined) return [];
  const chip = readAttribute(join(folder, "name")) ?? device;
  return listFolder(folder).flatMap((file) => {
    const parts = /^([a-z]+)(\d+)_([a-z]+)$/.exec(file);
    const group = KINDS.findIndex(({ prefix }) => prefix === parts?.[1]);
    const kind = KINDS[group];
    if (!parts || !kind) return [];
    const sensor = `${parts[1]}${parts[2]}`;
    // The first of the files that there is.
    const wanted = kind.values.find((value) => pathExists(join(folder, `${sensor}_${value}`)));
    if (parts[3] !== wanted) return [];
    const attributes: Record<string, string> = { device, sensor };
    for (const limit of LIMITS) {
      const value = readNumber(join(folder, `${sensor}_${limit}`));
      if (value !== undefined && kind.id === "temperature") attributes[limit] = `${value / 1000}`;
    }
    const name = readAttribute(join(folder, `${sensor}_label`)) ?? sensor;
    const files = [{ path: join(folder, file), fields: [kind.id] }];
    return [{ identity: { name, parent: chip, attributes }, group, files }];
  });
}

function thermalZones(sysRoot: string): AttributeInstance[] {
  const root = join(sysRoot, "class/thermal");
  return listFolder(root).flatMap((zone) => {
    const path = join(root, zone, "temp");
    if (!zone.startsWith("thermal_zone") || readNumber(path) === undefined) return [];
    const name = readAttribute(join(root, zone, "type")) ?? zone;
    const identity = { name, parent: "thermal", attributes: { device: zone } };
    return [{ identity, group: 0, files: [{ path, fields: [KINDS[0].id] }] }];
  });
}

/** Two chips of a kind, or two sensors of a name, are told apart by where they are. */
function distinct(instances: readonly AttributeInstance[]): AttributeInstance[] {
  const pathOf = ({ identity }: AttributeInstance): string => `${identity.parent}/${identity.name}`;
  const seen = new Map<string, number>();
  for (const each of instances) seen.set(pathOf(each), (seen.get(pathOf(each)) ?? 0) + 1);
  return instances.map((each) => {
    if (seen.get(pathOf(each)) === 1) return each;
    const { name, parent, attributes } = each.identity;
    const { device, sensor } = attributes ?? {};
    const suffix = [device, sensor].filter((part) => part !== undefined).join(":");
    return { ...each, identity: { ...each.identity, name: `${name}:${suffix}`, parent: parent! } };
  });
}

/** Temperatures, fans, power: /sys/class/hwmon, /sys/class/thermal. */
export const hardwareSensor: Collector = attributeCollector(object, ({ sysRoot }) => {
  const root = join(sysRoot, "class/hwmon");
  const chips = listFolder(root).flatMap((device) => sensorsOf(root, device));
  return distinct([...chips, ...thermalZones(sysRoot)]);
});
