/** All findings, ranked; a form filters them where scripts run. */
import type { Finding } from "../../analysis/comparison.ts";
import { shortNumber } from "../../analysis/number-text.ts";
import { html, type Content, type Markup } from "../html/markup.ts";
import { namesText, prose } from "../html/parts.ts";
import { compactNumber } from "../numbers.ts";

const MOST_HOSTS = 40;
const SEVERITIES = ["critical", "warning", "info"] as const;

/** A finding of a comparison, or of one run. */
export interface FindingItem extends Pick<
  Finding,
  "rule" | "resource" | "severity" | "hosts" | "counter" | "message" | "why" | "next" | "sql"
> {
  /** The side it is about; empty for one run. */
  readonly about: string;
  /** Terms and what they are. */
  readonly numbers: readonly (readonly [term: string, text: string])[];
}

export function comparedItems(findings: readonly Finding[]): FindingItem[] {
  return findings.map((finding) => {
    const { cluster, baseline, candidate, ratio, interval } = finding;
    const times = ratio === null ? "" : ` (${shortNumber(ratio)} times)`;
    return {
      ...finding,
      about: cluster === "both" ? "baseline and candidate" : cluster,
      numbers: [
        ["Baseline, candidate", `${compactNumber(baseline)}, ${compactNumber(candidate)}${times}`],
        ...(interval
          ? [
              [
                "Difference, 95 %",
                `${compactNumber(interval[0])} to ${compactNumber(interval[1])}`,
              ] as const,
            ]
          : []),
      ],
    };
  });
}

/** @param none what to say when there is nothing */
export function findingSection(items: readonly FindingItem[], none: string): Content {
  if (items.length === 0) return html`<p>${none}</p>`;
  const resources = [...new Set(items.map(({ resource }) => resource))].sort();
  return html`<form class="filter" data-list="finding-list" hidden>
      <label
        >Text
        <input type="search" name="text" autocomplete="off" />
      </label>
      <label
        >Severity
        <select name="severity">
          <option value="">all</option>
          ${SEVERITIES.map((severity) => html`<option>${severity}</option>`)}
        </select>
      </label>
      <label
        >Resource
        <select name="resource">
          <option value="">all</option>
          ${resources.map((resource) => html`<option>${resource}</option>`)}
        </select>
      </label>
      <button type="reset">Show all</button>
      <output></output>
    </form>
    <ol class="findings" id="finding-list">
      ${items.map(itemMarkup)}
    </ol>`;
}

function itemMarkup(item: FindingItem): Markup {
  const { severity, resource, rule, about, hosts, counter, message, numbers, why, next, sql } =
    item;
  const says = rule === "counter-difference" ? `${counterName(counter)}: ${message}` : message;
  return html`<li data-severity="${severity}" data-resource="${resource}">
    <div class="head">
      <span class="tag ${severity}">${severity}</span>
      <span>${resource}</span>
      ${about === "" ? null : html`<span>${about}</span>`}
      <code>${counter}</code>
    </div>
    <p class="message">${prose(says)}</p>
    <details>
      <summary>Numbers, meaning, SQL</summary>
      <dl>
        ${[
          ...numbers,
          ["Means", why] as const,
          ["Check next", next] as const,
          ...(hosts.length > 0 ? [["Hosts", namesText(hosts, MOST_HOSTS)] as const] : []),
        ].map(
          ([term, text]) =>
            html`<dt>${term}</dt>
              <dd>${text}</dd>`,
        )}
        <dt>Rule</dt>
        <dd><code>${rule}</code></dd>
        <dt>Shown by</dt>
        <dd>
          <pre><code>${sql}</code></pre>
        </dd>
      </dl>
    </details>
  </li>`;
}

function counterName(path: string): string {
  return path.slice(path.lastIndexOf("\\") + 1);
}
