/**
 * What a format for `perfmon export` is. Each has a file in `exports/` that exports one as `format`;
 * that is all that adding one takes.
 */
export interface ExportColumn {
  readonly host: string;
  readonly object: string;
  readonly counter: string;
  readonly parent: string;
  readonly instance: string;
  readonly unit: string;
  readonly type: string;
}

/** What one file is to hold: values of one host, a column per series. */
export interface ExportTable {
  readonly host: string;
  readonly columns: readonly ExportColumn[];
  /** Start of the first interval, milliseconds since 1970, UTC. */
  readonly fromMs: number;
}

/** Rows that follow each other; of any number. */
export interface ExportRows {
  /** Ends of the intervals, ascending; milliseconds since 1970, UTC. */
  readonly timeMs: Float64Array;
  /** Row by row one value per column; NaN is no value. */
  readonly values: Float64Array;
}

/** Takes the bytes of a file; a promise is to be waited for before more are given. */
export interface ByteSink {
  write(bytes: string | Uint8Array): Promise<void> | void;
}

export interface ExportWriter {
  /** The arrays are the caller's again when it returns. */
  write(rows: ExportRows): Promise<void> | void;
  /** Nothing follows: writes what is left. The sink is closed by who opened it. */
  end(): Promise<void> | void;
}

export interface ExportFormat {
  /** As given to `-f`, and the name of its file. */
  readonly name: string;
  /** One line for the help. */
  readonly summary: string;
  /** Of a file's name, with the dot. */
  readonly extension: string;
  open(table: ExportTable, out: ByteSink): ExportWriter;
}
