/** docs/tools: every column of top, pidstat, iotop, sar and sadf is explained, with the counter that carries it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { projectRoot } from "../../../test/support/source-files.ts";
import { parseText, toolText, toolFixtures } from "../../../test/support/tool-text.ts";
import { collectors } from "../../collectors/all.ts";
import { iotop } from "../../toolout/iotop.ts";
import { pidstat } from "../../toolout/pidstat.ts";
import { sar } from "../../toolout/sar.ts";
import type { Tool } from "../../toolout/tool-report.ts";
import { top } from "../../toolout/top.ts";
import { iotopMapping } from "./iotop.ts";
import type { ToolMapping } from "./mapping.ts";
import { pidstatMapping } from "./pidstat.ts";
import { SADF_JSON_TABLES } from "./sadf.ts";
import { sarMapping } from "./sar.ts";
import { topMapping } from "./top.ts";

const pairs: readonly (readonly [Tool, ToolMapping])[] = [
  [top, topMapping],
  [pidstat, pidstatMapping],
  [iotop, iotopMapping],
  [sar, sarMapping],
];

interface Explained {
  readonly table: string;
  readonly title: string;
  readonly unit: string;
  readonly carriedBy: string;
  readonly meaning: string;
}

const page = (tool: string): string =>
  readFileSync(join(projectRoot, `docs/tools/${tool}.md`), "utf8");

/** Rows below "## Table `cpu`", one per title. */
function explained(tool: string): Explained[] {
  let table = "";
  return page(tool)
    .split("\n")
    .flatMap((line) => {
      if (line.startsWith("## ")) table = /^## Table `([^`]+)`/.exec(line)?.[1] ?? "";
      const cells = line.split("|").map((cell) => cell.trim());
      if (table === "" || !cells[1]?.startsWith("`")) return [];
      const [, titles, unit, carriedBy, meaning] = cells;
      return [...titles.matchAll(/`([^`]+)`/g)].map(([, title]) => ({
        table,
        title: title!,
        unit: unit!,
        carriedBy: carriedBy!.replace(/^`|`$/g, ""),
        meaning: meaning!,
      }));
    });
}

const instanced = new Set(
  collectors.filter(({ object }) => object.instances !== "none").map(({ object }) => object.name),
);

describe.each(pairs.map(([tool, mapping]) => [tool.id, tool, mapping] as const))(
  "docs/tools/%s.md",
  (id, tool, mapping) => {
    const rows = explained(id);

    it("explains each column once, with its unit, in a sentence", () => {
      expect(rows.length).toBeGreaterThan(10);
      for (const { table, title, unit, meaning } of rows) {
        expect([table, title, unit]).not.toContain("");
        expect(meaning, `${table} ${title}`).toMatch(/^.{15,}\.$/);
      }
      const names = rows.map(({ table, title }) => `${table} ${title}`);
      expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
    });

    it("explains all that is mapped and all that the tool was seen to print", () => {
      const wanted = new Set<string>();
      for (const { table, columns, attributes = [] } of mapping.tables) {
        for (const title of [...Object.keys(columns), ...attributes])
          wanted.add(`${table} ${title}`);
      }
      for (const name of toolFixtures(id)) {
        for (const { tables } of parseText(tool, toolText(id, name)).reports) {
          for (const { name: table, columns } of tables)
            for (const title of columns) wanted.add(`${table} ${title}`);
        }
      }
      const known = new Set(rows.map(({ table, title }) => `${table} ${title}`));
      expect([...wanted].filter((name) => !known.has(name))).toEqual([]);
    });

    it("names the counter that the mapping has, with its instances", () => {
      for (const { table, title, carriedBy } of rows) {
        const of = mapping.tables.filter((one) => one.table === table);
        const target = of.map(({ columns }) => columns[title]).find((found) => found !== undefined);
        if (of.some(({ attributes }) => attributes?.includes(title))) {
          expect([table, title, carriedBy]).toEqual([table, title, "attribute"]);
        } else if (target) {
          expect(carriedBy.replace(/\([^()]*\)\\/, "\\")).toBe(
            `${target.object}\\${target.counter}`,
          );
          expect([carriedBy, /\([^()]+\)\\/.test(carriedBy)]).toEqual([
            carriedBy,
            instanced.has(target.object),
          ]);
        } else {
          expect(["Imported", `Imported\\${id} ${title}`], `${table} ${title}`).toContain(
            carriedBy,
          );
        }
      }
    });

    it("names the counters that follow from several columns", () => {
      const lines = page(id)
        .split("\n")
        .filter((line) => line.startsWith("- "));
      for (const { derived = [] } of mapping.tables) {
        for (const { object, counter } of derived) {
          const path = `${object}${instanced.has(object) ? "(*)" : ""}\\${counter}`;
          const twin = path.replace(/^Virtual /, "");
          expect(
            lines.some((line) => line.includes(`\`${path}\``) || line.includes(`\`${twin}\``)),
            path,
          ).toBe(true);
        }
      }
    });

    it("has nothing in it that no table has", () => {
      const tables = new Set(mapping.tables.map(({ table }) => table));
      const printed = new Set(
        toolFixtures(id).flatMap((name) =>
          parseText(tool, toolText(id, name)).reports.flatMap((report) =>
            report.tables.map(({ name }) => name),
          ),
        ),
      );
      // What this machine and its kernel do not have.
      const absent =
        /^(memory-changes|cpu-weighted-frequency|fan|temperature|voltage|usb|battery|fibre-channel|disk)$/;
      const unknown = new Set(
        rows.map(({ table }) => table).filter((t) => !tables.has(t) && !printed.has(t)),
      );
      expect([...unknown].filter((table) => !absent.test(table))).toEqual([]);
    });
  },
);

describe("sadf -j", () => {
  it("has each of its tables and other names in the page of sar", () => {
    const listed = [...page("sar").matchAll(/^\| `([^`]+)`\s*\| `([^`]+)`\s*\|(.*)\|$/gm)].map(
      ([, name, table, renamed]) => [
        name,
        {
          table,
          renamed: Object.fromEntries(
            [...renamed!.matchAll(/`([^`]+)`: `([^`]+)`/g)].map((m) => [m[1], m[2]]),
          ),
        },
      ],
    );
    const expected = Object.entries(SADF_JSON_TABLES).map(([name, { table, renamed = {} }]) => [
      name,
      { table, renamed },
    ]);
    expect(listed).toEqual(expected);
  });
});
