/** Views for people: names instead of numbers, timestamps instead of offsets. */
import type { SqlDialect } from "./dialect.ts";

export function viewStatements(dialect: SqlDialect): string[] {
  const time = (ms: string) => dialect.timestampOfMs(ms);
  const minuteStart = time("CAST(minute AS BIGINT) * 60000");
  const weight = `CAST(sample.weight AS ${dialect.types.double})`;
  return [
    `CREATE VIEW normalized AS
      SELECT host.hostname, ${time("run.origin_ms + sample.offset_ms")} AS utcdatetime,
        counter.object, counter.counter, series.instance, sample.value,
        ${weight} AS weight, counter.unit, series.parent,
        run.cluster, run.run, host.role, sample.series_id
      FROM sample
      JOIN series ON series.series_id = sample.series_id
      JOIN counter ON counter.counter_id = series.counter_id
      JOIN host ON host.host_id = series.host_id
      JOIN run ON run.run_id = host.run_id`,
    `CREATE VIEW dim_date AS
      SELECT minute, utcdatetime,
        CAST(utcdatetime AS DATE) AS utcdate,
        CAST(extract(year FROM utcdatetime) AS INTEGER) AS year,
        CAST(extract(quarter FROM utcdatetime) AS INTEGER) AS quarter,
        CAST(extract(month FROM utcdatetime) AS INTEGER) AS month,
        CAST(extract(day FROM utcdatetime) AS INTEGER) AS day,
        CAST(extract(isodow FROM utcdatetime) AS INTEGER) AS weekday,
        CAST(extract(hour FROM utcdatetime) AS INTEGER) AS hour,
        CAST(extract(minute FROM utcdatetime) AS INTEGER) AS minute_of_hour
      FROM (SELECT DISTINCT minute, ${minuteStart} AS utcdatetime FROM series_summary) minutes`,
    `CREATE VIEW dim_counter AS
      SELECT counter.counter_id, counter.object, counter.counter, counter.unit, counter.type,
        count(*) AS series
      FROM counter JOIN series ON series.counter_id = counter.counter_id
      GROUP BY counter.counter_id, counter.object, counter.counter, counter.unit, counter.type`,
    `CREATE VIEW dim_host AS
      SELECT host.host_id, run.cluster, run.run, host.hostname, host.role,
        count(DISTINCT recording.recording_id) AS recordings,
        min(recording.interval_ms) AS interval_ms,
        ${time("min(load.from_ms)")} AS utcfrom,
        ${time("max(load.to_ms)")} AS utcto,
        coalesce(sum(load.samples), 0) AS samples,
        (SELECT latest.inventory FROM recording latest WHERE latest.host_id = host.host_id
          ORDER BY latest.started_ms DESC LIMIT 1) AS inventory
      FROM host
      JOIN run ON run.run_id = host.run_id
      JOIN recording ON recording.host_id = host.host_id
      LEFT JOIN load ON load.recording_id = recording.recording_id
      GROUP BY host.host_id, run.cluster, run.run, host.hostname, host.role`,
  ];
}
