/** Utilization, saturation and errors of each resource, side by side. */
import type { Comparison, ResourceUse } from "../../analysis/comparison.ts";
import { RESOURCE_LABELS, RESOURCES } from "../../analysis/resources.ts";
import { html, type Content } from "../html/markup.ts";
import { percentText, table } from "../html/parts.ts";

export function resourceSection({ resources, limits }: Comparison): Content {
  const cells = ({ utilization, saturation, errors }: ResourceUse) => [
    percentText(utilization),
    percentText(saturation),
    percentText(errors, 2),
  ];
  const limitText = (limit: string) => (limit === "none" ? "no resource" : limit);
  return html`${table({
      label: "Resources",
      caption:
        "Mean over the hosts and the time at work. Used: percent of capacity. Waited: percent of the time in which work waited for it. Errors per second, all hosts. The last column judges by waiting.",
      groups: [
        ["", 1],
        [html`<span class="key-baseline">baseline</span>`, 3],
        [html`<span class="key-candidate">candidate</span>`, 3],
        ["", 2],
      ],
      columns: [
        { title: "Resource" },
        ...["used %", "waited %", "errors/s", "used %", "waited %", "errors/s"].map(
          (title) => ({ title, number: true }) as const,
        ),
        { title: "Candidate is" },
        { title: "Waiting is read from", name: true },
      ],
      rows: RESOURCES.map((resource) => {
        const { baseline, candidate, state } = resources[resource];
        return [
          RESOURCE_LABELS[resource],
          ...cells(baseline),
          ...cells(candidate),
          html`<span class="tag ${state}">${state}</span>`,
          html`<code>${candidate.signal}</code>`,
        ];
      }),
    })}
    <p>
      Limiting resource of each run by itself: ${limitText(limits.baseline)} in the baseline,
      ${limitText(limits.candidate)} in the candidate.
    </p>`;
}
