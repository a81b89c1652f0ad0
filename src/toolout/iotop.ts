/**
 * Text of `iotop -b`, of the original in Python (iotop-py) and of its successor in C (iotop-c), with any of -o -t -q -qq -qqq -k -P -a.
 *
 * All amounts come as bytes (with -a: bytes since iotop began) or bytes per second, whatever unit was printed. Rows of threads are
 * the table `thread`, those of whole processes (-P) the table `process`. The first report is measured over next to nothing and shows
 * zeros or absurd rates: it is marked as no measurement.
 */
import { type IotopRow, parseIotopRow } from "./iotop-row.ts";
import { amountOf, parseTotals } from "./iotop-totals.ts";
import { LineParser } from "./line-parser.ts";
import { processInstance } from "./process-instance.ts";
import type { PrintedTime, Tool } from "./tool-report.ts";

export const iotop: Tool = {
  id: "iotop",
  recognizes: (head) => {
    if (head.some((line) => parseTotals(line.slice(0, 300)))) return 0.95;
    return head.some((line) => parseIotopRow(line.slice(0, 1000))) ? 0.5 : 0;
  },
  parser: () => new IotopParser(),
};

/** `  TIME  TID  PRIO  USER  DISK READ  DISK WRITE  SWAPIN  IO  COMMAND`, in newer versions with `IO>`. */
const TITLES = /^\s*(?:TIME\s+)?(TID|PID)\s+PRIO\s+USER\s+DISK READ\s+DISK WRITE\b/;
/** What iotop says when it cannot do all of its work. */
const NOTICE = /^\s*(Warning: task_delayacct|CONFIG_TASK_DELAY_ACCT\b)/;

const PER_SECOND = ["PRIO", "USER", "DISK READ", "DISK WRITE", "SWAPIN", "IO", "COMMAND"];
/** With -a: no rates. */
const ACCUMULATED = ["PRIO", "USER", "READ", "WRITE", "SWAPIN", "IO", "COMMAND"];

class IotopParser extends LineParser {
  private ids: "thread" | "process" = "thread";
  private reports = 0;
  /** Which reports begin with: once there were totals, rows do not begin one. */
  private hasTotals = false;
  /** iotop-py prints command lines, iotop-c (which sets its totals off) the names of processes. */
  private hasLines = true;
  /** Ids of the open report, to see where the next begins when there are no totals. */
  private readonly seen = new Set<string>();

  protected takes(line: string): boolean {
    const totals = parseTotals(line);
    if (totals) {
      // "Total" is the first of the two lines of a report.
      if (totals.begins) this.begin(totals.time);
      this.hasTotals = true;
      if (totals.begins) this.hasLines = !/^\s/.test(line);
      this.assembly.add("total", totals.columns, { instance: "", cells: totals.cells });
      return true;
    }
    const titles = TITLES.exec(line);
    if (titles) {
      this.ids = titles[1] === "PID" ? "process" : "thread";
      return true;
    }
    if (NOTICE.test(line)) return true;
    const row = parseIotopRow(line);
    if (row) this.add(row);
    return row !== undefined;
  }

  private begin(time: PrintedTime | undefined): void {
    this.assembly.close();
    this.seen.clear();
    this.reports++;
    this.assembly.open({ ...(time ? { time } : {}), sinceBoot: this.reports === 1 });
  }

  private add(row: IotopRow): void {
    if (!this.hasTotals && (this.reports === 0 || this.seen.has(row.id))) this.begin(row.time);
    this.seen.add(row.id);
    const { read, write } = row;
    const columns = read.perSecond ? PER_SECOND : ACCUMULATED;
    this.assembly.add(this.ids, columns, {
      instance: processInstance(row.command, row.id, this.hasLines),
      cells: [
        row.priority,
        row.user,
        amountOf(read),
        amountOf(write),
        row.swapIn,
        row.io,
        row.command,
      ],
    });
  }
}
