/** A report on one run as text: the diagnosis first; 100 columns wide. */
import { diskWorkCells, interfaceWorkCells } from "./device-cells.ts";
import { secondsText } from "../analysis/number-text.ts";
import { RESOURCES, STATES } from "../analysis/resources.ts";
import type { ProcessGroup, RunReport } from "../analysis/run/run-report.ts";
import { paint, type Paint } from "./color.ts";
import { amountText } from "./numbers.ts";
import { cut, left, right, tableLines, wrap } from "./table.ts";

const WIDTH = 100;
const MOST_FINDINGS = 6;
const MOST_ROWS = 5;
const MOST_INVENTORY = 14;

export function renderRunText(
  report: RunReport,
  options: { readonly color?: boolean } = {},
): string {
  const color = paint(options.color === true);
  const sections = [
    diagnosisLines(report, color),
    resourceLines(report, color),
    findingLines(report, color),
    timeLines(report, color),
    processLines(report, color),
    diskLines(report, color),
    interfaceLines(report, color),
    inventoryLines(report, color),
    noteLines(report, color),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

function diagnosisLines({ diagnosis, run, findings }: RunReport, color: Paint): string[] {
  const limited = diagnosis.limit !== "none" && diagnosis.limit !== "unknown";
  const next = findings.find(({ resource }) => resource === diagnosis.limit) ?? findings[0];
  const from = run.from?.slice(0, 19).replace("T", " ") ?? "-";
  return [
    color.bold("DIAGNOSIS"),
    ...wrap(diagnosis.summary, WIDTH, "  ").map(limited ? color.yellow : color.green),
    `  From ${from} (UTC), ${secondsText(run.durationSeconds)}.`,
    ...(next ? wrap(`Check next: ${next.next}`, WIDTH, "  ") : []),
  ];
}

function resourceLines({ resources }: RunReport, color: Paint): string[] {
  const cell = (value: number | null, digits = 1) => (value === null ? "-" : value.toFixed(digits));
  const rows = RESOURCES.map((resource) => {
    const { status, utilization, saturation, errors, hosts } = resources[resource];
    const alike = hosts.filter((host) => host.status === status).map(({ host }) => host);
    const where =
      hosts.length < 2 || status === "unknown"
        ? ""
        : `${alike.length} of ${hosts.length}: ${alike.slice(0, 3).join(", ")}${alike.length > 3 ? ", ..." : ""}`;
    return [`  ${resource}`, status, cell(utilization), cell(saturation), cell(errors, 2), where];
  });
  const several = resources.cpu.hosts.length > 1;
  return [
    color.bold("RESOURCES (utilization, saturation, errors; the status of the worst host)"),
    ...tableLines(
      [
        left("  resource"),
        left("status"),
        right("used %"),
        right("waited %"),
        right("errors/s"),
        left(several ? "hosts with this status" : "", 46),
      ],
      rows,
    ),
  ];
}

function findingLines({ findings }: RunReport, color: Paint): string[] {
  if (findings.length === 0) return [];
  const more = findings.length - MOST_FINDINGS;
  return [
    color.bold("FINDINGS"),
    ...findings
      .slice(0, MOST_FINDINGS)
      .flatMap(({ severity, message, counter, hosts }) => [
        ...wrap(`[${severity}] ${message}`, WIDTH, "  "),
        color.dim(
          cut(
            `    ${counter}${hosts.length > 1 ? `  on ${hosts.length} hosts: ${hosts.join(", ")}` : ""}`,
            WIDTH,
          ),
        ),
      ]),
    ...(more > 0 ? [color.dim(`  and ${more} more (--json and --html show all)`)] : []),
  ];
}

function timeLines({ timeShares, run }: RunReport, color: Paint): string[] {
  const rows = STATES.filter((state) => timeShares[state] >= 0.005).map((state) => [
    `  ${state}`,
    (timeShares[state] * run.durationSeconds).toFixed(1),
    (100 * timeShares[state]).toFixed(1),
  ]);
  return [
    color.bold("WHERE THE TIME WENT"),
    ...tableLines(
      [left("  limited by"), right("seconds"), right("%")],
      [...rows, ["  all", run.durationSeconds.toFixed(1), "100.0"]],
    ),
  ];
}

function processLines({ processes }: RunReport, color: Paint): string[] {
  const lists = [
    ["CPU time", processes.byCpu],
    ["memory", processes.byMemory],
    ["I/O", processes.byIo],
  ] as const;
  return lists.flatMap(([by, groups], i) =>
    groups.length === 0
      ? []
      : [
          ...(i === 0 ? [] : [""]),
          color.bold(`TOP PROCESSES BY ${by.toUpperCase()} (by role; means per host)`),
          ...tableLines(
            [
              left("  role", 34),
              right("hosts"),
              right("processes"),
              right("CPUs"),
              right("memory"),
              right("read"),
              right("written"),
            ],
            groups.slice(0, MOST_ROWS).map(processRow),
          ),
        ],
  );
}

function processRow(group: ProcessGroup): string[] {
  return [
    `  ${group.role}`,
    String(group.hosts),
    String(group.processes),
    group.cpus.toFixed(3),
    amountText(group.memoryBytes, "B"),
    amountText(group.readBytes, "B/s"),
    amountText(group.writtenBytes, "B/s"),
  ];
}

function diskLines({ disks }: RunReport, color: Paint): string[] {
  if (disks.length === 0) return [];
  return [
    color.bold("DISKS (the busiest first)"),
    ...tableLines(
      [
        left("  host", 26),
        left("disk", 14),
        right("busy"),
        right("read"),
        right("written"),
        right("requests"),
        right("per request"),
        right("queue"),
      ],
      disks
        .slice(0, MOST_ROWS)
        .map((disk) => [
          `  ${disk.host}`,
          disk.disk,
          amountText(disk.busy, "%"),
          ...diskWorkCells(disk),
        ]),
    ),
  ];
}

function interfaceLines({ interfaces }: RunReport, color: Paint): string[] {
  if (interfaces.length === 0) return [];
  return [
    color.bold("NETWORK INTERFACES (the busiest first)"),
    ...tableLines(
      [
        left("  host", 26),
        left("interface", 14),
        right("used"),
        right("received"),
        right("sent"),
        right("errors"),
        right("drops"),
      ],
      interfaces
        .slice(0, MOST_ROWS)
        .map((link) => [`  ${link.host}`, link.interface, ...interfaceWorkCells(link)]),
    ),
  ];
}

function inventoryLines({ inventory, run }: RunReport, color: Paint): string[] {
  const high = inventory.filter(({ relevance }) => relevance === "high");
  if (high.length === 0) return [];
  const rows = high
    .slice(0, MOST_INVENTORY)
    .map(({ key, values }) => [
      `  ${key}`,
      values
        .map(({ value, hosts }) =>
          hosts === run.hosts.length ? value : `${value} (${hosts} of ${run.hosts.length})`,
        )
        .join(", "),
    ]);
  const more = inventory.length - rows.length;
  return [
    color.bold("INVENTORY"),
    ...tableLines([left("  key", 40), left("value", 56)], rows),
    ...(more > 0 ? [color.dim(`  and ${more} more (--json and --html show all)`)] : []),
  ];
}

function noteLines({ notes }: RunReport, color: Paint): string[] {
  const mark = { error: "!!", warning: "! ", info: "- " };
  if (notes.length === 0) return [];
  return [
    color.bold("NOTES"),
    ...notes.flatMap(({ severity, message }) => {
      const [first = "", ...rest] = wrap(message, WIDTH - 5);
      return [`  ${mark[severity]} ${first}`, ...rest.map((line) => `     ${line}`)];
    }),
  ];
}
