/** Whether two runs can be compared at all, and what to keep in mind when they are. */
import type { ComparabilityNote, NoteSeverity, SideName } from "./comparison.ts";
import { overHosts, type SideFacts } from "./facts.ts";
import type { PsiUse } from "./measures.ts";
import type { Noise } from "./noise.ts";
import { FEWEST_INTERVALS } from "./options.ts";
import { rolesOfOneSide } from "./roles.ts";
import type { CoverageRow, RunDescription } from "./source.ts";
import { isOptionalSignal, SIGNAL_IDS, SIGNALS } from "./signals.ts";
import { globMatcher } from "../counter/path.ts";
import { MANY_HOSTS } from "./statistics/bootstrap.ts";
import type { Work } from "./work.ts";

export type BySide<T> = Readonly<Record<SideName, T>>;

const SIDES: readonly SideName[] = ["baseline", "candidate"];
/** CPU of the agent, percent of one CPU, above which the measuring disturbs the measured. */
const AGENT_LIMIT_PERCENT = 2;

function note(code: string, severity: NoteSeverity, message: string): ComparabilityNote {
  return { code, severity, message };
}

/** What makes a comparison impossible; when it gives anything, nothing else need be asked. */
export function obstacles(
  runs: BySide<RunDescription>,
  coverage: BySide<readonly CoverageRow[]>,
): ComparabilityNote[] {
  const notes: ComparabilityNote[] = [];
  for (const side of SIDES) {
    if (runs[side].hosts.some(({ samples }) => samples > 0) && coverage[side].length > 0) continue;
    notes.push(
      note(
        "empty-run",
        "error",
        `The ${side} (${runs[side].cluster}/${runs[side].run}) holds no values in this window: nothing can be compared. Record for at least ${FEWEST_INTERVALS} intervals, or widen the window.`,
      ),
    );
  }
  if (notes.length > 0) return notes;
  const left = counterNames(coverage.baseline);
  if (![...counterNames(coverage.candidate)].some((name) => left.has(name))) {
    notes.push(
      note(
        "no-common-counter",
        "error",
        "The two runs have no counter in common: nothing can be compared. Record both with the same objects.",
      ),
    );
  }
  return notes;
}

export function comparability(
  runs: BySide<RunDescription>,
  coverage: BySide<readonly CoverageRow[]>,
): ComparabilityNote[] {
  return [
    ...missingCounters(coverage),
    ...differingIntervals(runs),
    ...differingHosts(runs),
    ...SIDES.flatMap((side) => silentHosts(side, runs[side])),
    ...differingPrivilege(runs),
    ...commandNotes(runs),
    ...SIDES.flatMap((side) => eventNotes(side, runs[side])),
  ];
}

export interface MeasuredRuns {
  readonly facts: BySide<SideFacts>;
  readonly intervals: BySide<number>;
  readonly psi: PsiUse;
  readonly psiOf: BySide<PsiUse>;
  readonly work: Work;
  readonly bucketMs: number;
  readonly noise: Noise;
}

/** Notes that need measured columns. */
export function measuredNotes({
  facts,
  intervals,
  psi,
  psiOf,
  work,
  bucketMs,
  noise,
}: MeasuredRuns): ComparabilityNote[] {
  const notes: ComparabilityNote[] = [];
  for (const side of SIDES) {
    const count = intervals[side];
    if (count < FEWEST_INTERVALS) {
      notes.push(
        note(
          "too-few-intervals",
          "error",
          `The ${side} has ${count} usable ${count === 1 ? "interval" : "intervals"} of work; a verdict needs at least ${FEWEST_INTERVALS}. Record longer, or more often (-i).`,
        ),
      );
    }
    const agent = overHosts(facts[side], "agentUse");
    if (agent > AGENT_LIMIT_PERCENT) {
      notes.push(
        note(
          "agent-overhead",
          "warning",
          `The recording agent of the ${side} itself used ${agent.toFixed(1)} % of a CPU (more than ${AGENT_LIMIT_PERCENT} %).`,
        ),
      );
    }
  }
  const lacking = (["cpu", "memory", "io"] as const).filter(
    (kind) => !psi[kind] && (psiOf.baseline[kind] || psiOf.candidate[kind]),
  );
  if (lacking.length > 0) {
    const without = psiOf.baseline[lacking[0]!] ? "candidate" : "baseline";
    notes.push(
      note(
        "psi-on-one-side",
        "info",
        `The ${without} has no pressure stall information (${lacking.join(", ")}); both sides are measured by queues and waits instead.`,
      ),
    );
  }
  if (Math.min(facts.baseline.hosts.length, facts.candidate.hosts.length) < MANY_HOSTS) {
    notes.push(
      note(
        "few-hosts",
        "info",
        `With fewer than ${MANY_HOSTS} hosts a side, intervals speak of these hosts, not of the population they came from.`,
      ),
    );
  }
  const roles = eachRoles(facts);
  const alone = SIDES.flatMap((side) => rolesOfOneSide(roles, side));
  if (alone.length > 0) {
    notes.push(
      note(
        "roles-differ",
        "warning",
        alone.length === new Set([...roles.baseline, ...roles.candidate]).size
          ? "The sides have no role in common: all of their hosts are compared with each other."
          : `Only one side has hosts of these roles, which are left out of averages: ${alone.join(", ")}.`,
      ),
    );
  }
  if (noise.runs > 1) {
    notes.push(
      note(
        "noise-learned",
        "info",
        `From ${noise.runs} runs of the baseline: by chance alone durations differ by up to ${(100 * noise.duration).toFixed(1)} % (19 times in 20).`,
      ),
    );
  }
  notes.push(durationNote(work));
  notes.push(note("bucket-width", "info", `Time is divided into buckets of ${bucketMs / 1000} s.`));
  return notes;
}

function eachRoles(facts: BySide<SideFacts>): BySide<string[]> {
  const of = (side: SideName) => facts[side].hosts.map(({ role }) => role);
  return { baseline: of("baseline"), candidate: of("candidate") };
}

function durationNote({ source }: Work): ComparabilityNote {
  const by = {
    command: "the recorded command's run time",
    phase: "the length of the phases",
    marks: "the marks that both runs have",
    activity: "the span of activity seen in the recordings",
    "command-and-activity":
      "the recorded command's run time on one side, the span of activity on the other",
  };
  return source === "recording"
    ? note(
        "duration-unknown",
        "info",
        "How long the work took is not known on both sides (no command, marks or visible end of activity): which side is slower is judged by its work rate or not at all.",
      )
    : note("duration-source", "info", `Durations are ${by[source]}.`);
}

function missingCounters(coverage: BySide<readonly CoverageRow[]>): ComparabilityNote[] {
  const names = {
    baseline: counterNames(coverage.baseline),
    candidate: counterNames(coverage.candidate),
  };
  return SIDES.flatMap((side) => {
    const other = side === "baseline" ? "candidate" : "baseline";
    const only = [...names[side]].filter((name) => !names[other].has(name)).sort();
    if (only.length === 0) return [];
    const needed = only.some((name) => isSignal(name));
    const shown = only.slice(0, 4).join(", ") + (only.length > 4 ? ", ..." : "");
    return [
      note(
        "counters-on-one-side",
        needed && !only.every((name) => name.startsWith("Pressure")) ? "warning" : "info",
        `${only.length} ${only.length === 1 ? "counter is" : "counters are"} on the ${side} only: ${shown}`,
      ),
    ];
  });
}

const SIGNAL_NAMES = SIGNAL_IDS.filter((id) => !isOptionalSignal(id)).map((id) => {
  const { object, counter } = SIGNALS[id];
  return globMatcher(`${object}\\${counter}`);
});

function isSignal(name: string): boolean {
  return SIGNAL_NAMES.some((matches) => matches(name));
}

function counterNames(rows: readonly CoverageRow[]): Set<string> {
  return new Set(
    rows.filter(({ values }) => values > 0).map((row) => `${row.object}\\${row.counter}`),
  );
}

function differingIntervals(runs: BySide<RunDescription>): ComparabilityNote[] {
  const intervals = (run: RunDescription) =>
    [...new Set(run.hosts.map((host) => host.intervalMs))].sort((a, b) => a - b);
  const left = intervals(runs.baseline).map((ms) => `${ms / 1000} s`);
  const right = intervals(runs.candidate).map((ms) => `${ms / 1000} s`);
  if (left.join() === right.join()) return [];
  return [
    note(
      "interval-differs",
      "warning",
      `Sampling intervals differ (${left.join(", ")} against ${right.join(", ")}): peaks are flatter where the interval is longer.`,
    ),
  ];
}

function silentHosts(side: SideName, run: RunDescription): ComparabilityNote[] {
  const silent = run.hosts.filter(({ samples }) => samples === 0).map(({ name }) => name);
  return silent.length === 0
    ? []
    : [
        note(
          "silent-hosts",
          "warning",
          `Hosts of the ${side} without a value in this window are left out: ${silent.slice(0, 5).join(", ")}${silent.length > 5 ? ", ..." : ""}.`,
        ),
      ];
}

function differingHosts(runs: BySide<RunDescription>): ComparabilityNote[] {
  const withValues = ({ hosts }: RunDescription) => hosts.filter(({ samples }) => samples > 0);
  const left = withValues(runs.baseline).length;
  const right = withValues(runs.candidate).length;
  if (left === right) return [];
  return [
    note(
      "host-count-differs",
      "warning",
      `The baseline has ${left} hosts, the candidate ${right}.`,
    ),
  ];
}

function differingPrivilege(runs: BySide<RunDescription>): ComparabilityNote[] {
  const root = (run: RunDescription) =>
    new Set(
      run.hosts.map(({ inventory }) => {
        const privilege = inventory["privilege"] as { root?: boolean } | undefined;
        return privilege?.root === true;
      }),
    );
  const left = root(runs.baseline);
  const right = root(runs.candidate);
  if (left.size === 1 && right.size === 1 && left.has(true) === right.has(true)) return [];
  return [
    note(
      "privilege-differs",
      "info",
      "Not all recordings were made with the same privilege: I/O of other users' processes is only seen by root.",
    ),
  ];
}

function commandNotes(runs: BySide<RunDescription>): ComparabilityNote[] {
  const notes: ComparabilityNote[] = [];
  for (const side of SIDES) {
    const exitCode = runs[side].command?.exitCode ?? 0;
    if (exitCode === 0) continue;
    notes.push(
      note(
        "command-failed",
        "warning",
        `The command of the ${side} ended with exit code ${exitCode}: its duration may not be that of the whole work.`,
      ),
    );
  }
  const left = runs.baseline.command?.program;
  const right = runs.candidate.command?.program;
  if (left !== undefined && right !== undefined && left !== right) {
    notes.push(
      note("programs-differ", "warning", `Different programs were run: ${left} and ${right}.`),
    );
  } else if ((left === undefined) !== (right === undefined)) {
    notes.push(
      note(
        "command-on-one-side",
        "warning",
        `Only the ${left === undefined ? "candidate" : "baseline"} was recorded around a command.`,
      ),
    );
  }
  return notes;
}

const EVENT_NOTES: Readonly<Record<string, string>> = {
  gap: "gaps in the sampling",
  damage: "damaged stretches of a log",
  dropped: "dropped samples",
  reboot: "reboots",
  "clock-step": "steps of the wall clock",
  "clock-offset": "clocks that were off by more than a sampling interval, which was corrected",
  "clock-drift": "clocks that were set or drifted by more than a sampling interval during the run",
};

function eventNotes(side: SideName, run: RunDescription): ComparabilityNote[] {
  return Object.entries(EVENT_NOTES).flatMap(([kind, what]) => {
    const events = run.events.filter((event) => event.kind === kind);
    if (events.length === 0) return [];
    const hosts = [...new Set(events.map((event) => event.host))].sort();
    return [
      note(
        kind,
        kind === "clock-step" ? "info" : "warning",
        `The ${side} has ${what} (${events.length}) on ${hosts.slice(0, 5).join(", ")}${hosts.length > 5 ? ", ..." : ""}.`,
      ),
    ];
  });
}
