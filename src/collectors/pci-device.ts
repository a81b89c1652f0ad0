import { join } from "node:path";
import { type CounterObject, counterFields } from "../counter/declaration.ts";
import { attributeCollector } from "./attribute-collector.ts";
import type { AttributeInstance } from "./attribute-units.ts";
import type { Collector } from "./collector.ts";
import { type CounterParts, declareFor } from "./declare.ts";
import { linkName, listFolder, pathExists } from "./sysfs.ts";

const declare = declareFor({
  file: "/sys/bus/pci/devices/<device>",
  doc: "https://docs.kernel.org/PCI/pcieaer-howto.html",
  resource: "system",
  since: "4.19",
});

const errors: CounterParts = { type: "delta", unit: "count", use: "errors", better: "lower" };
const ofPort: CounterParts = { ...errors, group: "port", level: "advanced" };

/** Per field its file; positions of the groups are those of the object. */
const DEVICE = {
  correctable: "aer_dev_correctable",
  nonfatal: "aer_dev_nonfatal",
  fatal: "aer_dev_fatal",
};
const PORT = {
  port_correctable: "aer_rootport_total_err_cor",
  port_nonfatal: "aer_rootport_total_err_nonfatal",
  port_fatal: "aer_rootport_total_err_fatal",
};

const object: CounterObject = {
  name: "PCI Express Device",
  help:
    "Errors on PCI Express links (AER), as each device saw them: network cards, disks, GPUs. A device " +
    "that saw none may still be the cause of what its port saw. Corrected errors cost repeated " +
    "transfers; many of them are a bad slot, riser or cable.",
  instances: { what: "one per device that reports errors, by its PCI address", total: false },
  cadence: 60_000,
  groups: [
    { id: "device", fields: counterFields(Object.keys(DEVICE)) },
    { id: "port", fields: counterFields(Object.keys(PORT)) },
  ],
  counters: [
    declare(
      "Correctable Errors",
      "correctable",
      "Errors in the interval that the hardware put right by sending again.",
      { ...errors, field: "aer_dev_correctable, TOTAL_ERR_COR" },
    ),
    declare(
      "Nonfatal Errors",
      "nonfatal",
      "Errors in the interval that lost a transfer but left the link working.",
      { ...errors, field: "aer_dev_nonfatal, TOTAL_ERR_NONFATAL" },
    ),
    declare(
      "Fatal Errors",
      "fatal",
      "Errors in the interval after which the link had to be reset.",
      {
        ...errors,
        field: "aer_dev_fatal, TOTAL_ERR_FATAL",
      },
    ),
    declare(
      "Port Correctable Errors",
      "port_correctable",
      "Reports of corrected errors that came in at this root port, from all devices below it.",
      { ...ofPort, field: PORT.port_correctable },
    ),
    declare(
      "Port Nonfatal Errors",
      "port_nonfatal",
      "Reports of nonfatal errors that came in at this root port, from all devices below it.",
      { ...ofPort, field: PORT.port_nonfatal },
    ),
    declare(
      "Port Fatal Errors",
      "port_fatal",
      "Reports of fatal errors that came in at this root port, from all devices below it.",
      { ...ofPort, field: PORT.port_fatal },
    ),
  ],
};

function instance(
  folder: string,
  group: number,
  fields: Readonly<Record<string, string>>,
  identity: AttributeInstance["identity"],
): AttributeInstance[] {
  const files = Object.entries(fields)
    .map(([field, file]) => ({ path: join(folder, file), fields: [field], lastOnly: true }))
    .filter(({ path }) => pathExists(path));
  return files.length > 0 ? [{ identity, group, files }] : [];
}

/** Errors on PCI Express links: /sys/bus/pci/devices. */
export const pciDevice: Collector = attributeCollector(object, ({ sysRoot }) => {
  const root = join(sysRoot, "bus/pci/devices");
  return listFolder(root).flatMap((name) => {
    const folder = join(root, name);
    const driver = linkName(join(folder, "driver"));
    const identity = driver === undefined ? { name } : { name, attributes: { driver } };
    return [...instance(folder, 0, DEVICE, identity), ...instance(folder, 1, PORT, identity)];
  });
});
