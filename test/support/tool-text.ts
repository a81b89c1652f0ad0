/** Real output of tools, as lines, and what a parser makes of it. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Tool, ToolParser, ToolReport, ToolTable } from "../../src/toolout/tool-report.ts";
import { projectRoot } from "./source-files.ts";

const FOLDER = join(projectRoot, "src/toolout/fixtures");

export function toolFixtures(tool: string): string[] {
  return readdirSync(join(FOLDER, tool)).sort();
}

export function toolText(tool: string, file: string): string {
  return readFileSync(join(FOLDER, tool, file), "utf8");
}

export function toolLines(tool: string, file: string): string[] {
  const lines = toolText(tool, file).split("\n");
  if (lines[lines.length - 1] === "") lines.pop();
  return lines;
}

export interface Parsed {
  readonly parser: ToolParser;
  readonly reports: readonly ToolReport[];
}

export function parseLines(tool: Tool, lines: readonly string[]): Parsed {
  const parser = tool.parser();
  const reports = [...lines.flatMap((line) => parser.push(line)), ...parser.end()];
  return { parser, reports };
}

export function parseText(tool: Tool, text: string): Parsed {
  return parseLines(tool, text.split("\n"));
}

export function parseFixture(tool: Tool, file: string): Parsed {
  return parseLines(tool, toolLines(tool.id, file));
}

/** A row as an object by column title. */
export function rowOf(
  report: ToolReport | undefined,
  table: string,
  instance = "",
): Record<string, number | string | null> {
  const found: ToolTable | undefined = report?.tables.find(({ name }) => name === table);
  const row = found?.rows.find((candidate) => candidate.instance === instance);
  if (!found || !row) throw new Error(`no row "${instance}" in table "${table}"`);
  return Object.fromEntries(found.columns.map((title, i) => [title, row.cells[i]!]));
}

/** Columns and cells of one row as an object; empty where there is no such table. */
export function cellsOf(
  table: ToolTable | undefined,
  instance: string,
): Record<string, number | string | null> {
  const row = table?.rows.find((candidate) => candidate.instance === instance);
  return Object.fromEntries(table?.columns.map((title, i) => [title, row?.cells[i] ?? null]) ?? []);
}

/** The tables of this name, of all reports. */
export function tablesNamed(reports: readonly ToolReport[], name: string): ToolTable[] {
  return reports.flatMap(({ tables }) => tables.filter((table) => table.name === name));
}
