/** A report on one run as one HTML page that needs nothing else. */
import { NO_COURSES, type Courses } from "../analysis/courses/course.ts";
import type { RunReport } from "../analysis/run/run-report.ts";
import { html } from "./html/markup.ts";
import { renderPage } from "./html/page.ts";
import { runName } from "./html/parts.ts";
import { compactNumber } from "./numbers.ts";
import { chartSection } from "./sections/charts.ts";
import { findingSection } from "./sections/findings.ts";
import { heatSection } from "./sections/hosts.ts";
import { noteSection } from "./sections/notes.ts";
import {
  deviceSection,
  factSection,
  overviewSection,
  processSection,
  runHeader,
  runHeadline,
  runTimeSection,
} from "./sections/run.ts";

export function renderRunHtml(report: RunReport, courses: Courses = NO_COURSES): string {
  const labels = { baseline: "", candidate: runName(report.run) };
  const items = report.findings.map((finding) => ({
    ...finding,
    about: "",
    numbers: [["Value", compactNumber(finding.value)] as const],
  }));
  return renderPage({
    title: runHeadline(report),
    header: runHeader(report),
    sections: [
      { id: "resources", heading: "Resources", body: overviewSection(report) },
      { id: "findings", heading: "Findings", body: findingSection(items, "No rule fired.") },
      { id: "time", heading: "Where the time went", body: runTimeSection(report, courses) },
      { id: "charts", heading: "The counters that matter", body: chartSection(courses, labels) },
      { id: "hosts", heading: "Hosts over time", body: heatSection(courses, labels) },
      { id: "processes", heading: "Processes", body: processSection(report) },
      { id: "devices", heading: "Disks and interfaces", body: deviceSection(report) },
      {
        id: "inventory",
        heading: "Inventory",
        body: factSection(report.inventory, report.run.hosts.length),
      },
      {
        id: "notes",
        heading: "Notes",
        body: noteSection(report.notes, "Nothing to keep in mind."),
      },
    ],
    footer: html`Made by Linux Perfmon (<code>perfmon report --html</code>). This file needs no
      network and asks for none.`,
  });
}
