/** Scenarios are found by listing the folder. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { projectRoot } from "../support/source-files.ts";
import type { Scenario } from "./scenario.ts";

const FOLDER = join(projectRoot, "test", "lab", "scenarios");

/** In alphabetical order, by the names of their files. */
export async function allScenarios(): Promise<ReadonlyMap<string, Scenario>> {
  const names = readdirSync(FOLDER)
    .filter((file) => file.endsWith(".ts"))
    .map((file) => file.slice(0, -3))
    .sort();
  const loaded = names.map(async (name) => {
    const { scenario } = (await import(pathToFileURL(join(FOLDER, `${name}.ts`)).href)) as {
      scenario: Scenario;
    };
    return [name, scenario] as const;
  });
  return new Map(await Promise.all(loaded));
}
