/**
 * What every store must do. Each engine's test file calls `storeConformance` with ways to name places
 * for stores.
 */
import { loadingConformance } from "./conformance-loading.ts";
import { questionsConformance } from "./conformance-questions.ts";
import { sqlConformance } from "./conformance-sql.ts";
import { steadyConformance } from "./conformance-steady.ts";
import { windowsConformance } from "./conformance-windows.ts";
import type { StoreUnderTest } from "./conformance-support.ts";

export function storeConformance(store: StoreUnderTest): void {
  loadingConformance(store);
  questionsConformance(store);
  steadyConformance(store);
  windowsConformance(store);
  sqlConformance(store);
}
