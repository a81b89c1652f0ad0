/** The formats of `perfmon export`: whatever files there are in `exports/`. */
import { readdirSync } from "node:fs";
import { UsageError } from "../util/errors.ts";
import type { ExportFormat } from "./export-format.ts";

const folder = new URL("./exports/", import.meta.url);

/** In alphabetical order. */
export function exportFormatNames(): string[] {
  return readdirSync(folder)
    .filter((name) => /\.[jt]s$/.test(name) && !/\.(test|d)\.ts$/.test(name))
    .map((name) => name.replace(/\.[jt]s$/, ""))
    .sort();
}

/** @throws UsageError when there is no such format */
export async function loadExportFormat(name: string): Promise<ExportFormat> {
  const names = exportFormatNames();
  if (!names.includes(name)) {
    throw new UsageError(`There is no format "${name}".`, `There are: ${names.join(", ")}.`);
  }
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  const module = (await import(new URL(`${name}.${extension}`, folder).href)) as {
    format?: ExportFormat;
  };
  if (module.format?.name !== name) {
    throw new Error(`src/formats/exports/${name}.ts must export a \`format\` named "${name}"`);
  }
  return module.format;
}
