/** What differs between SQL engines in the statements that all of them share. */
export interface SqlDialect {
  readonly types: {
    readonly double: string;
    readonly blob: string;
    /** Of `sample.weight`: three decimals suffice. */
    readonly weight: string;
  };
  /** Placeholder of the n-th bound parameter, from 1. */
  parameter(position: number): string;
  /** Milliseconds since 1970 as a timestamp without time zone, in UTC. */
  timestampOfMs(ms: string): string;
  /** The most exact sum of doubles that the engine has. */
  sum(expression: string): string;
  /**
   * Nearest-rank quantiles (observed values) as a list that is indexed from 1.
   *
   * @param fractions decimal literals
   */
  quantiles(expression: string, fractions: readonly string[]): string;
}

/** A text as an SQL literal. No engine keeps a NUL in a text, and some would end the statement there. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''").replaceAll("\0", "\uFFFD")}'`;
}

/** Whole numbers may stand in a statement as they are; anything else must be bound. */
export function integer(value: number): string {
  if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is not a whole number`);
  return String(value);
}

/** A finite number as a literal that reads back as the same double. */
export function decimal(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError(`${value} is not a finite number`);
  return `CAST(${value} AS DOUBLE PRECISION)`;
}

/** Escape character of `LIKE` patterns: not the backslash, which literals of some engines treat. */
const ESCAPE = "!";

/** A glob (`*` stands for any run of characters) as a LIKE pattern in lower case. */
export function likePattern(glob: string): string {
  return glob
    .toLowerCase()
    .replace(/[%_!]/g, (character) => ESCAPE + character)
    .replaceAll("*", "%");
}

/** Matches a column with a pattern made by `likePattern`, without regard to case. */
export function likeClause(column: string, pattern: string): string {
  return `lower(${column}) LIKE ${pattern} ESCAPE '${ESCAPE}'`;
}
