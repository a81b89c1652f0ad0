/** A counter's course on both sides: medians with the band of the middle half, and single hosts. */
import type { CounterCourse, SideCourse } from "../../analysis/courses/course.ts";
import { html, type Content, type Markup } from "../html/markup.ts";
import { px, timeText, timeTicks, unitText, valueTicks } from "./scale.ts";

const WIDTH = 560;
const HEIGHT = 210;
const LEFT = 62;
const RIGHT = 14;
const TOP = 10;
const BOTTOM = 26;

/**
 * @param id unique in the page; of title and description
 * @param title says what it shows; read out
 * @param describe the same in a sentence with numbers, for those who do not see it
 */
export function lineChart(
  { sides, unit }: CounterCourse,
  stepSeconds: number,
  id: string,
  title: string,
  describe: string,
): Markup {
  const steps = Math.max(1, ...sides.map(({ median }) => median.length));
  const seconds = steps * stepSeconds;
  let most = 0;
  for (const { high, median, outliers } of sides) {
    for (const column of [high, median, ...outliers.map(({ values }) => values)]) {
      for (const value of column) if (value > most) most = value;
    }
  }
  // Percentages of a whole end at the whole.
  const ticks = valueTicks(unit === "%" && most > 40 && most <= 100 ? 100 : most);
  const x = (step: number) =>
    LEFT + ((WIDTH - LEFT - RIGHT) * (step + 0.5) * stepSeconds) / seconds;
  const xOf = (at: number) => LEFT + ((WIDTH - LEFT - RIGHT) * at) / seconds;
  const y = (value: number) =>
    HEIGHT - BOTTOM - ((HEIGHT - TOP - BOTTOM) * Math.min(value, ticks.top)) / ticks.top;
  return html`<svg
    viewBox="0 0 ${WIDTH} ${HEIGHT}"
    role="img"
    aria-labelledby="${id}-t ${id}-d"
    class="chart"
  >
    <title id="${id}-t">${title}</title>
    <desc id="${id}-d">${describe}</desc>
    <g class="grid">
      ${ticks.at.map((value) => html`<path d="M${LEFT} ${px(y(value))}H${WIDTH - RIGHT}" />`)}
    </g>
    <g class="axis" aria-hidden="true">
      ${ticks.at.map(
        (value) =>
          html`<text x="${LEFT - 6}" y="${px(y(value) + 4)}" text-anchor="end">
            ${unitText(value, unit)}
          </text>`,
      )}
      ${timeAxis(seconds, xOf, HEIGHT - BOTTOM, RIGHT)}
    </g>
    ${sides.map((side) => band(side, x, y))} ${sides.map((side) => hostLines(side, x, y))}
    ${sides.map((side) => html`<path class="median ${side.side}" d="${path(side.median, x, y)}" />`)}
  </svg>`;
}

/** Labels of a time axis from 0; the last stays inside of the picture. */
export function timeAxis(
  seconds: number,
  xOf: (seconds: number) => number,
  bottom: number,
  room: number,
): Content {
  const right = xOf(seconds) + room;
  return timeTicks(seconds).map((at) => {
    const anchor = xOf(at) + 24 > right ? "end" : "middle";
    return html`<text
      x="${px(anchor === "end" ? right : xOf(at))}"
      y="${bottom + 18}"
      text-anchor="${anchor}"
      >${timeText(at)}</text
    >`;
  });
}

function band(
  side: SideCourse,
  x: (step: number) => number,
  y: (value: number) => number,
): Content {
  if (side.hosts < 2) return null;
  const areas = stretches(side.median).map(({ from, to }) => {
    const forth: string[] = [];
    const back: string[] = [];
    for (let i = from; i < to; i++) {
      forth.push(`${px(x(i))} ${px(y(side.high[i]!))}`);
      back.push(`${px(x(i))} ${px(y(side.low[i]!))}`);
    }
    return `M${[...forth, ...back.reverse()].join("L")}Z`;
  });
  return html`<path class="band ${side.side}" d="${areas.join("")}" />`;
}

function hostLines(
  side: SideCourse,
  x: (step: number) => number,
  y: (value: number) => number,
): Content {
  return side.outliers.map(
    ({ host, values }) =>
      html`<path class="host ${side.side}" d="${path(values, x, y)}"><title>${host}</title></path>`,
  );
}

/** A single value between gaps is a short dash, else it would not show. */
function path(
  values: Float64Array,
  x: (step: number) => number,
  y: (value: number) => number,
): string {
  return stretches(values)
    .map(({ from, to }) => {
      if (to - from === 1) return `M${px(x(from) - 2)} ${px(y(values[from]!))}h4`;
      const points: string[] = [];
      for (let i = from; i < to; i++) points.push(`${px(x(i))} ${px(y(values[i]!))}`);
      return `M${points.join("L")}`;
    })
    .join("");
}

function stretches(values: Float64Array): { from: number; to: number }[] {
  const result: { from: number; to: number }[] = [];
  let from = -1;
  for (let i = 0; i <= values.length; i++) {
    const known = i < values.length && values[i] === values[i];
    if (known && from < 0) from = i;
    if (!known && from >= 0) {
      result.push({ from, to: i });
      from = -1;
    }
  }
  return result;
}
