import { join } from "node:path";
import { type CounterObject, counterFields, gaugeFields } from "../counter/declaration.ts";
import { attributeCollector } from "./attribute-collector.ts";
import type { AttributeFile, AttributeInstance } from "./attribute-units.ts";
import type { Collector } from "./collector.ts";
import { COUNT_GAUGE, type CounterParts, declareFor } from "./declare.ts";
import { listFolder, pathExists, readAttribute } from "./sysfs.ts";

const CONTROLLER_FOLDER = "/sys/class/nvme/<controller>";
const declare = declareFor({
  file: `${CONTROLLER_FOLDER}/diag`,
  doc: "https://docs.kernel.org/admin-guide/nvme-multipath.html",
  resource: "disk",
  since: "7.2",
});

const errors: CounterParts = { type: "delta", unit: "count", use: "errors", better: "lower" };
const ofController: CounterParts = { ...errors, group: "controller" };
const ofPath: CounterParts = { ...errors, group: "path", file: "/sys/block/<disk>/diag" };
const ofHead: CounterParts = { ...errors, group: "head", file: "/sys/block/<disk>/diag" };

/** Fields by group; the files of `diag` have other names where one name is in both folders. */
const CONTROLLER = ["admin_error_count", "reset_count", "reconnect_count"];
const PATH = ["command_error_count", "command_retries_count", "multipath_failover_count"];
const HEAD = ["io_requeue_no_usable_path_count", "io_fail_no_available_path_count"];

/** Positions of the groups. */
const OF_CONTROLLER = 0;
const OF_PATH = 1;
const OF_HEAD = 2;

const object: CounterObject = {
  name: "NVMe Device",
  help:
    "NVMe controllers and their disks: whether a controller works, and errors, resets and failovers, " +
    "where the kernel counts them. Retries hide an error from whoever reads and writes; what is left " +
    "of it is a read that takes seconds.",
  instances: {
    what: "one per NVMe controller, and one per disk or path to a disk that counts errors",
    total: false,
  },
  cadence: 60_000,
  groups: [
    { id: "controller", fields: [...gaugeFields(["live"]), ...counterFields(CONTROLLER)] },
    { id: "path", fields: counterFields(PATH) },
    { id: "head", fields: counterFields(HEAD) },
  ],
  counters: [
    declare(
      "Controller Live",
      "live",
      "1 when the controller takes commands (state live), 0 while it is reset, reconnects or is dead: " +
        "its disks then stand still.",
      {
        ...COUNT_GAUGE,
        group: "controller",
        use: "errors",
        better: "higher",
        file: CONTROLLER_FOLDER,
        field: "state",
        since: "4.8",
      },
    ),
    declare(
      "Controller Resets",
      "reset_count",
      "Resets of the controller in the interval, after a command that timed out or a failure of its " +
        "firmware. No command is answered meanwhile, for seconds.",
      ofController,
    ),
    declare(
      "Controller Reconnects",
      "reconnect_count",
      "Attempts in the interval to connect again to a controller over a network (NVMe over Fabrics).",
      ofController,
    ),
    declare(
      "Admin Command Errors",
      "admin_error_count",
      "Commands to the controller itself that failed in the interval. Some are harmless: questions that " +
        "the firmware does not understand.",
      { ...ofController, level: "advanced", field: "command_error_count" },
    ),
    declare(
      "Command Errors",
      "command_error_count",
      "Reads, writes and other commands to this disk or path that failed in the interval, after all " +
        "retries.",
      ofPath,
    ),
    declare(
      "Command Retries",
      "command_retries_count",
      "Commands to this disk or path that were sent once more in the interval, because they had failed " +
        "in a way that may pass.",
      ofPath,
    ),
    declare(
      "Path Failovers",
      "multipath_failover_count",
      "Commands that were sent over another path in the interval, because this one had failed.",
      ofPath,
    ),
    declare(
      "Commands Waiting for a Path",
      "io_requeue_no_usable_path_count",
      "Commands to this disk that were put back in the interval, because no path could be used at that " +
        "moment.",
      { ...ofHead, use: "saturation" },
    ),
    declare(
      "Commands Failed without a Path",
      "io_fail_no_available_path_count",
      "Commands to this disk that failed in the interval, because there was no path left.",
      ofHead,
    ),
  ],
};

function files(folder: string, fields: readonly string[]): AttributeFile[] {
  return fields
    .map((id) => ({
      path: join(folder, "diag", id === "admin_error_count" ? "command_error_count" : id),
      fields: [id],
    }))
    .filter(({ path }) => pathExists(path));
}

function controllers(sysRoot: string): AttributeInstance[] {
  const root = join(sysRoot, "class/nvme");
  return listFolder(root).flatMap((name) => {
    const folder = join(root, name);
    const state = { path: join(folder, "state"), fields: ["live"], word: "live" };
    const attributes: Record<string, string> = {};
    for (const fact of ["model", "transport"]) {
      const text = readAttribute(join(folder, fact));
      if (text !== undefined) attributes[fact] = text;
    }
    const found = [...(pathExists(state.path) ? [state] : []), ...files(folder, CONTROLLER)];
    return found.length > 0
      ? [{ identity: { name, attributes }, group: OF_CONTROLLER, files: found }]
      : [];
  });
}

function disks(sysRoot: string): AttributeInstance[] {
  const root = join(sysRoot, "block");
  return listFolder(root)
    .filter((name) => name.startsWith("nvme"))
    .flatMap((name) =>
      ([OF_PATH, OF_HEAD] as const).map((group) => ({
        identity: { name },
        group,
        files: files(join(root, name), group === OF_PATH ? PATH : HEAD),
      })),
    )
    .filter((instance) => instance.files.length > 0);
}

/** State and errors of NVMe devices: /sys/class/nvme and /sys/block/nvme*. */
export const nvmeDevice: Collector = attributeCollector(object, ({ sysRoot }) => [
  ...controllers(sysRoot),
  ...disks(sysRoot),
]);
