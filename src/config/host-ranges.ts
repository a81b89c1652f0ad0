/** Lists and ranges of hosts, as pdsh, Ansible and Slurm write them. */
import { UsageError } from "../util/errors.ts";

const MOST_HOSTS = 100_000;

/** What stands for a host in folders and recordings. */
const HOST_NAME = /^[A-Za-z0-9][A-Za-z0-9._:-]*$/;

/**
 * `worker[01-40,45].example.com,edge`: commas and blanks between, ranges in brackets, leading zeros kept.
 *
 * @throws UsageError
 */
export function expandHosts(text: string): string[] {
  const hosts = splitOutside(text).flatMap(expandOne);
  for (const host of hosts) {
    if (HOST_NAME.test(host)) continue;
    throw new UsageError(
      `"${host}" cannot be the name of a host.`,
      "Letters, digits and . _ : - are allowed; user and port have keys of their own.",
    );
  }
  return hosts;
}

function expandOne(pattern: string): string[] {
  const open = pattern.indexOf("[");
  if (open < 0) return [pattern];
  const close = pattern.indexOf("]", open);
  if (close < 0) throw new UsageError(`"${pattern}" lacks a ].`);
  const rest = expandOne(pattern.slice(close + 1));
  const middles = pattern
    .slice(open + 1, close)
    .split(",")
    .flatMap(numbersOf);
  if (middles.length * rest.length > MOST_HOSTS) {
    throw new UsageError(`"${pattern}" is more than ${MOST_HOSTS} hosts.`);
  }
  const head = pattern.slice(0, open);
  return middles.flatMap((middle) => rest.map((tail) => `${head}${middle}${tail}`));
}

function numbersOf(text: string): string[] {
  const match = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(text.trim());
  if (!match) throw new UsageError(`"[${text}]" is no range: write [1-9], [01-40] or [1-3,7].`);
  const [, first = "", last = first] = match;
  const [from, to] = [Number(first), Number(last)];
  if (to < from) throw new UsageError(`"[${text}]" is no range: its end is before its start.`);
  if (to - from >= MOST_HOSTS)
    throw new UsageError(`"[${text}]" is more than ${MOST_HOSTS} hosts.`);
  return Array.from({ length: to - from + 1 }, (_, i) =>
    String(from + i).padStart(first.length, "0"),
  );
}

function splitOutside(text: string): string[] {
  const parts: string[] = [];
  let part = "";
  let depth = 0;
  for (const character of text) {
    if (character === "[") depth++;
    if (character === "]") depth--;
    if (depth === 0 && /[\s,]/.test(character)) {
      parts.push(part);
      part = "";
    } else part += character;
  }
  return [...parts, part].filter((one) => one !== "");
}
