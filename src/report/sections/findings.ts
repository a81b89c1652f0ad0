/** All findings, ranked; a form filters them where scripts run. */
import type { Finding } from "../../analysis/comparison.ts";
import { shortNumber } from "../../analysis/number-text.ts";
import { html, type Content, type Markup } from "../html/markup.ts";
import { namesText, prose } from "../html/parts.ts";
import { compactNumber } from "../numbers.ts";

const SEVERITIES = ["critical", "warning", "info"] as const;

/** @param sideText `null` for one run: there is but one side */
export function findingSection(
  findings: readonly Finding[],
  sideText: ((side: Finding["cluster"]) => string) | null,
): Content {
  if (findings.length === 0) {
    return html`<p>
      No rule fired${sideText ? " and no counter differs by more than the margin" : ""}.
    </p>`;
  }
  const resources = [...new Set(findings.map(({ resource }) => resource))].sort();
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
      ${findings.map((finding) => item(finding, sideText))}
    </ol>`;
}

function item(finding: Finding, sideText: ((side: Finding["cluster"]) => string) | null): Markup {
  const { severity, resource, rule, cluster, hosts, counter, message, why, next, sql } = finding;
  return html`<li data-severity="${severity}" data-resource="${resource}">
    <div class="head">
      <span class="tag ${severity}">${severity}</span>
      <span>${resource}</span>
      ${sideText ? html`<span>${sideText(cluster)}</span>` : null}
      <code>${counter}</code>
    </div>
    <p class="message">${rule === "counter-difference" ? `${counterName(counter)}: ${prose(message)}` : prose(message)}</p>
    <details>
      <summary>Numbers, meaning, SQL</summary>
      <dl>
        ${sideText ? sideNumbers(finding) : ownNumber(finding)}
        <dt>Means</dt>
        <dd>${why}</dd>
        <dt>Check next</dt>
        <dd>${next}</dd>
        ${hosts.length > 0
          ? html`<dt>Hosts</dt>
              <dd>${namesText(hosts, 40)}</dd>`
          : null}
        <dt>Rule</dt>
        <dd><code>${rule}</code></dd>
        <dt>Shown by</dt>
        <dd><pre><code>${sql}</code></pre></dd>
      </dl>
    </details>
  </li>`;
}

function sideNumbers({ baseline, candidate, ratio, interval }: Finding): Content {
  return html`<dt>Baseline, candidate</dt>
    <dd>
      ${compactNumber(baseline)}, ${compactNumber(candidate)}${ratio === null
        ? ""
        : ` (${shortNumber(ratio)} times)`}
    </dd>
    ${interval
      ? html`<dt>Difference, 95 %</dt>
          <dd>${compactNumber(interval[0])} to ${compactNumber(interval[1])}</dd>`
      : null}`;
}

function ownNumber({ candidate }: Finding): Content {
  return html`<dt>Value</dt>
    <dd>${compactNumber(candidate)}</dd>`;
}

function counterName(path: string): string {
  return path.slice(path.lastIndexOf("\\") + 1);
}
