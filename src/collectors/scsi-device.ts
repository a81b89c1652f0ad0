import { join } from "node:path";
import { type CounterObject, counterFields } from "../counter/declaration.ts";
import { attributeCollector } from "./attribute-collector.ts";
import type { AttributeInstance } from "./attribute-units.ts";
import type { Collector } from "./collector.ts";
import { type CounterParts, declareFor } from "./declare.ts";
import { linkName, listFolder, pathExists, readAttribute } from "./sysfs.ts";

const declare = declareFor({
  file: "/sys/block/<disk>/device",
  doc: "https://docs.kernel.org/scsi/scsi_mid_low_api.html",
  resource: "disk",
});

const errors: CounterParts = { type: "delta", unit: "count", use: "errors", better: "lower" };
const FIELDS = ["iorequest_cnt", "iodone_cnt", "ioerr_cnt", "iotmo_cnt"];

const object: CounterObject = {
  name: "SCSI Device",
  help:
    "Commands to SCSI, SAS and SATA disks and USB sticks, and those that failed or timed out below the " +
    "file system, where retries hide them: what makes a disk slow before it fails.",
  instances: { what: "one per SCSI disk, by the name of its block device", total: false },
  cadence: 60_000,
  groups: [{ id: "scsi", fields: counterFields(FIELDS, 32) }],
  counters: [
    declare(
      "Command Errors",
      "ioerr_cnt",
      "Commands in the interval that ended with anything but success. Some are harmless (a question " +
        "that the device does not understand); a count that rises under load is not.",
      errors,
    ),
    declare(
      "Command Timeouts",
      "iotmo_cnt",
      "Commands in the interval that the device did not answer in time (30 s by default). The disk " +
        "stood still for that long. Newer kernels only.",
      errors,
    ),
    declare("Commands/sec", "iorequest_cnt", "Commands sent to the device, retries included.", {
      level: "advanced",
    }),
    declare(
      "Commands Done/sec",
      "iodone_cnt",
      "Commands that came back, with or without success.",
      {
        level: "advanced",
      },
    ),
  ],
};

/** Errors of SCSI devices: /sys/block/<disk>/device. */
export const scsiDevice: Collector = attributeCollector(object, ({ sysRoot }) =>
  listFolder(join(sysRoot, "block")).flatMap((disk): AttributeInstance[] => {
    const folder = join(sysRoot, "block", disk, "device");
    const files = FIELDS.map((id) => ({ path: join(folder, id), fields: [id] }));
    const present = files.filter(({ path }) => pathExists(path));
    if (present.length === 0) return [];
    const address = linkName(folder);
    const model = readAttribute(join(folder, "model"));
    const attributes = {
      ...(address === undefined ? {} : { address }),
      ...(model === undefined ? {} : { model }),
    };
    return [{ identity: { name: disk, attributes }, group: 0, files: present }];
  }),
);
