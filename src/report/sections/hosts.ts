/** Hosts over time for the losing resource, and those that are unlike the others. */
import type { Comparison, Finding, Straggler } from "../../analysis/comparison.ts";
import type { Courses, HeatMap } from "../../analysis/courses/course.ts";
import { html, type Content, type Markup } from "../html/markup.ts";
import { picture, table } from "../html/parts.ts";
import { heatLegend, heatMapChart } from "../svg/heat-map.ts";
import { timeText, unitText } from "../svg/scale.ts";
import type { SideLabels } from "./charts.ts";

export function heatSection({ heatMap, heatStepSeconds }: Courses, labels: SideLabels): Content {
  if (heatMap === null) return html`<p>Nothing was recorded that could be shown by host.</p>`;
  const title = `${heatMap.title.charAt(0).toUpperCase()}${heatMap.title.slice(1)}, by host`;
  const chart = heatMapChart(
    heatMap,
    heatStepSeconds,
    "heat",
    title,
    describe(heatMap, labels),
    labels,
  );
  const left = (["baseline", "candidate"] as const).filter((side) => heatMap.leftOut[side] > 0);
  return html`<figure>
      <h3>${title}</h3>
      <figcaption>
        A row is a host, the highest mean of a side first; time runs from the start of the work, in
        steps of ${timeText(heatStepSeconds)}. One scale for all rows:
      </figcaption>
      <p>${heatLegend(heatMap)}</p>
      ${picture(chart, title)}
    </figure>
    ${left.map(
      (side) =>
        html`<p class="dim">
          ${heatMap.leftOut[side]} hosts of ${labels[side]} with lower means are not shown.
        </p>`,
    )}
    <details>
      <summary>Numbers</summary>
      ${table({
        label: `Numbers of ${title}`,
        caption: `${title}: over the time at work.`,
        columns: [
          { title: "Host", name: true },
          { title: "Side" },
          { title: "Role" },
          { title: "Mean", number: true },
          { title: "Highest", number: true },
        ],
        rows: heatMap.rows.map(({ host, side, role, mean, highest }) => [
          host,
          labels[side],
          role,
          unitText(mean, heatMap.unit),
          unitText(highest, heatMap.unit),
        ]),
      })}
    </details>`;
}

function describe({ rows, unit }: HeatMap, labels: SideLabels): string {
  return (["baseline", "candidate"] as const)
    .flatMap((side) => {
      const [most] = rows.filter((row) => row.side === side);
      const least = rows.filter((row) => row.side === side).at(-1);
      if (!most || !least) return [];
      return [
        most === least
          ? `${labels[side]}: ${most.host} ${unitText(most.mean, unit)} on average.`
          : `${labels[side]}: means from ${unitText(least.mean, unit)} (${least.host}) to ${unitText(most.mean, unit)} (${most.host}).`,
      ];
    })
    .join(" ");
}

export function stragglerSection(comparison: Comparison, labels: SideLabels): Content {
  const { verdict, findings } = comparison;
  const { stragglers } = comparison;
  const unlike = findings.filter(({ rule }) => rule.endsWith("-imbalance"));
  const named: Markup | null =
    verdict.hosts.length > 0
      ? html`<p>
          The verdict rests on
          ${verdict.hosts.length === 1 ? "one host" : `${verdict.hosts.length} hosts`}
          (${verdict.bottleneck}): <strong>${verdict.hosts.join(", ")}</strong>.
        </p>`
      : null;
  if (unlike.length === 0 && stragglers.length === 0) {
    return html`${named}
      <p>
        No host ${named ? "else " : ""}stands out among its peers. It takes at least four hosts of
        one role to tell.
      </p>`;
  }
  return html`${named} ${stragglers.length > 0 ? stragglerTable(stragglers, labels) : null}
  ${unlike.length > 0 ? unlikeTable(unlike, labels) : null}`;
}

function stragglerTable(stragglers: readonly Straggler[], labels: SideLabels): Content {
  return table({
    label: "Hosts that lost more time than their peers",
    caption: "Hosts that lost more time than their peers of the same side and role.",
    columns: [
      { title: "Host", name: true },
      { title: "Role" },
      { title: "Side" },
      { title: "Lost to" },
      { title: "Seconds", number: true },
      { title: "Peers (median)", number: true },
    ],
    rows: stragglers.map(({ host, role, cluster, what, seconds, peersSeconds }) => [
      host,
      role,
      labels[cluster],
      what === "finish" ? "at work longer" : what,
      seconds.toFixed(1),
      peersSeconds.toFixed(1),
    ]),
  });
}

function unlikeTable(unlike: readonly Finding[], labels: SideLabels): Content {
  return table({
    label: "Hosts unlike their peers",
    caption:
      "Hosts that lie far outside of what their peers of the same side and role have (modified z-score above 3.5).",
    columns: [
      { title: "Resource" },
      { title: "Side" },
      { title: "Hosts", name: true },
      { title: "What", name: true },
    ],
    rows: unlike.map(({ resource, cluster, hosts, message }) => [
      resource,
      cluster === "both" ? "both" : labels[cluster],
      hosts.join(", "),
      message,
    ]),
  });
}
