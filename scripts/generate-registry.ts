/**
 * Writes `src/collectors/all.ts` from the folder's files, so that adding a collector is adding a
 * file: every module there that says `export const NAME: Collector =` is in it.
 *
 *     npx tsx scripts/generate-registry.ts
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { collectorRegistry } from "./collector-registry.ts";

const folder = fileURLToPath(new URL("../src/collectors", import.meta.url));
writeFileSync(join(folder, "all.ts"), collectorRegistry(folder));
