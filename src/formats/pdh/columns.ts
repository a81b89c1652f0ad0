/** Columns of a PDH text log: one counter path each, none twice. */
import { formatCounterPath, parseCounterPath, type CounterPath } from "../../counter/path.ts";
import { UserError } from "../../util/errors.ts";

export interface ColumnName {
  readonly host: string;
  readonly object: string;
  readonly counter: string;
  readonly parent?: string;
  readonly instance: string;
}

/**
 * Full paths. Instances of one name (a process id that was used again, names that differ only in
 * characters that a path reserves) are told apart as Windows does: the second is `name#1`.
 */
export function columnPaths(columns: readonly ColumnName[]): string[] {
  const taken = new Set<string>();
  return columns.map((column) => {
    const { instance, index: first } = splitIndex(column.instance);
    for (let index = first; ; index++) {
      // An object without instances has no place for an index.
      const name = instance === "" && index > 0 ? "_" : instance;
      const path = formatCounterPath({ ...column, instance: name, index });
      if (taken.has(path.toLowerCase())) continue;
      taken.add(path.toLowerCase());
      return path;
    }
  });
}

/** An instance that was loaded from a log keeps its index in its name: `chrome#2`. */
function splitIndex(instance: string): { instance: string; index: number } {
  const match = /^(.+)#([1-9]\d{0,6})$/.exec(instance);
  return match ? { instance: match[1]!, index: Number(match[2]) } : { instance, index: 0 };
}

/** The name in a column's head, with an empty host where it has none; `undefined` for what is no path (a column of comments). */
export function parseColumn(text: string): ColumnName | undefined {
  let path: CounterPath;
  try {
    path = parseCounterPath(text.trim());
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
  const { host = "", object, counter, parent, instance = "", index } = path;
  return {
    host,
    object,
    counter,
    ...(parent === undefined ? undefined : { parent }),
    instance: index ? `${instance}#${index}` : instance,
  };
}
