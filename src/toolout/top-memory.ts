/** The two lines of top about memory and swap, in KiB whatever unit they were printed in. */
import type { SummaryRow } from "./top-summary.ts";
import { parseNumber } from "./text/number.ts";

const KIB: Readonly<Record<string, number>> = {
  b: 1 / 1024,
  k: 1,
  m: 1024,
  g: 1024 ** 2,
  t: 1024 ** 3,
  p: 1024 ** 4,
  e: 1024 ** 5,
};

interface Printed {
  readonly digits: string;
  readonly suffix: string;
  readonly label: string;
}

const MEMORY_GRAPH = ["% used", "total"];
const COLUMNS = {
  memory: {
    old: ["total", "used", "free", "buffers"],
    recent: ["total", "free", "used", "buff/cache"],
  },
  swap: {
    old: ["total", "used", "free", "cached"],
    recent: ["total", "free", "used", "avail Mem"],
  },
} as const;

/**
 * `MiB Mem :  24105.6 total,  21818.3 free, ...`, `KiB Mem:  8061404 total,  7860520 used, ...`, `Mem:   8061404k total, ...`, and
 * the same of swap; wide screens have both in one line.
 *
 * @param swapIsDue whether the report has its line of memory already: the words for both are translated
 */
export function parseMemory(line: string, swapIsDue: boolean): SummaryRow[] | undefined {
  const rows: SummaryRow[] = [];
  for (const part of line
    .trim()
    .slice(0, 1000)
    .split(/\s{2,}(?=[KMGTPE]iB\s)/)) {
    const row = memoryRow(part, swapIsDue || rows.length > 0);
    if (!row) return undefined;
    rows.push(row);
  }
  return rows;
}

function memoryRow(text: string, swapIsDue: boolean): SummaryRow | undefined {
  const match = /^(?:([KMGTPE])iB\s+)?([^\d:]{1,20}?)\s*:\s*(\d.*)$/.exec(text);
  if (!match || (match[1] === undefined && !/^(Mem|Swap)$/.test(match[2]!))) return undefined;
  const table = swapIsDue || match[2] === "Swap" ? "swap" : "memory";
  const unit = match[1]?.toLowerCase() ?? "";
  const graph = /^([\d.,]+)\/([\d.,]+)\+?\s*\[/.exec(match[3]!);
  if (graph) {
    const total = parseNumber(graph[2]!);
    const kib = total === undefined ? null : total * KIB[unit || "k"]!;
    const cells = [parseNumber(graph[1]!) ?? null, kib];
    return { table: `${table}-graph`, instance: "", columns: MEMORY_GRAPH, cells };
  }
  const printed = amounts(match[3]!);
  if (printed.length !== 4) return undefined;
  const columns = COLUMNS[table][usedComesFirst(printed) ? "old" : "recent"];
  const ambiguous = printed.map(({ digits, suffix }) => possible(digits, suffix, unit));
  return { table, instance: "", columns, cells: settled(ambiguous, table === "memory") };
}

/** Numbers, each with what is written behind it. */
function amounts(text: string): Printed[] {
  return [...text.matchAll(/(\d+(?:[.,]\d*)?)(\+|[a-z](?=\s))?([^\d]*)/gi)].map((match) => ({
    digits: match[1]!,
    suffix: match[2]?.toLowerCase() ?? "",
    label: match[3]!.trim().replace(/[.,]$/, ""),
  }));
}

const USED = /^(used|util|utilizat|anv|u\u017cyte|\u0432\u0438\u043a\u043e)/i;

/** Versions before 3.3.10. */
function usedComesFirst(printed: readonly Printed[]): boolean {
  return USED.test(printed[1]!.label);
}

/**
 * The values in KiB that a printed number can stand for. One with a plus sign was cut to eight digits: where its decimal point is
 * still there that costs a fraction, else one digit or more are lost.
 */
function possible(digits: string, suffix: string, unit: string): number[] {
  const number = parseNumber(digits.replace(/[.,]$/, ""));
  const scale = KIB[suffix === "+" || suffix === "" ? unit || "k" : suffix];
  if (number === undefined || scale === undefined) return [];
  if (suffix !== "+" || /[.,]/.test(digits)) return [number * scale];
  return [10 * number * scale, 100 * number * scale];
}

/** The one set of values whose parts do not exceed the total and, in a line of memory, add up to it; null for what stays open. */
function settled(possible: readonly (readonly number[])[], addUp: boolean): (number | null)[] {
  const sets = combinations(possible).filter(([total, ...parts]) => {
    const [a, b, c] = parts;
    if (a! + b! > 1.001 * total!) return false;
    // Old ones count buffers (and the cache, in the line below) as used; newer ones used apart from both.
    return !addUp || a! + b! > 0.999 * total! || near(a! + b! + c!, total!);
  });
  return possible.map((options, at) => {
    if (options.length < 2) return options[0] ?? null;
    const left = new Set(sets.map((set) => set[at]!));
    return left.size === 1 ? [...left][0]! : null;
  });
}

function near(a: number, b: number): boolean {
  // Used is total less available since procps 4: then the parts are more than the total by what cannot be reclaimed.
  return a > 0.97 * b && a < 1.15 * b;
}

function combinations(possible: readonly (readonly number[])[]): number[][] {
  return possible.reduce<number[][]>(
    (sets, options) => sets.flatMap((set) => options.map((option) => [...set, option])),
    [[]],
  );
}
