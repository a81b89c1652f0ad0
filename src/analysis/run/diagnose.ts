/** One run by itself: what limited it, who used what, what its hosts are. The same steps as a comparison. */
import { hostShares, wallShares } from "../attribution.ts";
import type { Finding } from "../comparison.ts";
import type { Courses } from "../courses/course.ts";
import { gatherCourses } from "../courses/gather.ts";
import { measureSide, sideFacts, type SideFacts } from "../facts.ts";
import { ruleFindings } from "../findings.ts";
import { limitOf } from "../limits.ts";
import { secondsText } from "../number-text.ts";
import { RESOURCE_LABELS, RESOURCES, STATES, type ResourceName } from "../resources.ts";
import { hostWeights } from "../roles.ts";
import { roundedAnswer } from "../rounding.ts";
import { RULES } from "../rules/index.ts";
import { scopeOf } from "../scope.ts";
import { bucketWidthMs, loadSide } from "../side.ts";
import type { RunSelector, Source } from "../source.ts";
import { WAITED } from "../summary.ts";
import { DEFAULT_THRESHOLDS } from "../thresholds.ts";
import { measureWork } from "../work.ts";
import { inventoryFacts } from "./run-inventory.ts";
import { runSummary } from "../run-summary.ts";
import { atWork, knownBuckets, ownPsi } from "./own-side.ts";
import { runNotes } from "./run-notes.ts";
import type { ResourceOverview, RunFinding, RunReport } from "./run-report.ts";
import { resourceOverviews } from "./statuses.ts";
import {
  busiestDisks,
  busiestInterfaces,
  DISK_TIME,
  largest,
  processGroups,
  TOP_PATTERNS,
} from "./top-lists.ts";

export interface RunOptions {
  /** The selector is the bounds of a phase. */
  readonly phases?: boolean;
  readonly withCourses?: boolean;
}

export interface Diagnosis {
  readonly report: RunReport;
  /** For a page; null unless asked for. */
  readonly courses: Courses | null;
}

/** @returns undefined where the run holds no values in the window */
export async function diagnoseRun(
  source: Source,
  run: RunSelector,
  options: RunOptions = {},
): Promise<Diagnosis | undefined> {
  const described = await source.describeRun(run);
  const description = { ...described, hosts: described.hosts.filter(({ samples }) => samples > 0) };
  if (description.hosts.length === 0) return undefined;
  const side = await loadSide(source, run, description, bucketWidthMs([description]));
  const psi = ownPsi(side);
  const measured = measureSide(side, psi, DEFAULT_THRESHOLDS);
  // A run has its own marks in common with itself.
  const work = measureWork(
    measured,
    measured,
    { phases: options.phases === true },
    DEFAULT_THRESHOLDS,
  );
  const { range, seconds } = work.candidate;
  const roles = side.hosts.map(({ role }) => role);
  const weights = hostWeights({ baseline: roles, candidate: roles });
  const facts = sideFacts(measured, range, weights.candidate);
  const rest = work.source === "recording" ? "idle" : "waiting";
  const shares = wallShares(measured.states, range, rest);
  const intervals = knownBuckets(measured, range);
  const limit = limitOf(shares, intervals);
  const resources = resourceOverviews(facts, psi);
  const nobody: SideFacts = { hosts: [] };
  const findings = ruleFindings({
    facts: { baseline: nobody, candidate: facts },
    psi,
    bottleneck: limit,
    rules: RULES,
    evidence: {
      sides: { baseline: side, candidate: side },
      work,
      weights,
      psi,
      limits: DEFAULT_THRESHOLDS,
    },
  }).sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));
  const hosts = isResource(limit)
    ? scopeOf(
        measured.states.map((states, i) => ({
          name: states.name,
          role: roles[i]!,
          value: hostShares(states, range)[limit],
        })),
        [],
      ).hosts
    : [];
  const means = await source.means(atWork(side, range), TOP_PATTERNS);
  const diskTime = await source.statistics(atWork(side, range), [DISK_TIME]);
  const hostSeconds = (((range.to - range.from) * side.bucketMs) / 1000) * side.hosts.length;
  const groups = processGroups(means, hostSeconds);
  const summary = runSummary(description, seconds);
  const report = roundedAnswer<RunReport>({
    schema: 1,
    run: summary,
    durationSource: work.source,
    diagnosis: {
      limit,
      hosts,
      summary: summaryText(summary, limit, hosts, shares, resources),
    },
    timeShares: shares,
    resources,
    findings: findings.map(runFinding),
    processes: {
      byCpu: largest(groups, ({ cpus }) => cpus),
      byMemory: largest(groups, ({ memoryBytes }) => memoryBytes),
      byIo: largest(groups, ({ readBytes, writtenBytes }) => readBytes + writtenBytes),
    },
    disks: busiestDisks(means, diskTime),
    interfaces: busiestInterfaces(means),
    inventory: inventoryFacts(description.hosts),
    notes: runNotes(described, facts, intervals, work.source),
  });
  const courses = options.withCourses
    ? await gatherCourses({
        sides: [{ side: "candidate", measured, work: work.candidate }],
        psi,
        rest,
        resource: isResource(limit) ? limit : mostWaited(resources),
        findings,
        hosts: { baseline: [], candidate: hosts },
      })
    : null;
  return { report, courses };
}

function isResource(limit: string): limit is ResourceName {
  return (RESOURCES as readonly string[]).includes(limit);
}

function mostWaited(resources: RunReport["resources"]): ResourceName {
  const waited = (resource: ResourceName) => resources[resource].saturation ?? 0;
  return RESOURCES.reduce((most, resource) => (waited(resource) > waited(most) ? resource : most));
}

/** Without what only a comparison has. */
function runFinding(finding: Finding): RunFinding {
  const { id, rule, resource, severity, hosts, counter, candidate } = finding;
  const { score, message, why, next, sql } = finding;
  return {
    id,
    rule,
    resource,
    severity,
    hosts,
    counter,
    value: candidate,
    score,
    message,
    why,
    next,
    sql,
  };
}

function summaryText(
  { cluster, run, hosts, durationSeconds }: RunReport["run"],
  limit: RunReport["diagnosis"]["limit"],
  carriers: readonly string[],
  shares: RunReport["timeShares"],
  resources: Readonly<Record<ResourceName, ResourceOverview>>,
): string {
  const first = `${cluster}/${run}: ${secondsText(durationSeconds)} on ${hosts.length === 1 ? "one host" : `${hosts.length} hosts`}.`;
  if (limit === "unknown")
    return `${first} What limited it is not known: there is too little data.`;
  if (!isResource(limit)) {
    const most = STATES.reduce((a, b) => (shares[b] > shares[a] ? b : a));
    return `${first} No hardware resource limited it: the largest part of the time, ${percent(shares[most])}, was ${isResource(most) ? `spent on ${RESOURCE_LABELS[most]}` : RESOURCE_LABELS[most]}.`;
  }
  const { saturation } = resources[limit];
  const where =
    carriers.length === 0
      ? ""
      : `, on ${carriers.slice(0, 3).join(", ")}${carriers.length > 3 ? ` and ${carriers.length - 3} more` : ""} only`;
  const waited =
    saturation === null ? "" : `; ${WAITED[limit]} ${saturation.toFixed(1)} % of the time`;
  return `${first} The limit was ${RESOURCE_LABELS[limit]}${where}: ${percent(shares[limit])} of the time (${secondsText(shares[limit] * durationSeconds)}) went there${waited}.`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
