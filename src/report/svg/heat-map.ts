/**
 * Hosts by time, both sides on one scale. A row is one stroke per shade, and neighbors of one shade
 * are one dash, so that 200 hosts take some 100 kB; shades are classes, so that they follow the theme.
 */
import type { HeatMap, HeatMapRow } from "../../analysis/courses/course.ts";
import { html, type Content, type Markup } from "../html/markup.ts";
import { timeAxis } from "./line-chart.ts";
import { px, shortName, unitText, valueTicks } from "./scale.ts";

export const SHADES = 9;

const WIDTH = 1120;
const LEFT = 170;
const RIGHT = 16;
const HEADING = 26;
const BOTTOM = 28;
/** Of a name; more rows than fit have names for some only. */
const LEAST_LABEL_HEIGHT = 13;

/** The top of the scale: all of a percentage, else a round number above what is there. */
export function heatTop({ rows, unit }: HeatMap): number {
  let most = 0;
  for (const { values } of rows) for (const value of values) if (value > most) most = value;
  if (unit === "%" && most > 40 && most <= 100) return 100;
  return valueTicks(most).top;
}

/** 0 for nothing, up to SHADES − 1; −1 where there is no value. */
export function shadeOf(value: number, top: number): number {
  if (value !== value) return -1;
  return Math.min(SHADES - 1, Math.max(0, Math.floor((SHADES * value) / top)));
}

/** @param labels what the sides are called */
export function heatMapChart(
  map: HeatMap,
  stepSeconds: number,
  id: string,
  title: string,
  describe: string,
  labels: Readonly<Record<HeatMapRow["side"], string>>,
): Markup {
  const top = heatTop(map);
  const steps = Math.max(1, ...map.rows.map(({ values }) => values.length));
  const rowHeight = map.rows.length <= 12 ? 22 : map.rows.length <= 40 ? 15 : 6;
  const sides = (["baseline", "candidate"] as const).flatMap((side) => {
    const rows = map.rows.filter((row) => row.side === side);
    return rows.length > 0 ? [{ side, rows }] : [];
  });
  const stepWidth = (WIDTH - LEFT - RIGHT) / steps;
  const groups: Content[] = [];
  let y = 0;
  for (const { side, rows } of sides) {
    y += HEADING;
    groups.push(
      html`<text class="heat-side" x="0" y="${y - 8}">${labels[side]}</text>`,
      rowGroup(rows, top, y, rowHeight, stepWidth, map.unit),
    );
    y += rows.length * rowHeight;
  }
  const seconds = steps * stepSeconds;
  const xOf = (at: number) => LEFT + ((WIDTH - LEFT - RIGHT) * at) / seconds;
  return html`<svg
    viewBox="0 0 ${WIDTH} ${y + BOTTOM}"
    role="img"
    aria-labelledby="${id}-t ${id}-d"
    class="heat"
  >
    <title id="${id}-t">${title}</title>
    <desc id="${id}-d">${describe}</desc>
    ${groups}
    <g class="axis" aria-hidden="true">${timeAxis(seconds, xOf, y + 2, RIGHT)}</g>
  </svg>`;
}

function rowGroup(
  rows: readonly HeatMapRow[],
  top: number,
  y: number,
  rowHeight: number,
  stepWidth: number,
  unit: HeatMap["unit"],
): Content {
  const every = Math.ceil(LEAST_LABEL_HEIGHT / rowHeight);
  const length = Math.max(...rows.map(({ values }) => values.length));
  return html`<g class="axis">
      ${rows.map((row, i) =>
        i % every === 0
          ? html`<text x="${LEFT - 8}" y="${px(y + (i + 0.5) * rowHeight + 4)}" text-anchor="end"
              >${shortName(row.host)}</text
            >`
          : null,
      )}
    </g>
    <g transform="translate(${LEFT} ${y}) scale(${px4(stepWidth)} ${rowHeight})">
      <rect class="no-value" width="${length}" height="${rows.length}" />
      ${shadePaths(rows, top)}
    </g>
    <g class="hit">
      ${rows.map(
        (row, i) =>
          html`<rect
            x="${LEFT}"
            y="${px(y + i * rowHeight)}"
            width="${px(row.values.length * stepWidth)}"
            height="${rowHeight}"
            ><title>
              ${row.host}: mean ${unitText(row.mean, unit)}, highest ${unitText(row.highest, unit)}
            </title></rect
          >`,
      )}
    </g>`;
}

function shadePaths(rows: readonly HeatMapRow[], top: number): Content {
  const paths: string[] = Array.from({ length: SHADES }, () => "");
  rows.forEach(({ values }, row) => {
    let from = 0;
    while (from < values.length) {
      const shade = shadeOf(values[from]!, top);
      let to = from + 1;
      while (to < values.length && shadeOf(values[to]!, top) === shade) to++;
      if (shade >= 0) paths[shade] += `M${from} ${row}.5h${to - from}`;
      from = to;
    }
  });
  return paths.map((d, shade) => (d === "" ? null : html`<path class="q${shade}" d="${d}" />`));
}

/** The scale as a row of shades with its ends, beside the chart. */
export function heatLegend(map: HeatMap): Markup {
  const top = heatTop(map);
  return html`<svg viewBox="0 0 ${SHADES * 22} 12" class="heat-legend" aria-hidden="true">
      ${Array.from(
        { length: SHADES },
        (_, shade) =>
          html`<rect class="q${shade}-fill" x="${shade * 22}" width="22" height="12" />`,
      )}</svg
    ><span class="heat-ends">0 to ${unitText(top, map.unit)}</span>`;
}

function px4(value: number): string {
  return String(Math.round(value * 10000) / 10000);
}
