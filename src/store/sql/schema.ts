/** The star schema, in SQL that all engines share. `docs/schema.md` explains every column. */
import type { SqlDialect } from "./dialect.ts";
import { viewStatements } from "./views.ts";

/** Raised whenever tables change; a store of a higher version is refused. */
export const SCHEMA_VERSION = 1;

/** Its single row tells the schema's version, and that a database is one of ours. */
export const SCHEMA_TABLE = "perfmon_schema";

/**
 * Statements that make an empty database a store. Foreign keys hold among dimensions only; the fact
 * tables (`sample`, `series_summary`, `instant`, `event`) carry no constraint that loading would pay
 * for.
 */
export function schemaStatements(dialect: SqlDialect): string[] {
  const { double, blob, weight } = dialect.types;
  return [
    `CREATE TABLE ${SCHEMA_TABLE} (version INTEGER NOT NULL)`,
    `CREATE TABLE run (
      run_id INTEGER PRIMARY KEY,
      cluster TEXT NOT NULL,
      run TEXT NOT NULL,
      origin_ms BIGINT NOT NULL,
      UNIQUE (cluster, run))`,
    `CREATE TABLE host (
      host_id INTEGER PRIMARY KEY,
      run_id INTEGER NOT NULL REFERENCES run (run_id),
      hostname TEXT NOT NULL,
      role TEXT NOT NULL,
      UNIQUE (run_id, hostname))`,
    `CREATE TABLE recording (
      recording_id TEXT PRIMARY KEY,
      host_id INTEGER NOT NULL REFERENCES host (host_id),
      interval_ms ${double} NOT NULL,
      started_ms BIGINT NOT NULL,
      inventory TEXT NOT NULL,
      program TEXT,
      command_started_ms BIGINT,
      command_seconds ${double},
      exit_code INTEGER,
      signal TEXT)`,
    `CREATE TABLE counter (
      counter_id INTEGER PRIMARY KEY,
      object TEXT NOT NULL,
      counter TEXT NOT NULL,
      unit TEXT NOT NULL,
      type TEXT NOT NULL,
      UNIQUE (object, counter, unit, type))`,
    `CREATE TABLE series (
      series_id INTEGER PRIMARY KEY,
      host_id INTEGER NOT NULL REFERENCES host (host_id),
      counter_id INTEGER NOT NULL REFERENCES counter (counter_id),
      parent TEXT NOT NULL,
      instance TEXT NOT NULL,
      attributes TEXT NOT NULL)`,
    `CREATE TABLE load (
      recording_id TEXT NOT NULL REFERENCES recording (recording_id),
      segment INTEGER NOT NULL,
      first_block INTEGER NOT NULL,
      blocks INTEGER NOT NULL,
      samples INTEGER NOT NULL,
      value_count BIGINT NOT NULL,
      segment_bytes BIGINT NOT NULL,
      from_ms BIGINT NOT NULL,
      to_ms BIGINT NOT NULL,
      state TEXT NOT NULL,
      loaded_ms BIGINT NOT NULL)`,
    `CREATE TABLE sample (
      series_id INTEGER NOT NULL,
      offset_ms BIGINT NOT NULL,
      value ${double} NOT NULL,
      weight ${weight} NOT NULL)`,
    `CREATE TABLE series_summary (
      series_id INTEGER NOT NULL,
      minute INTEGER NOT NULL,
      value_count INTEGER NOT NULL,
      weight ${double} NOT NULL,
      mean ${double} NOT NULL,
      m2 ${double} NOT NULL,
      minimum ${double} NOT NULL,
      maximum ${double} NOT NULL,
      sketch ${blob} NOT NULL)`,
    `CREATE TABLE instant (host_id INTEGER NOT NULL, offset_ms BIGINT NOT NULL)`,
    `CREATE TABLE event (
      host_id INTEGER NOT NULL,
      recording_id TEXT NOT NULL,
      time_ms BIGINT NOT NULL,
      kind TEXT NOT NULL,
      text TEXT NOT NULL)`,
    ...viewStatements(dialect),
    `INSERT INTO ${SCHEMA_TABLE} VALUES (${SCHEMA_VERSION})`,
  ];
}
