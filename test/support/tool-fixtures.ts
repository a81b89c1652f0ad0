/** What tools really printed, kept in src/toolout/fixtures, and parsers run over it. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Tool, ToolParser, ToolReport, ToolTable } from "../../src/toolout/tool-report.ts";
import { projectRoot } from "./source-files.ts";

const folder = join(projectRoot, "src/toolout/fixtures");

export function toolFixtureNames(tool: string): string[] {
  return readdirSync(join(folder, tool)).sort();
}

export function toolFixture(tool: string, name: string): string {
  return readFileSync(join(folder, tool, name), "utf8");
}

export interface ParsedText {
  readonly reports: readonly ToolReport[];
  readonly parser: ToolParser;
}

export function parseToolText(tool: Tool, text: string): ParsedText {
  const parser = tool.parser();
  const reports = text.split("\n").flatMap((line) => [...parser.push(line)]);
  return { reports: [...reports, ...parser.end()], parser };
}

/** Columns and cells of one row as an object. */
export function cellsOf(
  table: ToolTable | undefined,
  instance: string,
): Record<string, number | string | null> {
  const row = table?.rows.find((row) => row.instance === instance);
  return Object.fromEntries(table?.columns.map((title, i) => [title, row?.cells[i] ?? null]) ?? []);
}

/** The tables of this name, of all reports. */
export function tablesNamed(reports: readonly ToolReport[], name: string): ToolTable[] {
  return reports.flatMap(({ tables }) => tables.filter((table) => table.name === name));
}
