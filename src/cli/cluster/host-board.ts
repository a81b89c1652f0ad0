/** What goes on on many hosts, on a terminal: a line for each that is at work, and a total. */
import { formatSize } from "../../util/quantity.ts";
import type { CliContext } from "../context.ts";
import { cutToWidth, oneLine } from "../output/text-table.ts";

const REDRAW_MS = 200;
const MOST_LINES = 16;

export class HostBoard {
  private readonly context: CliContext;
  private readonly title: string;
  private readonly total: number;
  private readonly active = new Map<string, { readonly sinceMs: number; bytes: number }>();
  private readonly timer: NodeJS.Timeout | undefined;
  private done = 0;
  private failed = 0;
  private bytes = 0;
  private drawn = 0;

  constructor(context: CliContext, title: string, total: number) {
    this.context = context;
    this.title = title;
    this.total = total;
    // Nothing where stderr is a pipe or a file.
    if (context.stderr.isTerminal) this.timer = setInterval(() => this.draw(), REDRAW_MS);
  }

  readonly begin = (host: string): void => {
    this.active.set(host, { sinceMs: performance.now(), bytes: 0 });
  };

  readonly moved = (host: string, bytes: number): void => {
    this.bytes += bytes;
    const one = this.active.get(host);
    if (one) one.bytes += bytes;
  };

  readonly end = ({ host, ok }: { readonly host: string; readonly ok: boolean }): void => {
    this.active.delete(host);
    this.done++;
    if (!ok) this.failed++;
  };

  /** Takes the lines away. */
  stop(): void {
    if (!this.timer) return;
    clearInterval(this.timer);
    this.erase();
  }

  private draw(): void {
    const { stderr } = this.context;
    const room = Math.max(1, Math.min(MOST_LINES, stderr.rows - 3));
    const hosts = [...this.active].slice(0, room).map(([host, { sinceMs, bytes }]) => {
      const seconds = ((performance.now() - sinceMs) / 1000).toFixed(0);
      return `  ${host}  ${seconds} s${bytes > 0 ? `, ${formatSize(bytes)}` : ""}`;
    });
    const more = this.active.size - hosts.length;
    const failed = this.failed > 0 ? `, ${this.failed} failed` : "";
    const size = this.bytes > 0 ? `, ${formatSize(this.bytes)}` : "";
    const lines = [
      ...hosts,
      ...(more > 0 ? [`  and ${more} more`] : []),
      `${this.title}: ${this.done} of ${this.total} hosts${failed}${size}`,
    ];
    this.erase();
    stderr.write(
      lines.map((line) => `${cutToWidth(oneLine(line), stderr.columns - 1)}\n`).join(""),
    );
    this.drawn = lines.length;
  }

  private erase(): void {
    if (this.drawn > 0) this.context.stderr.write(`\u001b[${this.drawn}A\u001b[J`);
    this.drawn = 0;
  }
}
