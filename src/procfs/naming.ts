/** How numbers are named in the forms of text that /proc uses again and again. */
import type { LineNaming } from "../util/number-table.ts";

/** `Key:   123 kB`: the line's first number is the key's. */
export const keyedLines: LineNaming = (words) =>
  words.map((_, i) => (i === 1 ? words[0]!.replace(/:$/, "") : undefined));

/** `Tcp: InSegs OutSegs` above `Tcp: 12 34`: named `Tcp.InSegs`, `Tcp.OutSegs`. */
export const headedLines: LineNaming = (words, before) => {
  const prefix = words[0]?.replace(/:$/, "");
  const isBelowItsHeader = before[0] === words[0] && before.length === words.length;
  return words.map((_, i) => (isBelowItsHeader && i > 0 ? `${prefix}.${before[i]}` : undefined));
};

/** `TCP: inuse 1 orphan 0`: named `TCP.inuse`, `TCP.orphan`. */
export const pairLines: LineNaming = (words) => {
  const prefix = words[0]?.replace(/:$/, "");
  return words.map((_, i) => (i > 1 ? `${prefix}.${words[i - 1]}` : undefined));
};

/** A file that is one number: named as given. */
export function wholeFile(name: string): LineNaming {
  return (words) => words.map((_, i) => (i === 0 ? name : undefined));
}
