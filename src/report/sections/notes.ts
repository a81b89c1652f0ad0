/** What to keep in mind, and how the answer comes about. */
import type { ComparabilityNote } from "../../analysis/comparison.ts";
import { html, type Content } from "../html/markup.ts";

export function noteSection(notes: readonly ComparabilityNote[], none: string): Content {
  if (notes.length === 0) return html`<p>${none}</p>`;
  const rank = { error: 0, warning: 1, info: 2 };
  const sorted = [...notes].sort((a, b) => rank[a.severity] - rank[b.severity]);
  return html`<ul class="notes">
    ${sorted.map(
      ({ severity, message }) =>
        html`<li><span class="tag ${severity}">${severity}</span> ${message}</li>`,
    )}
  </ul>`;
}

export function comparisonMethod(): Content {
  return html`<p>
      The unit of evidence is the host, not the second: seconds of one host resemble each other.
      Signals are fetched per host in buckets of time; every bucket is divided among what limited
      the host (<em>CPU, memory, disk, network, virtualization</em>), and what is left is
      <em>waiting</em> while work was under way, else <em>idle</em>. Wall time is shared among the
      hosts active at that instant, so a straggler that others wait for keeps its weight.
    </p>
    <p>
      The bottleneck is the resource that has most of the extra seconds and is waited for more on
      the slower side; memory comes before the disk that it pages on, the hypervisor before the CPU
      that it takes. Differences of counters must exceed the margin, hosts must agree in direction,
      and the interval must exclude zero: with fewer than six hosts a side by resampling blocks of
      time within these hosts, else over hosts, with the false discovery rate controlled.
      <em>No difference</em> is a claim of its own, <em>inconclusive</em> an answer.
    </p>
    <p>
      Confidence is a number from 0 to 1 made of the number of hosts, the length of the shorter run,
      the notes above, the size of the difference, and how much of it the bottleneck explains.
      Formulas and limits are in docs/analysis.md of Linux Perfmon. The same data give the same
      page.
    </p>`;
}
