/** A store whose answers are kept: many comparisons of the same two runs ask it the same. */
import type { Source } from "../../src/analysis/source.ts";

export function rememberingSource(source: Source): Source {
  const answers = new Map<string, Promise<unknown>>();
  const once = <T>(question: unknown[], ask: () => Promise<T>): Promise<T> => {
    const key = JSON.stringify(question);
    const known = answers.get(key) ?? ask();
    answers.set(key, known);
    return known as Promise<T>;
  };
  return {
    describeRun: (run) => once(["run", run], () => source.describeRun(run)),
    coverage: (run) => once(["coverage", run], () => source.coverage(run)),
    means: (run, patterns) => once(["means", run, patterns], () => source.means(run, patterns)),
    statistics: (run, patterns) =>
      once(["statistics", run, patterns], () => source.statistics(run, patterns)),
    buckets: (run, patterns, originMs, bucketMs) =>
      once(["buckets", run, patterns, originMs, bucketMs], () =>
        source.buckets(run, patterns, originMs, bucketMs),
      ),
    explainSql: (run, pattern) => source.explainSql(run, pattern),
    evidenceSql: (evidence) => source.evidenceSql(evidence),
  };
}
