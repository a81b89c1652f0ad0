/** Which store a command works on: `--db`, else `PERFMON_DB`, else a file in this folder. */
import { DEFAULT_STORE } from "../store/open.ts";
import type { CliContext } from "./context.ts";

export const DB_FLAG = "-d, --db <store>";
export const DB_HELP = `store: a DuckDB file or a URL (default: $PERFMON_DB, else ${DEFAULT_STORE})`;

export function storeUrl(option: string | undefined, { env }: CliContext): string {
  const fromEnvironment = env["PERFMON_DB"];
  return option ?? (fromEnvironment ? fromEnvironment : DEFAULT_STORE);
}
