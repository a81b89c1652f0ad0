import { join } from "node:path";
import { type CounterObject, counterFields } from "../counter/declaration.ts";
import { attributeCollector } from "./attribute-collector.ts";
import type { AttributeInstance } from "./attribute-units.ts";
import type { Collector } from "./collector.ts";
import { type CounterParts, declareFor } from "./declare.ts";
import { listFolder, pathExists, readAttribute } from "./sysfs.ts";

const declare = declareFor({
  file: "/sys/devices/system/edac/mc/<controller>",
  doc: "https://docs.kernel.org/admin-guide/ras.html",
  resource: "memory",
});

const errors: CounterParts = { type: "delta", unit: "count", use: "errors", better: "lower" };
const ofModule: CounterParts = {
  ...errors,
  group: "module",
  file: "/sys/devices/system/edac/mc/<controller>/<dimm>",
};

/** Positions of the field groups. */
const CONTROLLER = 0;
const MODULE = 1;

const object: CounterObject = {
  name: "Memory Errors",
  help:
    "Errors that error-correcting memory found (EDAC), per memory controller and, where the hardware " +
    "tells, per module. A module whose corrected errors go on is going to fail, and the corrections " +
    "take time. Virtual machines and memory without ECC have none.",
  instances: { what: "one per memory controller, and one per module below it", total: false },
  cadence: 60_000,
  groups: [
    {
      id: "controller",
      fields: counterFields(["ce_count", "ue_count", "ce_noinfo_count", "ue_noinfo_count"]),
    },
    { id: "module", fields: counterFields(["dimm_ce_count", "dimm_ue_count"]) },
  ],
  counters: [
    declare(
      "Corrected Errors",
      "ce_count",
      "Errors in the interval that were corrected. Few, far apart, are cosmic rays; a steady rate is a " +
        "bad module or slot.",
      errors,
    ),
    declare(
      "Uncorrected Errors",
      "ue_count",
      "Errors in the interval that could not be corrected: data was lost. Replace the module.",
      errors,
    ),
    declare(
      "Corrected Errors of Unknown Place",
      "ce_noinfo_count",
      "Corrected errors of which the hardware does not say where they were.",
      { ...errors, level: "advanced" },
    ),
    declare(
      "Uncorrected Errors of Unknown Place",
      "ue_noinfo_count",
      "Errors that were not corrected and of which the hardware does not say where they were.",
      { ...errors, level: "advanced" },
    ),
    declare(
      "Module Corrected Errors",
      "dimm_ce_count",
      "Errors of this memory module in the interval that were corrected.",
      ofModule,
    ),
    declare(
      "Module Uncorrected Errors",
      "dimm_ue_count",
      "Errors of this memory module in the interval that could not be corrected.",
      ofModule,
    ),
  ],
};

function instance(
  folder: string,
  group: number,
  identity: AttributeInstance["identity"],
): AttributeInstance[] {
  const files = object.groups[group]!.fields.map(({ id }) => ({
    path: join(folder, id),
    fields: [id],
  })).filter(({ path }) => pathExists(path));
  return files.length > 0 ? [{ identity, group, files }] : [];
}

/** Errors of memory, from the kernel's EDAC drivers. */
export const memoryErrors: Collector = attributeCollector(object, ({ sysRoot }) => {
  const root = join(sysRoot, "devices/system/edac/mc");
  const controllers = listFolder(root).filter((name) => /^mc\d+$/.test(name));
  return controllers.flatMap((controller) => {
    const folder = join(root, controller);
    const driver = readAttribute(join(folder, "mc_name"));
    const attributes = driver === undefined ? {} : { attributes: { driver } };
    const modules = listFolder(folder).filter((name) => /^(dimm|rank)\d+$/.test(name));
    return [
      ...instance(folder, CONTROLLER, { name: controller, ...attributes }),
      ...modules.flatMap((module) => {
        const label = readAttribute(join(folder, module, "dimm_label"));
        return instance(join(folder, module), MODULE, {
          name: module,
          parent: controller,
          ...(label === undefined ? {} : { attributes: { label } }),
        });
      }),
    ];
  });
});
