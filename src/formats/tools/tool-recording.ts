/**
 * Puts the reports of several tools together into one recording. Reports of one moment become one
 * sample; what several tools tell is taken from the one that prints the most digits.
 */
import { tools } from "../../toolout/all.ts";
import type { ToolReport } from "../../toolout/tool-report.ts";
import type { CookedRecording } from "../cooked/cooked-recording.ts";
import type { Series } from "../cooked/series.ts";
import type { ReportValues } from "./report-values.ts";

/** What one tool told of one interval. */
export interface TimedValues extends ReportValues {
  /** Number of the file or process it is from. */
  readonly source: number;
  /** `Tool.id`. */
  readonly tool: string;
  readonly timeMs: number;
  /** `undefined`: no interval ends here (a report since boot): the next begins. */
  readonly intervalMs: number | undefined;
  readonly events?: readonly ToolEvent[];
}

export interface ToolEvent {
  readonly kind: string;
  readonly text: string;
}

export interface MergeTally {
  /** Values that another tool tells more exactly. */
  repeated: number;
  /** Values handed to the recording. */
  given: number;
}

interface Owner {
  tool: string;
  rank: number;
  lastMs: number;
  intervalMs: number;
}

const RANKS = new Map(tools.map(({ id }, rank) => [id, rank]));

export class ToolRecording {
  readonly tally: MergeTally = { repeated: 0, given: 0 };
  private readonly recording: CookedRecording;
  private readonly toleranceMs: number;
  private group: TimedValues[] = [];
  private lastMs = -Infinity;
  private events: { timeMs: number; event: ToolEvent }[] = [];
  /** Which tool a series is taken from. */
  private readonly owners = new WeakMap<Series, Owner>();

  /** @param toleranceMs reports of several tools that are no further apart are of one moment */
  constructor(recording: CookedRecording, toleranceMs: number) {
    this.recording = recording;
    this.toleranceMs = toleranceMs;
  }

  /** Tells what will come from a source next, so that no worse one steps in for it just before. */
  expect(values: TimedValues): void {
    const { names, tool, timeMs, intervalMs } = values;
    if (intervalMs === undefined) return;
    const rank = rankOf(values);
    for (const name of names) {
      const series = this.recording.series(name);
      const owner = this.owners.get(series);
      if (owner && owner.rank < rank) continue;
      this.owners.set(series, { tool, rank, lastMs: timeMs, intervalMs });
    }
  }

  /** Takes the next report; times must not go back by more than the tolerance. */
  async add(values: TimedValues): Promise<void> {
    const [first] = this.group;
    const isNext =
      first !== undefined &&
      (values.timeMs > first.timeMs + this.toleranceMs ||
        this.group.some(({ source }) => source === values.source));
    if (isNext) await this.flush();
    this.group.push(values);
  }

  /** Notes what happened while the tools ran; written with the next sample. */
  note(timeMs: number, event: ToolEvent): void {
    this.events.push({ timeMs, event });
  }

  /** Writes what is waiting for others of its moment. */
  async flush(): Promise<void> {
    const members = this.group;
    this.group = [];
    if (members.length > 0) await this.write(members);
    if (!Number.isNaN(this.recording.startedMs)) this.writeEvents();
  }

  private async write(members: readonly TimedValues[]): Promise<void> {
    const timeMs = Math.max(this.lastMs + 1, ...members.map((member) => member.timeMs));
    this.lastMs = timeMs;
    for (const { events = [] } of members) {
      this.events.push(...events.map((event) => ({ timeMs, event })));
    }
    const measured = members
      .filter(({ intervalMs }) => intervalMs !== undefined)
      .sort((a, b) => rankOf(a) - rankOf(b));
    const intervalMs =
      measured.length === 0 ? undefined : Math.max(...measured.map((member) => member.intervalMs!));
    await this.recording.sample({ timeMs, intervalMs }, () => {
      for (const member of measured) {
        this.recording.part(member.intervalMs!, () => this.set(member, timeMs));
      }
    });
  }

  private set(member: TimedValues, timeMs: number): void {
    const { names, values } = member;
    for (let i = 0; i < names.length; i++) {
      const series = this.recording.series(names[i]!);
      if (this.owns(member, series, timeMs)) {
        this.recording.set(series, values[i]);
        this.tally.given++;
      } else this.tally.repeated++;
    }
  }

  /** A tool that has fallen silent owns nothing any more; a second file of it may go on at once. */
  private owns(member: TimedValues, series: Series, timeMs: number): boolean {
    const rank = rankOf(member);
    const owner = this.owners.get(series);
    const { tool } = member;
    const intervalMs = member.intervalMs!;
    if (owner && owner.rank < rank) {
      const silenceMs = (owner.tool === tool ? 0.5 : 1.5) * owner.intervalMs;
      if (Math.abs(timeMs - owner.lastMs) <= silenceMs) return false;
    }
    if (owner) Object.assign(owner, { tool, rank, lastMs: timeMs, intervalMs });
    else this.owners.set(series, { tool, rank, lastMs: timeMs, intervalMs });
    return true;
  }

  private writeEvents(): void {
    for (const { timeMs, event } of this.events) {
      this.recording.event(timeMs, event.kind, event.text);
    }
    this.events = [];
  }
}

/** Two sources of one tool keep their order. */
function rankOf({ tool, source }: TimedValues): number {
  return (RANKS.get(tool) ?? RANKS.size) + source / 1000;
}

/** Restarts and comments in sar's files. */
export function eventsOf({ tables }: ToolReport): ToolEvent[] {
  return tables.flatMap(({ name, rows }) => {
    if (name === "restart") return [{ kind: "gap", text: "the host was restarted" }];
    if (name !== "comment") return [];
    return rows.map(({ cells }) => ({ kind: "mark", text: String(cells[0]) }));
  });
}
