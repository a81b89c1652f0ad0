/** What to keep in mind of one run; codes are those of a comparison. */
import type { ComparabilityNote, NoteSeverity } from "../comparison.ts";
import { overHosts, type SideFacts } from "../facts.ts";
import { FEWEST_INTERVALS } from "../options.ts";
import type { RunDescription } from "../source.ts";
import type { WorkSource } from "../work.ts";

const AGENT_LIMIT_PERCENT = 2;

const EVENTS: readonly (readonly [kind: string, what: string, severity: NoteSeverity])[] = [
  ["gap", "gaps in the sampling", "warning"],
  ["damage", "damaged stretches of a log", "warning"],
  ["dropped", "dropped samples", "warning"],
  ["reboot", "reboots", "warning"],
  ["clock-step", "steps of the wall clock", "info"],
];

const SOURCES: Readonly<Record<WorkSource, string>> = {
  command: "The duration is the recorded command's run time.",
  phase: "The duration is the length of the phase.",
  marks: "The duration is from the first mark to the last.",
  activity: "The duration is the span of activity seen in the recording.",
  "command-and-activity": "The duration is the command's run time, or the span of activity seen.",
  recording:
    "How long the work took is not known (no command, marks or visible end of activity): the duration is that of the recording.",
};

export function runNotes(
  run: RunDescription,
  facts: SideFacts,
  intervals: number,
  source: WorkSource,
): ComparabilityNote[] {
  const notes: ComparabilityNote[] = [];
  const add = (code: string, severity: NoteSeverity, message: string) =>
    notes.push({ code, severity, message });
  if (intervals < FEWEST_INTERVALS) {
    add(
      "too-few-intervals",
      "warning",
      `Only ${intervals} usable ${intervals === 1 ? "interval" : "intervals"} of work: means say little. Record longer, or more often (-i).`,
    );
  }
  const silent = run.hosts.filter(({ samples }) => samples === 0).map(({ name }) => name);
  if (silent.length > 0) {
    add("silent-hosts", "warning", `Hosts without a value are left out: ${few(silent)}.`);
  }
  const exitCode = run.command?.exitCode ?? 0;
  if (exitCode !== 0) {
    add("command-failed", "warning", `The command ended with exit code ${exitCode}.`);
  }
  for (const [kind, what, severity] of EVENTS) {
    const events = run.events.filter((event) => event.kind === kind);
    if (events.length === 0) continue;
    const hosts = [...new Set(events.map(({ host }) => host))].sort();
    add(kind, severity, `There are ${what} (${events.length}) on ${few(hosts)}.`);
  }
  const agent = overHosts(facts, "agentUse");
  if (agent > AGENT_LIMIT_PERCENT) {
    add(
      "agent-overhead",
      "warning",
      `The recording agent itself used ${agent.toFixed(1)} % of a CPU (more than ${AGENT_LIMIT_PERCENT} %).`,
    );
  }
  add(source === "recording" ? "duration-unknown" : "duration-source", "info", SOURCES[source]);
  return notes;
}

function few(names: readonly string[]): string {
  return names.slice(0, 5).join(", ") + (names.length > 5 ? ", ..." : "");
}
