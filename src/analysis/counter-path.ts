/** Counter paths of patterns and globs on names, as `Source` understands them. */
import type { SeriesKey, SeriesPattern } from "./source.ts";

/** `\\host\Object(instance)\Counter`, with `*` for all hosts or instances. */
export function patternPath(pattern: SeriesPattern, hosts: readonly string[] = []): string {
  const host = hosts.length === 1 ? hosts[0]! : "*";
  const instance = pattern.instance === undefined ? "" : `(${pattern.instance})`;
  return `\\\\${host}\\${pattern.object}${instance}\\${pattern.counter}`;
}

/** Matches `*` globs without regard to case. */
export function globMatcher(glob: string): (text: string) => boolean {
  if (glob === "*") return () => true;
  const lower = glob.toLowerCase();
  if (!glob.includes("*")) return (text) => text === glob || text.toLowerCase() === lower;
  const escaped = glob
    .split("*")
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"))
    .join(".*");
  const expression = new RegExp(`^${escaped}$`, "is");
  return (text) => expression.test(text);
}

export function patternMatcher(pattern: SeriesPattern): (series: SeriesKey) => boolean {
  const object = globMatcher(pattern.object);
  const counter = globMatcher(pattern.counter);
  const instance = globMatcher(pattern.instance ?? "*");
  return (series) => object(series.object) && counter(series.counter) && instance(series.instance);
}
