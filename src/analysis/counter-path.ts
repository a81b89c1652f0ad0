/** Counter paths of patterns and globs on names, as `Source` understands them. */
import type { SeriesKey, SeriesPattern } from "./source.ts";

/** `\\host\Object(instance)\Counter`, with `*` for all hosts or instances. */
export function patternPath(pattern: SeriesPattern, hosts: readonly string[] = []): string {
  const host = hosts.length === 1 ? hosts[0]! : "*";
  const instance = pattern.instance === undefined ? "" : `(${pattern.instance})`;
  return `\\\\${host}\\${pattern.object}${instance}\\${pattern.counter}`;
}

/** Matches `*` globs without regard to case. */
export function globMatches(glob: string, text: string): boolean {
  if (!glob.includes("*")) return glob.toLowerCase() === text.toLowerCase();
  const escaped = glob
    .split("*")
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"))
    .join(".*");
  return new RegExp(`^${escaped}$`, "is").test(text);
}

export function patternMatches(pattern: SeriesPattern, series: SeriesKey): boolean {
  return (
    globMatches(pattern.object, series.object) &&
    globMatches(pattern.counter, series.counter) &&
    (pattern.instance === undefined || globMatches(pattern.instance, series.instance))
  );
}
