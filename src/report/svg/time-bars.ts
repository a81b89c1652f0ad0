/** Where the time went: a bar per side on one scale of seconds, divided among states. */
import type { StateCourse } from "../../analysis/courses/course.ts";
import { secondsText } from "../../analysis/number-text.ts";
import { RESOURCE_LABELS, STATES, type StateName } from "../../analysis/resources.ts";
import { html, type Content, type Markup } from "../html/markup.ts";
import { timeAxis } from "./line-chart.ts";
import { px, shortName } from "./scale.ts";

const WIDTH = 1120;
const LEFT = 170;
const RIGHT = 16;
const BAR = 38;
const GAP = 14;
const BOTTOM = 30;
/** Narrower parts have no text inside; the table beside has all. */
const LEAST_TEXT = 74;

export interface TimeBar {
  readonly label: string;
  /** Below the label, dim. */
  readonly note: string;
  readonly seconds: number;
  readonly shares: Readonly<Record<StateName, number>>;
}

export function timeBars(
  bars: readonly TimeBar[],
  id: string,
  title: string,
  describe: string,
): Markup {
  const longest = Math.max(...bars.map(({ seconds }) => seconds), 1e-3);
  const width = (seconds: number) => ((WIDTH - LEFT - RIGHT) * seconds) / longest;
  const bottom = bars.length * (BAR + GAP);
  return html`<svg
    viewBox="0 0 ${WIDTH} ${bottom + BOTTOM}"
    role="img"
    aria-labelledby="${id}-t ${id}-d"
    class="bars"
  >
    <title id="${id}-t">${title}</title>
    <desc id="${id}-d">${describe}</desc>
    ${bars.map((bar, i) => barGroup(bar, i * (BAR + GAP), width))}
    <g class="axis" aria-hidden="true">
      <path class="base" d="M${LEFT} ${bottom}H${WIDTH - RIGHT}" />
      ${timeAxis(longest, (at) => LEFT + width(at), bottom, RIGHT)}
    </g>
  </svg>`;
}

function barGroup(bar: TimeBar, y: number, width: (seconds: number) => number): Content {
  let x = LEFT;
  const parts = STATES.map((state) => {
    const seconds = bar.shares[state] * bar.seconds;
    const wide = width(seconds);
    if (!(wide > 0.3)) return null;
    const at = x;
    x += wide;
    return html`<g>
      <title>${RESOURCE_LABELS[state]}: ${secondsText(seconds)}</title>
      <rect
        class="state-${state}"
        x="${px(at)}"
        y="${y}"
        width="${px(Math.max(0.3, wide - 1))}"
        height="${BAR}"
      />
      ${
        wide < LEAST_TEXT
          ? null
          : html`<text class="on-${state}" x="${px(at + 8)}" y="${y + BAR / 2 + 5}"
              >${RESOURCE_LABELS[state]}
              ${wide < 1.7 * LEAST_TEXT ? "" : secondsText(seconds)}</text
            >`
      }
    </g>`;
  });
  return html`${barLabel(bar.label, bar.note, y + BAR / 2)} ${parts}`;
}

/** Two lines left of a bar, about a middle. */
function barLabel(label: string, note: string, middle: number): Markup {
  return html`<text class="bar-label" x="${LEFT - 10}" y="${middle - 3}" text-anchor="end">
      ${label}
    </text>
    <text class="bar-note" x="${LEFT - 10}" y="${middle + 13}" text-anchor="end">
      ${shortName(note)} <title>${note}</title>
    </text>`;
}

const COURSE_HEIGHT = 74;

/** The same over time: per side a band of states, one under the other, on one scale of time. */
export function stateCourses(
  courses: readonly StateCourse[],
  labels: Readonly<Record<StateCourse["side"], { readonly label: string; readonly note: string }>>,
  stepSeconds: number,
  id: string,
  title: string,
  describe: string,
): Markup {
  const steps = Math.max(1, ...courses.map(({ shares }) => shares.cpu.length));
  const stepWidth = (WIDTH - LEFT - RIGHT) / steps;
  const bottom = courses.length * (COURSE_HEIGHT + GAP);
  const xOf = (at: number) => LEFT + (stepWidth * at) / stepSeconds;
  return html`<svg
    viewBox="0 0 ${WIDTH} ${bottom + BOTTOM}"
    role="img"
    aria-labelledby="${id}-t ${id}-d"
    class="bars"
  >
    <title id="${id}-t">${title}</title>
    <desc id="${id}-d">${describe}</desc>
    ${courses.map((course, i) => {
      const y = i * (COURSE_HEIGHT + GAP);
      const { label, note } = labels[course.side];
      return html`${barLabel(label, note, y + COURSE_HEIGHT / 2)}
        <g transform="translate(${LEFT} ${y})">${stateAreas(course, stepWidth)}</g>`;
    })}
    <g class="axis" aria-hidden="true">
      <path class="base" d="M${LEFT} ${bottom}H${WIDTH - RIGHT}" />
      ${timeAxis(steps * stepSeconds, xOf, bottom, RIGHT)}
    </g>
  </svg>`;
}

/** Steps as columns whose parts add up to the height; a state is one path. */
function stateAreas({ shares }: StateCourse, stepWidth: number): Content {
  const length = shares.cpu.length;
  const below = new Float64Array(length).fill(COURSE_HEIGHT);
  return STATES.map((state) => {
    let d = "";
    for (let i = 0; i < length; i++) {
      const height = shares[state][i]! * COURSE_HEIGHT;
      if (!(height > 0.05)) continue;
      const y = below[i]! - height;
      below[i] = y;
      d += `M${px(i * stepWidth)} ${px(y)}h${px(stepWidth + 0.2)}v${px(height)}h-${px(stepWidth + 0.2)}z`;
    }
    return d === "" ? null : html`<path class="state-${state}" d="${d}" />`;
  });
}
