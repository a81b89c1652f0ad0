/** The answer on top of the page of a comparison. */
import type { Comparison, Finding, RunSummary } from "../../analysis/comparison.ts";
import { secondsText, shortNumber } from "../../analysis/number-text.ts";
import { headline } from "../headline.ts";
import { html, type Markup } from "../html/markup.ts";
import { instant, namesText, prose, runName, table } from "../html/parts.ts";

const OUTCOMES = {
  difference: "There is a difference",
  "no-difference": "There is no difference",
  inconclusive: "Inconclusive",
} as const;

const BOTTLENECKS: Readonly<Record<Comparison["verdict"]["bottleneck"], string>> = {
  cpu: "CPU",
  memory: "Memory",
  disk: "Disk",
  network: "Network",
  virtualization: "Virtualization",
  none: "None",
  inconclusive: "Not known",
};

const MOST_NEXT = 3;

export function verdictHeader(comparison: Comparison): Markup {
  const { verdict, baseline, candidate } = comparison;
  return html`<p class="kicker">Verdict of Linux Perfmon: ${OUTCOMES[verdict.outcome]}</p>
    <h1>${headline(comparison)}</h1>
    <p class="lead">${prose(verdict.summary)}</p>
    <dl class="tiles">
      <div>
        <dt>${durationKnown(comparison) ? "Duration" : "Recorded"}</dt>
        <dd>
          ${secondsText(baseline.durationSeconds)} &rarr; ${secondsText(candidate.durationSeconds)}
          <small>baseline &rarr; candidate${ratioText(baseline, candidate)}</small>
        </dd>
      </div>
      <div>
        <dt>Bottleneck</dt>
        <dd>${BOTTLENECKS[verdict.bottleneck]} <small>${whereText(comparison)}</small></dd>
      </div>
      <div>
        <dt>Scope</dt>
        <dd>${scopeText(comparison)}</dd>
      </div>
      <div>
        <dt>Confidence</dt>
        <dd>
          ${verdict.confidence.toFixed(2)} of 1
          <meter min="0" max="1" value="${verdict.confidence.toFixed(2)}" aria-label="Confidence">
            ${verdict.confidence.toFixed(2)} of 1
          </meter>
        </dd>
      </div>
    </dl>
    ${nextSteps(comparison)} ${runTable(comparison)}`;
}

function ratioText(baseline: RunSummary, candidate: RunSummary): string {
  const ratio = candidate.durationSeconds / baseline.durationSeconds;
  const text = shortNumber(ratio);
  return Number.isFinite(ratio) && ratio > 0 && text !== "1" ? `, ${text} times` : "";
}

function durationKnown({ comparability }: Comparison): boolean {
  return !comparability.some(({ code }) => code === "duration-unknown");
}

function whereText({ verdict, limits }: Comparison): string {
  if (verdict.cluster === "baseline" || verdict.cluster === "candidate") {
    return `in the ${verdict.cluster}`;
  }
  if (limits.baseline === limits.candidate && limits.baseline !== "unknown") {
    return limits.baseline === "none"
      ? "neither run has a limiting resource"
      : `both runs are limited by ${limits.baseline}`;
  }
  return "";
}

function scopeText({ verdict, baseline, candidate }: Comparison): Markup {
  if (verdict.scope === "hosts") {
    const side = verdict.cluster === "baseline" ? baseline : candidate;
    return html`${verdict.hosts.length} of ${side.hosts.length} hosts
      <small>${namesText(verdict.hosts, 4)}</small>`;
  }
  return verdict.scope === "cluster" ? html`The whole cluster` : html`&ndash;`;
}

/** What to check: of the bottleneck's findings first, each advice once. */
function nextSteps({ findings, verdict }: Comparison): Markup | null {
  if (verdict.outcome === "no-difference") return null;
  const explaining = findings.filter(({ rule }) => rule !== "counter-difference");
  const ofBottleneck = explaining.filter(({ resource }) => resource === verdict.bottleneck);
  const chosen = ofBottleneck.length > 0 ? ofBottleneck : explaining;
  const steps = [...new Set(chosen.map(({ next }: Finding) => next))].slice(0, MOST_NEXT);
  if (steps.length === 0) return null;
  return html`<div class="next">
    <h3>Check next</h3>
    <ul>
      ${steps.map((step) => html`<li>${step}</li>`)}
    </ul>
  </div>`;
}

function runTable({ baseline, candidate }: Comparison): Markup {
  const row = (side: "baseline" | "candidate", run: RunSummary) => [
    html`<span class="key-${side}">${side}</span>`,
    runName(run),
    html`${run.hosts.length} ${hostNames(run)}`,
    instant(run.from),
    instant(run.to),
    secondsText(run.durationSeconds),
  ];
  return table({
    label: "The runs",
    caption: "The two runs. The duration is that of the work where it is known.",
    columns: [
      { title: "Side" },
      { title: "Cluster/run", name: true },
      { title: "Hosts" },
      { title: "From (UTC)" },
      { title: "To (UTC)" },
      { title: "Duration", number: true },
    ],
    rows: [row("baseline", baseline), row("candidate", candidate)],
  });
}

function hostNames({ hosts }: RunSummary): Markup {
  return hosts.length <= 4
    ? html`<span class="dim">${hosts.join(", ")}</span>`
    : html`<details>
        <summary>names</summary>
        ${hosts.join(", ")}
      </details>`;
}
