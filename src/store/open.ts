/** Opens a store by its URL. Each engine is loaded only when it is asked for. */
import { UsageError } from "../util/errors.ts";
import type { Store } from "./store.ts";

export interface OpenOptions {
  /** `write` makes the store where there is none; `read` never changes anything. */
  readonly mode: "read" | "write";
  /** How long to wait for another process to let go of the store; 5 s when left out. */
  readonly lockWaitMs?: number;
}

/** The file a store is in when nothing else is said, in the current folder. */
export const DEFAULT_STORE = "perfmon.duckdb";

interface Engine {
  readonly form: string;
  readonly open: (place: string, options: OpenOptions) => Promise<Store>;
}

/** By URL scheme; a text without one is the path of a DuckDB file. */
const ENGINES: Readonly<Record<string, Engine>> = {
  duckdb: {
    form: "a DuckDB file: PATH or duckdb:PATH",
    open: async (path, options) =>
      (await import("./duckdb/open-duckdb.ts")).openDuckdb(path, options),
  },
  pglite: {
    form: "a folder of an embedded PostgreSQL: pglite:FOLDER (needs the npm package @electric-sql/pglite)",
    open: async (path, options) =>
      (await import("./pglite/open-pglite.ts")).openPglite(path, options),
  },
};

/**
 * @param url `perfmon.duckdb`, `duckdb:runs/today.duckdb`, `pglite:folder`
 * @throws UsageError for a scheme that no engine has
 * @throws UserError when the store cannot be opened
 */
export async function openStore(url: string, options: OpenOptions): Promise<Store> {
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(url)?.[1]?.toLowerCase();
  if (scheme === undefined) return ENGINES["duckdb"]!.open(url, options);
  const engine = Object.hasOwn(ENGINES, scheme) ? ENGINES[scheme] : undefined;
  if (!engine) {
    const forms = Object.values(ENGINES).map(({ form }) => form);
    // The rest of the URL may hold a password.
    throw new UsageError(
      `There is no store of the kind ${scheme}:.`,
      `A store is ${forms.join(", or ")}.`,
    );
  }
  const place = url.slice(scheme.length + 1).replace(/^\/\/(?=.)/, "");
  if (place === "") throw new UsageError(`${url} names no place.`, `A store is ${engine.form}.`);
  return engine.open(place, options);
}
