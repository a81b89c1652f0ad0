/**
 * `perfmon demo`: the whole way from two recordings to a verdict, with a cause that is known. The
 * job hashes a fixed amount on every processor; the second time a competitor does the same without
 * end. What comes out must be that the second run is slower, and that the CPU is why.
 */
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { Comparison } from "../../analysis/comparison.ts";
import { findRecordings } from "../../recording/recording.ts";
import { renderText } from "../../report/text.ts";
import { openStore } from "../../store/open.ts";
import { UsageError, UserError } from "../../util/errors.ts";
import { formatDuration } from "../../util/quantity.ts";
import { compareOperands } from "../actions/compare.ts";
import { loadAll } from "../actions/load.ts";
import { wantsColor, type CliContext } from "../context.ts";
import { grouped } from "../output/numbers.ts";
import { agentScript, busyScript, Children } from "./children.ts";
import { makeWorkplace, type Workplace } from "./workplace.ts";

interface DemoOptions {
  readonly keep?: string;
  readonly seconds: string;
}

/** Long enough that recording costs next to nothing, short enough for a dozen samples of the job. */
const LONG_JOB_SECONDS = 10;
const CALIBRATION_SECONDS = 2;

export async function runDemo(options: DemoOptions, context: CliContext): Promise<void> {
  const seconds = Number(options.seconds);
  if (!(seconds >= 3 && seconds <= 600)) {
    throw new UsageError(`--seconds ${options.seconds} is not a number from 3 to 600.`);
  }
  const workplace = makeWorkplace(options.keep);
  const children = new Children(context.interruption());
  const say = (text: string) => context.stderr.write(`${text}\n`);
  try {
    const comparison = await demonstrate(seconds, workplace, children, context, say);
    context.stdout.write(`\n${renderText(comparison, { color: wantsColor(context) })}\n`);
    context.stdout.write(`${whereToLookFurther(workplace, comparison)}\n`);
    checkVerdict(comparison);
  } finally {
    await children.stop();
    workplace.remove();
  }
}

async function demonstrate(
  seconds: number,
  { folder }: Workplace,
  children: Children,
  context: CliContext,
  say: (text: string) => void,
): Promise<Comparison> {
  const workers = availableParallelism();
  say(`1/5 Measuring how much ${workers} processes can hash in ${CALIBRATION_SECONDS} s ...`);
  const rounds = await calibrate(seconds, workers, children);
  const job = [busyScript(), "rounds", String(rounds), String(workers)];
  const amount = `${grouped(rounds * workers)} blocks of 64 KiB with ${workers} processes`;

  say(`2/5 Recording the job undisturbed: hashing ${amount} ...`);
  const interval = seconds < LONG_JOB_SECONDS ? "500ms" : "1s";
  await record(join(folder, "undisturbed"), "undisturbed", interval, job, children, say);

  say(`3/5 Recording the same job against ${workers} competing processes ...`);
  const competitor = children.start([busyScript(), "seconds", "3600", String(workers)]);
  await record(join(folder, "disturbed"), "disturbed", interval, job, children, say);
  competitor.kill("SIGTERM");

  const store = join(folder, "demo.duckdb");
  say(`4/5 Loading both recordings into ${store} ...`);
  const writer = await openStore(store, { mode: "write" });
  const recordings = findRecordings([folder]);
  recordings.sort((a, b) => a.manifest.startedMs - b.manifest.startedMs);
  try {
    await loadAll(writer, recordings, context, {
      onLoaded: ({ manifest }, { values }, elapsedMs) =>
        say(`    ${manifest.run}: ${grouped(values)} values in ${formatDuration(elapsedMs)}`),
    });
  } finally {
    await writer.close();
  }
  children.throwIfInterrupted();

  say("5/5 Comparing ...");
  return (await compareOperands("demo/undisturbed", "demo/disturbed", store, context)).comparison;
}

/** @returns rounds that one worker hashes in the given time while all of them are at it */
async function calibrate(seconds: number, workers: number, children: Children): Promise<number> {
  const script = [busyScript(), "seconds", String(CALIBRATION_SECONDS), String(workers)];
  const { exitCode, stdout, stderr } = await children.run(script);
  const total = Number(stdout);
  if (exitCode !== 0 || !(total > 0)) throw new Error(`calibration failed: ${stderr}`);
  return Math.max(1, Math.round((total / workers / CALIBRATION_SECONDS) * seconds));
}

async function record(
  folder: string,
  run: string,
  interval: string,
  job: readonly string[],
  children: Children,
  say: (text: string) => void,
): Promise<void> {
  const startedMs = performance.now();
  const { exitCode, stderr } = await children.run([
    agentScript(),
    "-o",
    folder,
    "-i",
    interval,
    "--cluster",
    "demo",
    "--run",
    run,
    "--",
    process.execPath,
    ...process.execArgv,
    ...job,
  ]);
  if (exitCode !== 0)
    throw new UserError(`The recording of the ${run} job failed: ${stderr.trim()}`);
  say(`    done in ${formatDuration(performance.now() - startedMs)}`);
}

function whereToLookFurther({ folder, kept }: Workplace, { findings }: Comparison): string {
  const store = join(folder, "demo.duckdb");
  if (!kept) {
    return [
      "Where to look further",
      "  perfmon demo --keep demo      the same, and keeps the recordings and the store",
      "  perfmon counters --explain    what every counter means",
      "  perfmon record -- YOUR JOB    the same with a job of yours; then load and compare",
    ].join("\n");
  }
  const sql = findings[0]?.sql.replace(/\s+/g, " ");
  return [
    "Where to look further",
    `  perfmon runs --db ${store}`,
    `  perfmon compare demo/undisturbed demo/disturbed --db ${store} --json`,
    ...(sql ? [`  perfmon query --db ${store} "${sql.replaceAll('"', '\\"')}"`] : []),
  ].join("\n");
}

/** @throws UserError when the known cause was not found */
function checkVerdict({ verdict }: Comparison): void {
  const { outcome, slower, bottleneck, cluster } = verdict;
  if (
    outcome === "difference" &&
    slower === "candidate" &&
    bottleneck === "cpu" &&
    cluster === "candidate"
  ) {
    return;
  }
  throw new UserError(
    `The demo disturbed the CPU of the second run, but the verdict is: ${outcome}, slower ${slower}, ` +
      `bottleneck ${bottleneck} in ${cluster ?? "neither"}.`,
    "Other work on this machine may have disturbed the first run, too: try again when it is quiet.",
  );
}
