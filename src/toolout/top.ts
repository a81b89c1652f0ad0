/**
 * Text of `top -b`: procps 3.1 and later in any language, and busybox.
 *
 * Memory comes in KiB and times in seconds, whatever was printed. The first report of a top is marked as no measurement: its CPU
 * shares are those since boot (procps before 3.3.16), or of some milliseconds. A loop of `top -b -n 1` has only such; nothing in the
 * text tells where one ended and the next began.
 */
import { LineParser } from "./line-parser.ts";
import type { Tool } from "./tool-report.ts";
import { type BusyboxTable, busyboxRow, busyboxTable, parseBusyboxSummary } from "./top-busybox.ts";
import { parseMemory } from "./top-memory.ts";
import { type SummaryRow, parseCpus, parseTasks, parseTopBegin } from "./top-summary.ts";
import { type TaskTable, taskRow, taskTable } from "./top-tasks.ts";

export const top: Tool = {
  id: "top",
  recognizes: (head) => {
    const lines = head.map((line) => line.slice(0, 1000));
    const tables = lines.some((line) => taskTable(line) ?? busyboxTable(line));
    if (lines.some((line) => parseTopBegin(line))) return tables ? 0.95 : 0.8;
    if (lines.some((line) => parseBusyboxSummary(line)?.table === "memory"))
      return tables ? 0.9 : 0.6;
    return tables ? 0.4 : 0;
  },
  parser: () => new TopParser(),
};

class TopParser extends LineParser {
  private tasks: TaskTable | undefined;
  private busybox: BusyboxTable | undefined;
  private reports = 0;
  private hasMemory = false;
  private rows: "process" | "thread" = "process";

  protected takes(line: string): boolean {
    if (this.takesRow(line)) return true;
    const begin = parseTopBegin(line);
    if (begin) {
      this.begin();
      this.assembly.open({ time: begin.time, sinceBoot: this.reports === 1 });
      return this.add([begin.row]);
    }
    const busybox = parseBusyboxSummary(line);
    if (busybox) {
      if (busybox.table === "memory") {
        this.begin();
        this.assembly.open({ sinceBoot: this.reports === 1 });
      }
      return this.add([busybox]);
    }
    return this.reports > 0 && (this.takesSummary(line) || this.takesTitles(line));
  }

  private begin(): void {
    this.assembly.close();
    this.reports++;
    this.tasks = undefined;
    this.busybox = undefined;
    this.hasMemory = false;
    this.rows = "process";
  }

  private takesRow(line: string): boolean {
    const row = this.tasks
      ? taskRow(this.tasks, line)
      : this.busybox && busyboxRow(this.busybox, line);
    if (!row) return false;
    const name = this.tasks ? this.rows : "busybox-process";
    this.assembly.add(name, (this.tasks ?? this.busybox)!.columns, row);
    return true;
  }

  private takesSummary(line: string): boolean {
    const tasks = parseTasks(line);
    if (tasks) {
      if (tasks.table === "threads") this.rows = "thread";
      return this.add([tasks]);
    }
    const cpus = parseCpus(line);
    if (cpus) return this.add(cpus);
    const memory = parseMemory(line, this.hasMemory);
    if (!memory) return false;
    this.hasMemory = true;
    return this.add(memory);
  }

  private takesTitles(line: string): boolean {
    const busybox = busyboxTable(line);
    const tasks = busybox ? undefined : taskTable(line);
    if (!busybox && !tasks) return false;
    this.busybox = busybox;
    this.tasks = tasks;
    return true;
  }

  private add(rows: readonly SummaryRow[]): boolean {
    for (const { table, instance, columns, cells } of rows) {
      this.assembly.add(table, columns, { instance, cells });
    }
    return true;
  }
}
