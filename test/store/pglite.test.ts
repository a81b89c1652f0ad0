import { cpSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, vi } from "vitest";
import { openStore } from "../../src/store/open.ts";
import { temporaryFolder } from "../support/synthetic-log.ts";
import { storeConformance } from "./conformance.ts";

// A PostgreSQL in WebAssembly takes its time.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

/** An empty store to copy: making the database anew for every test would take minutes. */
const template = join(temporaryFolder(), "template");

beforeAll(async () => {
  const store = await openStore(`pglite:${template}`, { mode: "write" });
  await store.close();
});

storeConformance({
  name: "PGlite",
  freshUrl: () => {
    const folder = join(temporaryFolder(), "store");
    cpSync(template, folder, { recursive: true });
    return `pglite:${folder}`;
  },
  absentUrl: () => `pglite:${join(temporaryFolder(), "store")}`,
});
