/** The charts that matter, each with the numbers behind it. */
import type { CounterCourse, Courses, SideCourse } from "../../analysis/courses/course.ts";
import { mean } from "../../analysis/statistics/summary.ts";
import { html, type Content, type Markup } from "../html/markup.ts";
import { namesText, picture, table } from "../html/parts.ts";
import { lineChart } from "../svg/line-chart.ts";
import { timeText, unitText } from "../svg/scale.ts";

/** What sides are called; of one run only its own is used. */
export type SideLabels = Readonly<Record<SideCourse["side"], string>>;

const MOST_ROWS = 24;

export function chartSection({ counters, stepSeconds }: Courses, labels: SideLabels): Content {
  if (counters.length === 0) {
    return html`<p>No counter of the findings has values that could be drawn.</p>`;
  }
  const several = counters.some(({ sides }) => sides.some(({ hosts }) => hosts > 1));
  return html`${
      several
        ? html`<p>
            Time runs from the start of the work. Lines are the median of a side's hosts, the area
            is the middle half of them; a dotted line is a single host that stands out.
          </p>`
        : html`<p>Time runs from the start of the work.</p>`
    }
    <div class="charts">
      ${counters.map((course, i) => chart(course, stepSeconds, `chart-${i + 1}`, labels))}
    </div>`;
}

function chart(course: CounterCourse, stepSeconds: number, id: string, labels: SideLabels): Markup {
  const title = course.title.charAt(0).toUpperCase() + course.title.slice(1);
  const svg = lineChart(course, stepSeconds, id, title, describe(course, stepSeconds, labels));
  return html`<figure>
    <h3>${title}</h3>
    <figcaption><code>${course.counter.replace(/^\\\\\*\\/, "")}</code></figcaption>
    ${legend(course, labels)} ${picture(svg, title)}
    <details>
      <summary>Numbers</summary>
      ${numbers(course, stepSeconds, title, labels)}
    </details>
  </figure>`;
}

function legend({ sides }: CounterCourse, labels: SideLabels): Markup {
  return html`<ul class="legend">
    ${sides.map(
      ({ side, hosts, outliers }) =>
        html`<li>
            <svg class="swatch" viewBox="0 0 36 10" aria-hidden="true">
              <path class="median ${side}" d="M1 5H35" />
            </svg>
            <span class="key-${side}">${labels[side]}</span>${
              hosts === 0 ? " (not recorded)" : hosts > 1 ? ` (${hosts} hosts)` : ""
            }
          </li>
          ${
            outliers.length === 0
              ? null
              : html`<li>
                  <svg class="swatch" viewBox="0 0 36 10" aria-hidden="true">
                    <path class="host ${side}" d="M1 5H35" />
                  </svg>
                  ${outliers.map(({ host }) => host).join(", ")}
                </li>`
          }`,
    )}
  </ul>`;
}

function describe({ sides, unit }: CounterCourse, stepSeconds: number, labels: SideLabels): string {
  return sides
    .map(({ side, median, hosts, outliers }) => {
      let top = -1;
      median.forEach((value, i) => {
        if (value === value && (top < 0 || value > median[top]!)) top = i;
      });
      if (top < 0) return `${labels[side]} has no values.`;
      const of = hosts > 1 ? `, median of ${hosts} hosts` : "";
      const out =
        outliers.length > 0 ? ` Standing out: ${namesText(outliers.map(({ host }) => host))}.` : "";
      return `${labels[side]}${of}: ${unitText(mean(median), unit)} on average, highest ${unitText(median[top]!, unit)} at ${timeText(Math.round(top * stepSeconds))}.${out}`;
    })
    .join(" ");
}

/** Every n-th step, so that a table stays one that is read. */
function numbers(
  { sides, unit }: CounterCourse,
  stepSeconds: number,
  title: string,
  labels: SideLabels,
): Markup {
  const steps = Math.max(0, ...sides.map(({ median }) => median.length));
  const every = Math.max(1, Math.ceil(steps / MOST_ROWS));
  const cell = ({ hosts, median, low, high }: SideCourse, step: number) => {
    const middle = median[step] ?? NaN;
    if (middle !== middle) return "-";
    const spread =
      hosts > 1 ? ` (${unitText(low[step]!, unit)} to ${unitText(high[step]!, unit)})` : "";
    return unitText(middle, unit) + spread;
  };
  const rows: Content[][] = [];
  for (let step = 0; step < steps; step += every) {
    rows.push([timeText(step * stepSeconds), ...sides.map((side) => cell(side, step))]);
  }
  const shown = every > 1 ? `, every ${timeText(every * stepSeconds)} a value` : "";
  return table({
    label: `Numbers of ${title}`,
    caption: `${title}: median and, of several hosts, quartiles in steps of ${timeText(stepSeconds)}${shown}.`,
    columns: [
      { title: "Time" },
      ...sides.map(({ side }) => ({ title: labels[side], number: true as const })),
    ],
    rows,
  });
}
