/** What a counter means, as text for people. */
import type { Counter, CounterObject } from "../../counter/declaration.ts";

const BETTER = {
  lower: "lower is better",
  higher: "higher is better",
  neutral: "neither high nor low is better",
};

/** Path, help and facts of a counter, wrapped at `width`. */
export function explainCounter(object: CounterObject, counter: Counter, width: number): string {
  const instance = object.instances === "none" ? "" : "(*)";
  const { source } = counter;
  const facts: [string, string][] = [
    ["unit", counter.unit],
    ["type", counter.type],
    ["tells", `${counter.use} of ${counter.resource}; ${BETTER[counter.better]}`],
    ["source", `${source.file}: ${source.field}`],
  ];
  if (source.since) facts.push(["kernel", `${source.since} and newer`]);
  if (counter.equivalents?.length) facts.push(["same as", counter.equivalents.join(", ")]);
  if (counter.level === "advanced") facts.push(["level", "advanced"]);
  if (source.doc) facts.push(["see", source.doc]);
  return [
    `\\${object.name}${instance}\\${counter.name}`,
    ...wrap(counter.help, width - 4).map((line) => `    ${line}`),
    ...facts.flatMap(([name, text]) =>
      wrap(text, width - 14).map((line, i) => `    ${(i === 0 ? name : "").padEnd(9)} ${line}`),
    ),
  ].join("\n");
}

/** Up to the first full stop that ends a sentence. */
export function firstSentence(text: string): string {
  const end = /[.:;](\s|$)/.exec(text.replace(/e\.g\. |i\.e\. /g, (all) => "x".repeat(all.length)));
  return (end ? text.slice(0, end.index) : text).replace(/\s+/g, " ");
}

/** Breaks at blanks; words longer than a line stay whole. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  if (line !== "") lines.push(line);
  return lines;
}
