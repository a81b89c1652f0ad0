/** What differs between the machines and their settings, the most relevant first. */
import type { InventoryDifference } from "../../analysis/comparison.ts";
import { html, type Content } from "../html/markup.ts";
import { table } from "../html/parts.ts";

export function inventorySection(differences: readonly InventoryDifference[]): Content {
  if (differences.length === 0) {
    return html`<p>No difference in hardware, kernel or settings is known.</p>`;
  }
  const notable = differences.filter(({ relevance }) => relevance !== "low");
  const low = differences.filter(({ relevance }) => relevance === "low");
  const rows = (some: readonly InventoryDifference[]) =>
    some.map(({ key, baseline, candidate, relevance }) => [
      html`<code>${key}</code>`,
      baseline ?? "-",
      candidate ?? "-",
      html`<span class="tag ${relevance}">${relevance}</span>`,
    ]);
  const columns = [
    { title: "Key", name: true },
    { title: html`<span class="key-baseline">baseline</span>`, name: true },
    { title: html`<span class="key-candidate">candidate</span>`, name: true },
    { title: "Relevance" },
  ] as const;
  return html`${
    notable.length > 0
      ? table({
          label: "Inventory differences",
          caption: "Relevant to the losing resource first. A dash: the side has no such key.",
          columns,
          rows: rows(notable),
        })
      : html`<p>What differs is of low relevance.</p>`
  }
  ${
    low.length > 0
      ? html`<details>
          <summary>${low.length} of low relevance</summary>
          ${table({
            label: "Inventory differences of low relevance",
            caption: "Differences of low relevance.",
            columns,
            rows: rows(low),
          })}
        </details>`
      : null
  }`;
}
