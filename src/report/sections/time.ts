/** Where the time went: the bars, and the arithmetic that they stand for. */
import type { Comparison } from "../../analysis/comparison.ts";
import type { Courses } from "../../analysis/courses/course.ts";
import { secondsText } from "../../analysis/number-text.ts";
import { RESOURCE_LABELS, STATES, type StateName } from "../../analysis/resources.ts";
import { html, type Content, type Markup } from "../html/markup.ts";
import { picture, prose, runName, stateLegend, table } from "../html/parts.ts";
import { signedSeconds } from "../numbers.ts";
import { stateCourses, timeBars } from "../svg/time-bars.ts";

/** Smaller shares are not worth a line: they would show as 0.0. */
const LEAST_SHARE = 0.0005;

export function timeSection(comparison: Comparison, courses: Courses): Content {
  const { timeAttribution, baseline, candidate } = comparison;
  const shown = (state: StateName) =>
    timeAttribution.baseline[state] >= LEAST_SHARE ||
    timeAttribution.candidate[state] >= LEAST_SHARE;
  const states = STATES.filter(shown);
  if (states.length === 0) return html`<p>Nothing is known of how the time was spent.</p>`;
  const part = (state: StateName, side: "baseline" | "candidate") =>
    (timeAttribution[side][state] * comparison[side].durationSeconds).toFixed(1);
  const product = (state: StateName, side: "baseline" | "candidate") =>
    `${(100 * timeAttribution[side][state]).toFixed(1)} %`;
  const difference = candidate.durationSeconds - baseline.durationSeconds;
  const bars = timeBars(
    [
      {
        label: "baseline",
        note: runName(baseline),
        seconds: baseline.durationSeconds,
        shares: timeAttribution.baseline,
      },
      {
        label: "candidate",
        note: runName(candidate),
        seconds: candidate.durationSeconds,
        shares: timeAttribution.candidate,
      },
    ],
    "time-bars",
    "Seconds of each run by what limited it",
    states
      .map((state) => `${state}: ${part(state, "baseline")} s and ${part(state, "candidate")} s`)
      .join("; "),
  );
  return html`<p>
      Every second of the wall time is given to what limited it; hosts that waited for others have
      no vote. Extra seconds are candidate minus baseline, and add up to the difference of the
      durations (${signedSeconds(difference)}&nbsp;s).
    </p>
    ${stateLegend(shown)} ${picture(bars, "Seconds by what limited them")}
    ${table({
      label: "Time by what limited it",
      caption: "Share of the wall time \u00d7 duration = seconds, on each side.",
      groups: [
        ["", 1],
        [html`<span class="key-baseline">baseline</span>`, 2],
        [html`<span class="key-candidate">candidate</span>`, 2],
        ["", 1],
      ],
      columns: [
        { title: "Limited by" },
        { title: `share \u00d7 ${secondsText(baseline.durationSeconds)}`, number: true },
        { title: "= seconds", number: true },
        { title: `share \u00d7 ${secondsText(candidate.durationSeconds)}`, number: true },
        { title: "= seconds", number: true },
        { title: "Extra seconds", number: true },
      ],
      rows: states.map((state) => [
        RESOURCE_LABELS[state],
        product(state, "baseline"),
        part(state, "baseline"),
        product(state, "candidate"),
        part(state, "candidate"),
        signedSeconds(timeAttribution.extraSeconds[state]),
      ]),
      total: [
        "all",
        "100.0 %",
        baseline.durationSeconds.toFixed(1),
        "100.0 %",
        candidate.durationSeconds.toFixed(1),
        signedSeconds(difference),
      ],
    })}
    ${upperBound(comparison)} ${overTime(comparison, courses, states)}`;
}

/** What removing a limit could save at most: as the comparison says, else of the bottleneck. */
function upperBound(comparison: Comparison): Content {
  const { verdict, timeAttribution } = comparison;
  const { upperBounds } = comparison.timeAttribution;
  if (upperBounds.length > 0) {
    return table({
      label: "Upper bounds",
      caption:
        "Upper bounds: what a run could save at most without a resource's stalls, if nothing else took their place.",
      columns: [
        { title: "Side" },
        { title: "Without stalls by" },
        { title: "Share \u00d7 duration = seconds", number: true },
        { title: "Left", number: true },
      ],
      rows: upperBounds.map(({ cluster, resource, arithmetic, remainingSeconds }) => [
        html`<span class="key-${cluster}">${cluster}</span>`,
        RESOURCE_LABELS[resource],
        arithmetic,
        secondsText(remainingSeconds),
      ]),
    });
  }
  const { bottleneck, cluster } = verdict;
  const isSide = cluster === "baseline" || cluster === "candidate";
  if (!isSide || bottleneck === "none" || bottleneck === "inconclusive") return null;
  const { durationSeconds } = comparison[cluster];
  const most = timeAttribution[cluster][bottleneck] * durationSeconds;
  return html`<p>
    Upper bound: with no limit by ${RESOURCE_LABELS[bottleneck]} at all, the ${cluster} would save
    at most ${prose(`${secondsText(most)} of its ${secondsText(durationSeconds)}`)}.
  </p>`;
}

function overTime(
  { baseline, candidate }: Comparison,
  { states, stepSeconds }: Courses,
  shown: readonly StateName[],
): Markup | null {
  if (!states.some(({ shares }) => shares.cpu.length > 1)) return null;
  const chart = stateCourses(
    states,
    {
      baseline: { label: "baseline", note: runName(baseline) },
      candidate: { label: "candidate", note: runName(candidate) },
    },
    stepSeconds,
    "time-course",
    "What limited each run over time",
    `Shares of ${shown.join(", ")} from the start of the work to its end, one band per run.`,
  );
  return html`<figure>
    <figcaption>
      The same over time, from the start of the work; the height of a band is all of the wall time.
    </figcaption>
    ${picture(chart, "What limited the runs over time")}
  </figure>`;
}
