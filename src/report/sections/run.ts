/** What a page on one run has of its own: the diagnosis, statuses, top lists, inventory. */
import { diskWorkCells, interfaceWorkCells } from "../device-cells.ts";
import { secondsText } from "../../analysis/number-text.ts";
import { RESOURCE_LABELS, RESOURCES, STATES, type StateName } from "../../analysis/resources.ts";
import type { Courses } from "../../analysis/courses/course.ts";
import type {
  InventoryFact,
  ProcessGroup,
  ResourceStatus,
  RunReport,
} from "../../analysis/run/run-report.ts";
import { html, type Content, type Markup } from "../html/markup.ts";
import {
  instant,
  namesText,
  percentText,
  picture,
  prose,
  runName,
  stateLegend,
  table,
} from "../html/parts.ts";
import { amountText } from "../numbers.ts";
import { stateCourses, timeBars } from "../svg/time-bars.ts";

const MOST_NEXT = 3;
const MOST_HOSTS = 20;
const LEAST_SHARE = 0.0005;

const LIMITS: Readonly<Record<RunReport["diagnosis"]["limit"], string>> = {
  cpu: "CPU",
  memory: "Memory",
  disk: "Disk",
  network: "Network",
  virtualization: "Virtualization",
  none: "No resource",
  unknown: "Not known",
};

export function runHeader(report: RunReport): Markup {
  const { run, diagnosis, findings, durationSource } = report;
  const next = [...new Set(findings.map((finding) => finding.next))].slice(0, MOST_NEXT);
  const warned = RESOURCES.filter((resource) => report.resources[resource].status === "warning");
  return html`<p class="kicker">Report of Linux Perfmon</p>
    <h1>${runHeadline(report)}</h1>
    <p class="lead">${prose(diagnosis.summary)}</p>
    <dl class="tiles">
      <div>
        <dt>${durationSource === "recording" ? "Recorded" : "Duration"}</dt>
        <dd>${secondsText(run.durationSeconds)}</dd>
      </div>
      <div>
        <dt>Limit</dt>
        <dd>
          ${LIMITS[diagnosis.limit]}
          ${
            diagnosis.hosts.length > 0
              ? html`<small>on ${namesText(diagnosis.hosts, 4)}</small>`
              : null
          }
        </dd>
      </div>
      <div>
        <dt>Hosts</dt>
        <dd>${run.hosts.length} <small>${namesText(run.hosts, 4)}</small></dd>
      </div>
      <div>
        <dt>Warnings</dt>
        <dd>
          ${warned.length === 0 ? "None" : warned.map((name) => RESOURCE_LABELS[name]).join(", ")}
        </dd>
      </div>
    </dl>
    ${
      next.length === 0
        ? null
        : html`<div class="next">
            <h3>Check next</h3>
            <ul>
              ${next.map((step) => html`<li>${step}</li>`)}
            </ul>
          </div>`
    }
    <p class="dim">Recorded from ${instant(run.from)} to ${instant(run.to)} (UTC).</p>`;
}

export function runHeadline({ run, diagnosis }: RunReport): string {
  const { limit, hosts } = diagnosis;
  const name = runName(run);
  if (limit === "unknown") return `What limited ${name} is not known.`;
  if (limit === "none") return `${name} was not limited by any hardware resource.`;
  const where = hosts.length === 0 ? "" : `, on ${namesText(hosts, 2)} only`;
  return `${name} was limited by ${RESOURCE_LABELS[limit]}${where}.`;
}

export function runTimeSection({ run, timeShares }: RunReport, courses: Courses): Content {
  const shown = (state: StateName) => timeShares[state] >= LEAST_SHARE;
  const states = STATES.filter(shown);
  const text = (state: StateName) => (timeShares[state] * run.durationSeconds).toFixed(1);
  const label = { label: "time", note: runName(run) };
  const bars = timeBars(
    [{ ...label, seconds: run.durationSeconds, shares: timeShares }],
    "time-bars",
    "Seconds of the run by what limited it",
    states.map((state) => `${state}: ${text(state)} s`).join("; "),
  );
  return html`<p>
      Every second of the wall time is given to what limited it; hosts that waited for others have
      no vote.
    </p>
    ${stateLegend(shown)} ${picture(bars, "Seconds by what limited them")}
    ${table({
      label: "Time by what limited it",
      caption: `Share of the wall time \u00d7 ${secondsText(run.durationSeconds)} = seconds.`,
      columns: [
        { title: "Limited by" },
        { title: "Share", number: true },
        { title: "= seconds", number: true },
      ],
      rows: states.map((state) => [
        RESOURCE_LABELS[state],
        `${(100 * timeShares[state]).toFixed(1)} %`,
        text(state),
      ]),
      total: ["all", "100.0 %", run.durationSeconds.toFixed(1)],
    })}
    ${
      courses.states.some(({ shares }) => shares.cpu.length > 1)
        ? html`<figure>
            <figcaption>The same over time; the height is all of the wall time.</figcaption>
            ${picture(
              stateCourses(
                courses.states,
                { baseline: label, candidate: label },
                courses.stepSeconds,
                "time-course",
                "What limited the run over time",
                `Shares of ${states.join(", ")} from the start of the work to its end.`,
              ),
              "What limited the run over time",
            )}
          </figure>`
        : null
    }`;
}

export function statusTag(status: ResourceStatus): Markup {
  return html`<span class="tag ${status}">${status}</span>`;
}

export function overviewSection({ resources }: RunReport): Content {
  return html`${table({
    label: "Resources",
    caption:
      "Mean over the hosts and the time at work; the status is that of the worst host. Warning: a rule fires. Busy: 70 % and more of the capacity is used. Idle: below 10 %, and hardly waited for.",
    columns: [
      { title: "Resource" },
      { title: "Status" },
      { title: "used %", number: true },
      { title: "waited %", number: true },
      { title: "errors/s", number: true },
      { title: "Waiting is read from", name: true },
    ],
    rows: RESOURCES.map((resource) => {
      const { status, utilization, saturation, errors, signal } = resources[resource];
      return [
        RESOURCE_LABELS[resource],
        statusTag(status),
        percentText(utilization),
        percentText(saturation),
        percentText(errors, 2),
        html`<code>${signal}</code>`,
      ];
    }),
  })}
  ${RESOURCES.map((resource) => hostTable(resource, resources[resource].hosts))}`;
}

function hostTable(
  resource: (typeof RESOURCES)[number],
  hosts: RunReport["resources"]["cpu"]["hosts"],
): Content {
  if (hosts.length < 2 || hosts.every(({ status }) => status === "unknown")) return null;
  const label = RESOURCE_LABELS[resource];
  const left = hosts.length - MOST_HOSTS;
  return html`<details>
    <summary>${label} by host</summary>
    ${table({
      label: `${label} by host`,
      caption: `${label}: the worst first${left > 0 ? `; ${left} more hosts are not shown` : ""}.`,
      columns: [
        { title: "Host", name: true },
        { title: "Role" },
        { title: "Status" },
        { title: "used %", number: true },
        { title: "waited %", number: true },
        { title: "errors/s", number: true },
      ],
      rows: hosts
        .slice(0, MOST_HOSTS)
        .map(({ host, role, status, utilization, saturation, errors }) => [
          host,
          role,
          statusTag(status),
          percentText(utilization),
          percentText(saturation),
          percentText(errors, 2),
        ]),
    })}
  </details>`;
}

export function processSection({ processes }: RunReport): Content {
  const lists = [
    ["By CPU time", processes.byCpu],
    ["By memory", processes.byMemory],
    ["By I/O", processes.byIo],
  ] as const;
  if (lists.every(([, groups]) => groups.length === 0)) {
    return html`<p>No processes were recorded.</p>`;
  }
  return html`<p>
      Processes of one role (main class, service or program) are taken together: means over the time
      at work, per host.
    </p>
    ${lists.map(([title, groups]) => (groups.length === 0 ? null : processTable(title, groups)))}`;
}

function processTable(title: string, groups: readonly ProcessGroup[]): Content {
  return table({
    label: title,
    caption: html`<h3>${title}</h3>`,
    columns: [
      { title: "Role", name: true },
      { title: "User", name: true },
      { title: "Hosts", number: true },
      { title: "Processes", number: true },
      { title: "CPUs", number: true },
      { title: "Memory", number: true },
      { title: "Read", number: true },
      { title: "Written", number: true },
    ],
    rows: groups.map((group) => [
      group.role,
      namesText(group.users, 3),
      group.hosts,
      group.processes,
      group.cpus.toFixed(3),
      amountText(group.memoryBytes, "B"),
      amountText(group.readBytes, "B/s"),
      amountText(group.writtenBytes, "B/s"),
    ]),
  });
}

export function deviceSection({ disks, interfaces }: RunReport): Content {
  const number = (title: string) => ({ title, number: true }) as const;
  return html`${
    disks.length === 0
      ? html`<p>No disks were recorded.</p>`
      : table({
          label: "Disks",
          caption: "Disks, the busiest first: means over the time at work.",
          columns: [
            { title: "Host", name: true },
            { title: "Disk" },
            ...["busy", "busy, p95", "Read", "Written", "Requests", "Per request", "Queue"].map(
              number,
            ),
          ],
          rows: disks.map((disk) => [
            disk.host,
            disk.disk,
            amountText(disk.busy, "%"),
            amountText(disk.busyP95, "%"),
            ...diskWorkCells(disk),
          ]),
        })
  }
  ${
    interfaces.length === 0
      ? html`<p>No network interfaces were recorded.</p>`
      : table({
          label: "Network interfaces",
          caption: "Network interfaces, the busiest first: means over the time at work.",
          columns: [
            { title: "Host", name: true },
            { title: "Interface" },
            ...["used", "Received", "Sent", "Errors", "Drops"].map(number),
          ],
          rows: interfaces.map((link) => [link.host, link.interface, ...interfaceWorkCells(link)]),
        })
  }`;
}

export function factSection(facts: readonly InventoryFact[], hosts: number): Content {
  if (facts.length === 0) return html`<p>No inventory was recorded.</p>`;
  const rows = (some: readonly InventoryFact[]) =>
    some.map(({ key, values }) => [
      html`<code>${key}</code>`,
      values
        .map((one) => (one.hosts === hosts ? one.value : `${one.value} (${one.hosts} of ${hosts})`))
        .join(", "),
    ]);
  const columns = [
    { title: "Key", name: true },
    { title: "Value", name: true },
  ] as const;
  const first = facts.filter(({ relevance }) => relevance === "high");
  const others = facts.filter(({ relevance }) => relevance !== "high");
  return html`${table({
    label: "Inventory",
    caption: "What bears most on speed; a value without a count is that of all hosts.",
    columns,
    rows: rows(first),
  })}
  ${
    others.length > 0
      ? html`<details>
          <summary>${others.length} more</summary>
          ${table({ label: "More of the inventory", caption: "The rest.", columns, rows: rows(others) })}
        </details>`
      : null
  }`;
}
