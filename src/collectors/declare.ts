/** Short ways to write down counters of objects whose counters have much in common. */
import type { Counter, FieldSum, Resource } from "../counter/declaration.ts";

export interface CommonParts {
  readonly file: string;
  readonly doc: string;
  readonly resource: Resource;
  /** First kernel that has these files. */
  readonly since?: string;
}

/** What a counter adds to, or says otherwise than, the common parts. */
export type CounterParts = Partial<Omit<Counter, "name" | "help" | "value" | "source">> & {
  /** The field in the file's own words, where it is not the field's id. */
  readonly field?: string;
  readonly file?: string;
  /** First kernel that has it, where that is not the first one that has the file. */
  readonly since?: string;
};

/** Declares a counter; a rate of events per second unless it says otherwise. */
export type Declare = (
  name: string,
  value: string | FieldSum,
  help: string,
  parts?: CounterParts,
) => Counter;

export function declareFor(common: CommonParts): Declare {
  return (name, value, help, { field, file, since = common.since, ...parts } = {}) => {
    const sum = typeof value === "string" ? [value] : value;
    return {
      name,
      help,
      value: sum,
      unit: "count/s",
      type: "rate",
      resource: common.resource,
      use: "throughput",
      better: "neutral",
      source: {
        file: file ?? common.file,
        field: field ?? sumText(sum),
        doc: common.doc,
        ...(since === undefined ? {} : { since }),
      },
      ...parts,
    };
  };
}

/** `["a", "-b"]` as `a - b`. */
function sumText(sum: FieldSum): string {
  return sum
    .map((term, i) =>
      i === 0 ? term : term.startsWith("-") ? ` - ${term.slice(1)}` : ` + ${term}`,
    )
    .join("");
}

/** For gauges in KiB (meminfo): shown in bytes. */
export const KIB_GAUGE = { type: "gauge", unit: "bytes", scale: 1024, defaultScale: -6 } as const;

/** For gauges that count things. */
export const COUNT_GAUGE = { type: "gauge", unit: "count" } as const;
