/** Many rows into PGlite: as text through COPY, which reads from its device `/dev/blob`. */
import type { PGlite } from "@electric-sql/pglite";
import type { BulkWriter } from "../sql/engine.ts";
import type { MinuteSummary, SeriesValues } from "../store.ts";

/** Text that is gathered before it is copied. */
const BATCH_CHARACTERS = 4 * 1024 * 1024;

export class CopyBulkWriter implements BulkWriter {
  private readonly database: PGlite;
  private readonly originMs: number;
  private readonly texts = { sample: "", series_summary: "" };

  constructor(database: PGlite, originMs: number) {
    this.database = database;
    this.originMs = originMs;
  }

  samples({ seriesId, length, timeMs, values, weights }: SeriesValues): Promise<void> | void {
    let text = this.texts.sample;
    for (let i = 0; i < length; i++) {
      const offset = Math.round(timeMs[i]!) - this.originMs;
      const weight = Math.round(weights[i]! * 1000) / 1000;
      text += `${seriesId}\t${offset}\t${values[i]}\t${weight}\n`;
    }
    this.texts.sample = text;
    if (text.length > BATCH_CHARACTERS) return this.copy("sample");
  }

  summary(summary: MinuteSummary): Promise<void> | void {
    const { seriesId, minute, count, weight, mean, m2, min, max, sketch } = summary;
    // A backslash starts an escape in COPY's text; \\x starts hexadecimal bytes.
    const bytes = `\\\\x${Buffer.from(sketch).toString("hex")}`;
    const columns = [seriesId, minute, count, weight, mean, m2, min, max, bytes];
    this.texts.series_summary += `${columns.join("\t")}\n`;
    if (this.texts.series_summary.length > BATCH_CHARACTERS) return this.copy("series_summary");
  }

  async finish(): Promise<void> {
    await this.copy("sample");
    await this.copy("series_summary");
  }

  abandon(): void {
    this.texts.sample = "";
    this.texts.series_summary = "";
  }

  private async copy(table: keyof CopyBulkWriter["texts"]): Promise<void> {
    const text = this.texts[table];
    this.texts[table] = "";
    if (text === "") return;
    const blob = new Blob([text]);
    await this.database.query(`COPY ${table} FROM '/dev/blob'`, [], { blob });
  }
}
