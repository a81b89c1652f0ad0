/** Counter paths of patterns and globs on names, as `Source` understands them. */
import { formatCounterPath, globMatcher } from "../counter/path.ts";
import type { SeriesKey, SeriesPattern } from "./source.ts";

/** `\\host\Object(instance)\Counter`, with `*` for all hosts or instances. */
export function patternPath(pattern: SeriesPattern, hosts: readonly string[] = []): string {
  const host = hosts.length === 1 ? hosts[0]! : "*";
  return formatCounterPath({ host, ...pattern });
}

export function patternMatcher(pattern: SeriesPattern): (series: SeriesKey) => boolean {
  const object = globMatcher(pattern.object);
  const counter = globMatcher(pattern.counter);
  const instance = globMatcher(pattern.instance ?? "*");
  return (series) => object(series.object) && counter(series.counter) && instance(series.instance);
}
