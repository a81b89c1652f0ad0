/** SQL for people: what shows them the values behind a finding. */
import type { RunSelector, SeriesPattern } from "../../analysis/source.ts";
import { likeClause, likePattern, literal, type SqlDialect } from "./dialect.ts";

export function explainSql(
  dialect: SqlDialect,
  selector: RunSelector,
  pattern: SeriesPattern,
): string {
  const at = (ms: number) => dialect.timestampOfMs(String(Math.floor(ms)));
  const conditions = [
    `cluster = ${literal(selector.cluster)}`,
    `run = ${literal(selector.run)}`,
    matches("object", pattern.object),
    matches("counter", pattern.counter),
    pattern.instance === undefined ? "" : matches("instance", pattern.instance),
    selector.fromMs === undefined ? "" : `utcdatetime > ${at(selector.fromMs)}`,
    selector.toMs === undefined ? "" : `utcdatetime <= ${at(selector.toMs)}`,
  ].filter((condition) => condition !== "");
  return (
    `SELECT hostname, utcdatetime, parent, instance, value, unit FROM normalized\n` +
    `WHERE ${conditions.join("\n  AND ")}\n` +
    `ORDER BY hostname, parent, instance, utcdatetime`
  );
}

function matches(column: string, glob: string): string {
  if (glob === "*") return "";
  if (!glob.includes("*")) return `lower(${column}) = ${literal(glob.toLowerCase())}`;
  return likeClause(column, literal(likePattern(glob)));
}
