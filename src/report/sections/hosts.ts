/** Hosts over time for the losing resource, and those that are unlike the others. */
import type { Finding } from "../../analysis/comparison.ts";
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

/** @param named hosts that the verdict names, and of what */
export function stragglerSection(
  findings: readonly Finding[],
  named: readonly string[],
  bottleneck: string,
  labels: SideLabels,
): Content {
  const unlike = findings.filter(({ rule }) => rule.endsWith("-imbalance"));
  const verdict: Markup | null =
    named.length > 0
      ? html`<p>
          The verdict rests on ${named.length === 1 ? "one host" : `${named.length} hosts`}
          (${bottleneck}): <strong>${named.join(", ")}</strong>.
        </p>`
      : null;
  if (unlike.length === 0) {
    return html`${verdict}
      <p>
        No host ${verdict ? "else " : ""}stands out among its peers. It takes at least four hosts of
        one role to tell.
      </p>`;
  }
  return html`${verdict}
  ${table({
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
  })}`;
}
