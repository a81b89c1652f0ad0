/** Which programs used more of the bottleneck's resource on one side: the competitor by its name. */
import type { Finding, SideName } from "./comparison.ts";
import { patternPath } from "./counter-path.ts";
import { totalSql, type EvidenceContext } from "./evidence.ts";
import { counterText, shortNumber } from "./number-text.ts";
import type { SeriesPattern, SeriesMean } from "./source.ts";

type Consumed = "cpu" | "disk" | "memory";

const PATTERNS: Readonly<Record<Consumed, readonly SeriesPattern[]>> = {
  cpu: [
    { object: "Process", counter: "% Processor Time" },
    { object: "Kernel Thread", counter: "% Processor Time" },
  ],
  disk: [
    { object: "Process", counter: "IO Read Bytes/sec" },
    { object: "Process", counter: "IO Write Bytes/sec" },
  ],
  memory: [{ object: "Process", counter: "Working Set" }],
};

/** Smaller changes per host are not worth a line: CPUs in percent, bytes/s, bytes. */
const FLOOR: Readonly<Record<Consumed, number>> = { cpu: 10, disk: 1e6, memory: 64e6 };
const MOST = 4;

export function consumerPatterns(resource: string): readonly SeriesPattern[] {
  return resource === "cpu" || resource === "disk" || resource === "memory"
    ? PATTERNS[resource]
    : [];
}

/** The programs whose use changed most, largest first. Means are of `consumerPatterns`. */
export function consumerFindings(
  resource: string,
  means: Readonly<Record<SideName, readonly SeriesMean[]>>,
  seconds: Readonly<Record<SideName, number>>,
  context: EvidenceContext,
): Finding[] {
  if (resource !== "cpu" && resource !== "disk" && resource !== "memory") return [];
  const hosts = (side: SideName) => Math.max(1, context.sides[side].hosts.length);
  const hostSeconds = {
    baseline: seconds.baseline * hosts("baseline"),
    candidate: seconds.candidate * hosts("candidate"),
  };
  const perHost = (side: SideName) => usePerProgram(means[side], hostSeconds[side]);
  const before = perHost("baseline");
  const after = perHost("candidate");
  const changes = [...new Set([...before.keys(), ...after.keys()])]
    .map((program) => {
      const baseline = before.get(program) ?? 0;
      const candidate = after.get(program) ?? 0;
      return { program, baseline, candidate, change: candidate - baseline };
    })
    .filter(({ change }) => Math.abs(change) >= FLOOR[resource])
    .sort((a, b) => Math.abs(b.change) - Math.abs(a.change) || (a.program < b.program ? -1 : 1));
  return changes.slice(0, MOST).map(({ program, baseline, candidate, change }) => {
    const [{ counter }] = PATTERNS[resource] as readonly [SeriesPattern];
    const object = objectOf(program, [...means.baseline, ...means.candidate]);
    const pattern = { object, counter, instance: `${program}:*` };
    const more = change > 0 ? "candidate" : "baseline";
    const text = (value: number) =>
      resource === "cpu"
        ? `${shortNumber(value / 100)} CPUs`
        : counterText(value, counter.replace("Read ", ""));
    return {
      id: `process-${resource}:${patternPath(pattern)}`,
      rule: `process-${resource}`,
      resource,
      severity: "info",
      cluster: more,
      hosts: [],
      counter: patternPath(pattern),
      baseline,
      candidate,
      ratio: baseline > 0 ? candidate / baseline : null,
      interval: null,
      score: 1 + Math.min(8, Math.abs(change) / FLOOR[resource] / 10),
      message: `${program}: ${text(baseline)} in the baseline, ${text(candidate)} in the candidate, averaged over the recording and the hosts.`,
      why: "Processes of the same name taken together: what uses more of the resource on one side is the work itself or its competitor.",
      next: `See these processes on the ${more}: who started them, and whether they belong to the work.`,
      sql: totalSql(
        PATTERNS[resource].map((one) => ({ ...one, instance: pattern.instance })),
        hostSeconds,
        context,
      ),
    };
  });
}

/** Processes and kernel threads have no names in common. */
function objectOf(program: string, means: readonly SeriesMean[]): string {
  const found = means.find(({ series }) => programOf(series.instance) === program);
  return found?.series.object ?? "Process";
}

function programOf(instance: string): string {
  return instance.replace(/:\d+$/, "");
}

/** Mean over the hosts and the whole time, also of processes that lived for a part of it. */
function usePerProgram(means: readonly SeriesMean[], hostSeconds: number): Map<string, number> {
  const result = new Map<string, number>();
  if (!(hostSeconds > 0)) return result;
  for (const { series, mean, weight } of means) {
    const program = programOf(series.instance);
    if (program === "_Total") continue;
    result.set(program, (result.get(program) ?? 0) + (mean * weight) / hostSeconds);
  }
  return result;
}
