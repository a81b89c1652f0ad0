/** Small parts that the sections of reports share. */
import type { RunSummary } from "../../analysis/comparison.ts";
import { RESOURCE_LABELS, STATES } from "../../analysis/resources.ts";
import { html, type Content, type Markup } from "./markup.ts";

export interface TableColumn {
  readonly title: Content;
  /** To the right, with digits of one width. */
  readonly number?: true;
  /** Long text that may break anywhere. */
  readonly name?: true;
}

export interface TableOptions {
  readonly caption: Content;
  readonly columns: readonly TableColumn[];
  /** The first cell of a row is its heading. */
  readonly rows: readonly (readonly Content[])[];
  /** Above the columns: `[title, columns]`. */
  readonly groups?: readonly (readonly [title: Content, columns: number])[];
  readonly total?: readonly Content[];
  /** Read out for the frame that scrolls sideways. */
  readonly label: string;
}

export function table({ caption, columns, rows, groups, total, label }: TableOptions): Markup {
  const cells = (row: readonly Content[]) =>
    row.map((cell, c) => {
      const { number, name } = columns[c] ?? {};
      const kind = number ? "n" : name ? "name" : "";
      return c === 0
        ? html`<th scope="row" class="${kind}">${cell}</th>`
        : html`<td class="${kind}">${cell}</td>`;
    });
  return html`<div class="table" role="region" aria-label="${label}" tabindex="0">
    <table>
      <caption>
        ${caption}
      </caption>
      <thead>
        ${
          groups
            ? html`<tr>
                ${groups.map(([title, span]) =>
                  title === ""
                    ? html`<td colspan="${span}"></td>`
                    : html`<th scope="colgroup" colspan="${span}">${title}</th>`,
                )}
              </tr>`
            : null
        }
        <tr>
          ${columns.map(
            ({ title, number }) => html`<th scope="col" class="${number ? "n" : ""}">${title}</th>`,
          )}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${cells(row)}
            </tr>`,
        )}
      </tbody>
      ${
        total
          ? html`<tfoot>
              <tr>
                ${cells(total)}
              </tr>
            </tfoot>`
          : null
      }
    </table>
  </div>`;
}

/** A frame that scrolls sideways where a picture is wider than the page; keys scroll it, too. */
export function picture(svg: Markup, label: string): Markup {
  return html`<div class="scroll" role="region" aria-label="${label}" tabindex="0">${svg}</div>`;
}

/** Sentences in which a number and its unit stay on one line. */
export function prose(text: string): string {
  return text.replace(/(\d) (%|s|ms|min|h|CPUs|[kMGT]?B(?:\/s)?)(?![\w/])/g, "$1\u00a0$2");
}

export function runName({ cluster, run }: Pick<RunSummary, "cluster" | "run">): string {
  return `${cluster}/${run}`;
}

export function percentText(value: number | null, digits = 1): string {
  return value === null ? "-" : value.toFixed(digits);
}

/** `2026-11-23 10:00:12` */
export function instant(iso: string | null): Content {
  if (iso === null) return "-";
  return html`<time datetime="${iso}">${iso.slice(0, 19).replace("T", " ")}</time>`;
}

/** The first names, and how many more there are. */
export function namesText(names: readonly string[], most = 8): string {
  const more = names.length - most;
  return names.slice(0, most).join(", ") + (more > 0 ? ` and ${more} more` : "");
}

/** What the colors of states stand for. */
export function stateLegend(shown: (state: (typeof STATES)[number]) => boolean): Markup {
  return html`<ul class="legend">
    ${STATES.filter(shown).map(
      (state) =>
        html`<li>
          <svg class="box" viewBox="0 0 10 10" aria-hidden="true">
            <rect class="state-${state}" width="10" height="10" /></svg
          >${RESOURCE_LABELS[state]}
        </li>`,
    )}
  </ul>`;
}
