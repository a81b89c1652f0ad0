/** A comparison as one HTML page that needs nothing else: no network, no other file. */
import type { Comparison } from "../analysis/comparison.ts";
import { NO_COURSES, type Courses } from "../analysis/courses/course.ts";
import { headline } from "./headline.ts";
import { html } from "./html/markup.ts";
import { renderPage } from "./html/page.ts";
import { runName } from "./html/parts.ts";
import { chartSection } from "./sections/charts.ts";
import { comparedItems, findingSection } from "./sections/findings.ts";
import { heatSection, stragglerSection } from "./sections/hosts.ts";
import { inventorySection } from "./sections/inventory.ts";
import { comparisonMethod, noteSection } from "./sections/notes.ts";
import { phaseSection } from "./sections/phases.ts";
import { resourceSection } from "./sections/resources.ts";
import { timeSection } from "./sections/time.ts";
import { verdictHeader } from "./sections/verdict.ts";

/** @param courses what the pictures show; without them the page has tables only */
export function renderHtml(comparison: Comparison, courses: Courses = NO_COURSES): string {
  const { baseline, candidate, findings, comparability, inventory } = comparison;
  const { phases } = comparison;
  // Two windows of one run have one name.
  const same = runName(baseline) === runName(candidate);
  const labels = {
    baseline: same ? "baseline" : `${runName(baseline)} (baseline)`,
    candidate: same ? "candidate" : `${runName(candidate)} (candidate)`,
  };
  return renderPage({
    title: headline(comparison),
    header: verdictHeader(comparison),
    sections: [
      { id: "time", heading: "Where the time went", body: timeSection(comparison, courses) },
      ...(phases.length > 0
        ? [{ id: "phases", heading: "Phases", body: phaseSection(phases) }]
        : []),
      { id: "resources", heading: "Resources", body: resourceSection(comparison) },
      { id: "charts", heading: "The counters that matter", body: chartSection(courses, labels) },
      { id: "hosts", heading: "Hosts over time", body: heatSection(courses, labels) },
      {
        id: "stragglers",
        heading: "Stragglers",
        body: stragglerSection(comparison, labels),
      },
      { id: "inventory", heading: "Inventory differences", body: inventorySection(inventory) },
      {
        id: "findings",
        heading: "Findings",
        body: findingSection(
          comparedItems(findings),
          "No rule fired, and no counter differs by more than the margin.",
        ),
      },
      {
        id: "comparability",
        heading: "Comparability",
        body: noteSection(comparability, "Nothing stands against comparing these runs."),
      },
      { id: "method", heading: "Method", body: comparisonMethod() },
    ],
    footer: html`Made by Linux Perfmon (<code>perfmon compare --html</code>). This file needs no
      network and asks for none.`,
  });
}
