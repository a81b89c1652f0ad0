/**
 * `sadf -d`: `# hostname;interval;timestamp;CPU;%user;...`, then rows. With -h all tables of an instant are one row.
 *
 * The tables are those of sar. The interval is a table of its own, `timestamp`, as in JSON.
 */
import { ReportAssembly } from "./report-assembly.ts";
import { type FlatPart, flatCells, flatParts } from "./sadf-flat.ts";
import { addSarRow } from "./sar-rows.ts";
import { type SarTable, sarTable } from "./sar-tables.ts";
import { parseNumber } from "./text/number.ts";
import { leadingTime } from "./text/time.ts";
import type { PrintedTime, ToolBanner, ToolReport } from "./tool-report.ts";

const INTERVAL: readonly string[] = ["interval"];
const RESTART: readonly string[] = ["CPU"];
const COMMENT: readonly string[] = ["COM"];

export const CSV_TITLES = /^# hostname;interval;timestamp(?:;|$)/;

export class SadfCsv {
  banner: ToolBanner = {};
  private readonly assembly = new ReportAssembly();
  private parts: readonly FlatPart[] = [];
  /** A table whose last title is `CPU*`, as wide as the host has CPUs. */
  private interrupts: SarTable | undefined;

  push(line: string): readonly ToolReport[] | undefined {
    const known = CSV_TITLES.test(line) ? this.takesTitles(line) : this.takesRow(line);
    return known ? this.assembly.take() : undefined;
  }

  end(): readonly ToolReport[] {
    this.assembly.close();
    return this.assembly.take();
  }

  private takesTitles(line: string): boolean {
    this.parts = flatParts(line.split(";").slice(3));
    return this.parts.length > 0;
  }

  private takesRow(line: string): boolean {
    const [host, interval, stamp, ...cells] = line.split(";");
    const time = stamp === undefined ? undefined : timeOf(stamp);
    const seconds = interval === undefined ? undefined : parseNumber(interval);
    if (host === undefined || !time || seconds === undefined || cells.length === 0) return false;
    if (this.banner.host === undefined) this.banner = { ...this.banner, host };
    // Restarts and comments have no interval.
    if (seconds === -1 && this.takesEvent(time, cells.join(";"))) return true;
    const groups = flatCells(this.parts, cells);
    if (!groups) return false;
    if (this.assembly.open({ time })) {
      this.assembly.add("timestamp", INTERVAL, { instance: "", cells: [seconds] });
    }
    for (const { part, instance, values } of groups) {
      // All CPUs together have the number -1.
      const name = part.title === "CPU" && instance === "-1" ? "all" : instance;
      const table = this.tableOf(part, values.length);
      if (!addSarRow(this.assembly, table, name, values)) return false;
    }
    return true;
  }

  private takesEvent(time: PrintedTime, text: string): boolean {
    const restart = /^LINUX-RESTART(?:\s+\((\d+) CPU\))?$/.exec(text);
    const comment = /^COM (.*)$/.exec(text);
    if (!restart && !comment) return false;
    this.assembly.open({ time });
    if (restart) {
      const cpus = restart[1] === undefined ? null : Number(restart[1]);
      if (cpus !== null) this.banner = { ...this.banner, cpus };
      this.assembly.add("restart", RESTART, { instance: "", cells: [cpus] });
    } else {
      this.assembly.add("comment", COMMENT, { instance: "", cells: [comment![1]!] });
    }
    return true;
  }

  private tableOf(part: FlatPart, width: number): SarTable {
    if (!part.perCpu) return part.table;
    if (this.interrupts?.columns.length !== width) {
      const titles = ["INTR", "all", ...Array.from({ length: width - 1 }, (_, cpu) => `CPU${cpu}`)];
      this.interrupts = sarTable(titles)!;
    }
    return this.interrupts;
  }
}

/** `2026-11-24 12:25:48 UTC`, `2026-11-24 07:25:48` (-T: local), `1795523148` (-U). */
function timeOf(stamp: string): PrintedTime | undefined {
  if (/^\d{9,11}$/.test(stamp)) {
    const seconds = Number(stamp);
    const day = Math.floor(seconds / 86_400);
    return { day, secondOfDay: seconds - day * 86_400, offsetMinutes: 0 };
  }
  const words = stamp.split(" ");
  const leading = leadingTime(words);
  return leading?.words === words.length ? leading.time : undefined;
}
