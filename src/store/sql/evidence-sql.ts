/** The query that computes a finding's numbers anew, from `sample` to one row per host and side. */
import type { Evidence, EvidenceSide, SeriesPattern } from "../../analysis/source.ts";
import { integer, likeClause, likePattern, literal } from "./dialect.ts";
import { formulaSql, numberSql } from "./formula-sql.ts";

export function evidenceSql(evidence: Evidence): string {
  const patterns = patternsOf(evidence);
  const values = evidence.sides
    .map((side) => valuesSql(side, patterns, evidence))
    .join("\nUNION ALL\n");
  return `WITH picked AS (\n${values}\n),\n${hostsSql(evidence)}
SELECT side, hostname, value FROM hosts
UNION ALL
SELECT side, '*', ${
    evidence.kind === "total" ? "sum(value)" : "sum(value * weight) / sum(weight)"
  } FROM hosts WHERE value IS NOT NULL GROUP BY side
ORDER BY side, hostname`;
}

function patternsOf(evidence: Evidence): readonly SeriesPattern[] {
  if (evidence.kind === "formula") return evidence.signals.map(({ pattern }) => pattern);
  return evidence.kind === "mean" ? [evidence.pattern] : evidence.patterns;
}

/** Values inside the stretch, with the bucket they fall into. */
function valuesSql(
  { side, run, originMs, from, to }: EvidenceSide,
  patterns: readonly SeriesPattern[],
  { bucketMs, kind }: Evidence,
): string {
  const position = `CAST(ceil((run.origin_ms + sample.offset_ms - ${numberSql(originMs)}) / ${numberSql(bucketMs)}) - 1 AS INTEGER)`;
  const inside = [
    `run.cluster = ${literal(run.cluster)}`,
    `run.run = ${literal(run.run)}`,
    ...(run.fromMs === undefined
      ? []
      : [`run.origin_ms + sample.offset_ms > ${integer(Math.floor(run.fromMs))}`]),
    ...(run.toMs === undefined
      ? []
      : [`run.origin_ms + sample.offset_ms <= ${integer(Math.floor(run.toMs))}`]),
    `(${patterns.map((pattern) => `(${matches(pattern).join(" AND ")})`).join("\n    OR ")})`,
    ...(kind === "formula" ? [`${position} >= ${from} AND ${position} < ${to}`] : []),
  ];
  return `  SELECT ${literal(side)} AS side, host.hostname, host.role, counter.object, counter.counter,
    series.instance, sample.series_id, sample.value, CAST(sample.weight AS DOUBLE PRECISION) AS weight,
    ${position} AS bucket
  FROM sample
  JOIN series ON series.series_id = sample.series_id
  JOIN counter ON counter.counter_id = series.counter_id
  JOIN host ON host.host_id = series.host_id
  JOIN run ON run.run_id = host.run_id
  WHERE ${inside.join("\n    AND ")}`;
}

function matches({ object, counter, instance }: SeriesPattern, of = ""): string[] {
  const part = (column: string, glob: string | undefined) => {
    if (glob === undefined || glob === "*") return [];
    return glob.includes("*")
      ? [likeClause(column, literal(likePattern(glob)))]
      : [`lower(${column}) = ${literal(glob.toLowerCase())}`];
  };
  const column = (table: string, name: string) => (of === "" ? `${table}.${name}` : name);
  return [
    ...part(column("counter", "object"), object),
    ...part(column("counter", "counter"), counter),
    ...part(column("series", "instance"), instance),
  ];
}

/** CTEs that end in `hosts`: side, hostname, value, weight. */
function hostsSql(evidence: Evidence): string {
  if (evidence.kind === "total") {
    const seconds = evidence.sides
      .map(({ side }) => `WHEN ${literal(side)} THEN ${numberSql(evidence.hostSeconds[side])}`)
      .join(" ");
    return `hosts AS (
  SELECT side, hostname, sum(value * weight) / (CASE side ${seconds} END) AS value, 1.0 AS weight
  FROM picked GROUP BY side, hostname
)`;
  }
  const weight = weightSql(evidence.sides);
  if (evidence.kind === "mean") {
    return `hosts AS (
  SELECT side, hostname, sum(value * weight) / sum(weight) AS value, ${weight} AS weight
  FROM picked WHERE ${weight} > 0 GROUP BY side, hostname, role
)`;
  }
  const columns = evidence.signals.map(({ id, pattern, across }) => {
    const own = [
      ...matches(pattern, "picked"),
      ...(across === undefined ? [] : ["instance <> '_Total'"]),
    ].join(" AND ");
    const chosen = (what: string) => `CASE WHEN ${own} THEN ${what} END`;
    const value =
      across === "weighted"
        ? `sum(${chosen("mean * weight")}) / sum(${chosen("weight")})`
        : `${across === "max" ? "max" : "sum"}(${chosen("mean")})`;
    return `    ${value} AS s_${id.toLowerCase()}`;
  });
  const formula = formulaSql(evidence.formula, {
    signal: (id) => `s_${id.toLowerCase()}`,
    host: (fact) => factSql(evidence.sides, fact),
  });
  const statistic = {
    mean: "avg(value)",
    max: "max(value)",
    p95: "percentile_disc(0.95) WITHIN GROUP (ORDER BY value)",
  }[evidence.statistic];
  return `means AS (
  SELECT side, hostname, role, object, counter, instance, series_id, bucket,
    sum(value * weight) / sum(weight) AS mean, sum(weight) AS weight
  FROM picked GROUP BY side, hostname, role, object, counter, instance, series_id, bucket
),
signals AS (
  SELECT side, hostname, role, bucket,
${columns.join(",\n")}
  FROM means GROUP BY side, hostname, role, bucket
),
measured AS (
  SELECT side, hostname, role, ${formula} AS value FROM signals
),
hosts AS (
  SELECT side, hostname, ${statistic} AS value, ${weight} AS weight
  FROM measured WHERE ${weight} > 0 GROUP BY side, hostname, role
)`;
}

function weightSql(sides: readonly EvidenceSide[]): string {
  const cases = sides.flatMap(({ side, weights }) =>
    Object.entries(weights).map(
      ([role, weight]) =>
        `WHEN side = ${literal(side)} AND role = ${literal(role)} THEN ${numberSql(weight)}`,
    ),
  );
  return `(CASE ${cases.join(" ")} ELSE 0.0 END)`;
}

/** One number where all hosts have the same. */
function factSql(sides: readonly EvidenceSide[], fact: "cpus" | "memoryBytes"): string {
  const known = sides.flatMap(({ side, facts }) =>
    Object.entries(facts[fact]).map(([host, value]) => ({ side, host, value })),
  );
  const values = [...new Set(known.map(({ value }) => value))];
  if (values.length === 1) return numberSql(values[0]!);
  const cases = known.map(
    ({ side, host, value }) =>
      `WHEN side = ${literal(side)} AND hostname = ${literal(host)} THEN ${numberSql(value)}`,
  );
  return `(CASE ${cases.join(" ")} END)`;
}
