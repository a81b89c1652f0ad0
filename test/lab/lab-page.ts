/** Keeps what the lab has found in `docs/lab.md`: scenarios and tables between marks. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../support/source-files.ts";
import type { ResultRow } from "./results.ts";
import type { Scenario } from "./scenario.ts";
import { confusionTable, reliabilityTable } from "./tables.ts";

export const LAB_PAGE = join(projectRoot, "docs", "lab.md");

export function writeLabPage(
  rows: readonly ResultRow[],
  scenarios: ReadonlyMap<string, Scenario>,
): void {
  writeFileSync(LAB_PAGE, labPage(readFileSync(LAB_PAGE, "utf8"), rows, scenarios));
}

export function labPage(
  page: string,
  rows: readonly ResultRow[],
  scenarios: ReadonlyMap<string, Scenario>,
): string {
  const list = [...scenarios].map(([name, { plants }]) => `- \`${name}\`: ${plants}`).join("\n");
  const parts: readonly (readonly [string, string])[] = [
    ["scenarios", list],
    ["confusion", confusionTable(rows, scenarios)],
    ["reliability", reliabilityTable(rows)],
  ];
  return parts.reduce((text, [mark, content]) => {
    const [open, close] = [`<!-- ${mark} -->`, `<!-- /${mark} -->`];
    const [before = "", rest] = text.split(open);
    const after = rest?.split(close)[1];
    if (after === undefined) throw new Error(`docs/lab.md lacks ${open} ... ${close}`);
    return `${before}${open}\n\n${content}\n\n${close}${after}`;
  }, page);
}
