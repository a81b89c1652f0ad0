/**
 * PDH-CSV 4.0 and PDH-TSV 4.0, the text logs of Windows Performance Monitor, as its own programs
 * write them: every cell quoted, a time zone and a counter path per column in the first line, times in
 * US order to the millisecond, a blank where there is no value.
 */
export type PdhFormat = "csv" | "tsv";

export const PDH_DELIMITER: Readonly<Record<PdhFormat, "," | "\t">> = { csv: ",", tsv: "\t" };

/** A zone in which a whole file is written: one offset, also when the local clock is set in between. */
export interface PdhZone {
  readonly name: string;
  /** UTC minus local time, minutes. */
  readonly biasMinutes: number;
}

/** This process's local zone, with the offset that is in force at an instant. */
export function localZone(timeMs: number): PdhZone {
  return {
    name: Intl.DateTimeFormat().resolvedOptions().timeZone,
    // Plus zero, for minus zero.
    biasMinutes: new Date(timeMs).getTimezoneOffset() + 0,
  };
}

/** The first line, without its end. @param paths full counter paths, one per column */
export function pdhHeader(format: PdhFormat, zone: PdhZone, paths: readonly string[]): string {
  const first = `(PDH-${format.toUpperCase()} 4.0) (${zone.name})(${zone.biasMinutes})`;
  return [first, ...paths].map(quoted).join(PDH_DELIMITER[format]);
}

/** A line of values, without its end; NaN and `undefined` are no value. */
export function pdhRow(
  format: PdhFormat,
  timeMs: number,
  zone: PdhZone,
  values: ArrayLike<number | undefined>,
): string {
  const delimiter = PDH_DELIMITER[format];
  let line = `"${pdhTime(timeMs, zone)}"`;
  for (let i = 0; i < values.length; i++) line += `${delimiter}"${pdhNumber(values[i])}"`;
  return line;
}

/** `11/23/2026 14:05:09.123` in the zone. */
export function pdhTime(timeMs: number, { biasMinutes }: PdhZone): string {
  const [date = "", time = ""] = new Date(Math.round(timeMs) - biasMinutes * 60_000)
    .toISOString()
    .slice(0, -1)
    .split("T");
  const [year, month, day] = date.split("-");
  return `${month}/${day}/${year} ${time}`;
}

/** All digits that the number has; exponents of three digits, as Windows writes them. */
export function pdhNumber(value: number | undefined): string {
  if (value === undefined || !Number.isFinite(value)) return " ";
  const text = String(value);
  const exponent = text.indexOf("e");
  if (exponent < 0) return text;
  const sign = text[exponent + 1]!;
  return `${text.slice(0, exponent)}e${sign}${text.slice(exponent + 2).padStart(3, "0")}`;
}

function quoted(cell: string): string {
  return `"${cell.replaceAll('"', '""')}"`;
}

export interface PdhFirstCell {
  readonly format: PdhFormat;
  readonly zone: string | undefined;
  /** Absent where the cell has none, or was cut off. */
  readonly biasMinutes: number | undefined;
}

/** Reads the first cell of a log; `undefined` when it is none. Zones may be cut off or missing. */
export function parseFirstCell(cell: string): PdhFirstCell | undefined {
  const match = /^\s*\(PDH-(CSV|TSV) 4\.0\)\s*(.*)$/is.exec(cell);
  if (!match) return undefined;
  const rest = match[2]!.trim();
  const bias = /\((-?\d{1,4})\)$/.exec(rest);
  const zone = rest
    .slice(0, bias?.index ?? rest.length)
    .replace(/^\(/, "")
    .replace(/\)$/, "")
    .trim();
  return {
    format: match[1]!.toLowerCase() as PdhFormat,
    zone: zone === "" ? undefined : zone,
    biasMinutes: bias ? Number(bias[1]) : undefined,
  };
}

/** Milliseconds since 1970 as if the time were UTC; `undefined` when it is no time. */
export function parsePdhTime(cell: string): number | undefined {
  const match =
    /^\s*(\d{1,2})\/(\d{1,2})\/(\d{4}) (\d{1,2}):(\d{2}):(\d{2})(?:[.,](\d{1,3})\d*)?\s*$/.exec(
      cell,
    );
  if (!match) return undefined;
  const [month, day, year, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60) {
    return undefined;
  }
  const milliseconds = Number((match[7] ?? "0").padEnd(3, "0"));
  return Date.UTC(year, month - 1, day, hour, minute, second, milliseconds);
}

/** NaN for a blank, and for whatever else is no finite number (`-1.#IND`). */
export function parsePdhNumber(cell: string): number {
  const text = cell.trim();
  if (text === "") return NaN;
  const value = Number(text);
  if (value === value) return value;
  // Rewritten by a spreadsheet of a country where the decimal point is a comma.
  return /^-?\d+,\d+(e[+-]?\d+)?$/i.test(text) ? Number(text.replace(",", ".")) : NaN;
}
