/** `perfmon compare`: two runs in, a verdict out. */
import { Anonymizer } from "../../analysis/anonymize/names.ts";
import { compareRuns } from "../../analysis/compare.ts";
import type { Comparison } from "../../analysis/comparison.ts";
import { NO_COURSES, type Courses } from "../../analysis/courses/course.ts";
import { comparisonCourses } from "../../analysis/courses/of-comparison.ts";
import type { MeasuredRuns } from "../../analysis/measured.ts";
import type { ComparisonOptions } from "../../analysis/options.ts";
import { renderHtml } from "../../report/html.ts";
import { renderJson } from "../../report/json.ts";
import { renderText } from "../../report/text.ts";
import { UsageError, UserError } from "../../util/errors.ts";
import { formatSize } from "../../util/quantity.ts";
import { openSide, shown } from "../compare/side.ts";
import { writeDocument } from "../output/document.ts";
import { wantsColor, type CliContext } from "../context.ts";
import { storeUrl } from "../store-option.ts";

interface CompareOptions {
  readonly db?: string;
  readonly json?: true;
  readonly html?: string;
  readonly anonymize?: true;
  readonly margin: string;
  readonly work?: string;
  readonly failOn?: string;
}

const FAIL_ON: Readonly<Record<string, (comparison: Comparison) => boolean>> = {
  slower: ({ verdict }) => verdict.outcome === "difference" && verdict.slower === "candidate",
  difference: ({ verdict }) => verdict.outcome === "difference",
  inconclusive: ({ verdict }) => verdict.outcome === "inconclusive",
};

/** Comparability notes which say that there is nothing to say: an error, not a verdict. */
const NOTHING_TO_COMPARE = new Set(["empty-run", "no-common-counter"]);

export async function compare(
  baseline: string,
  candidate: string,
  options: CompareOptions,
  context: CliContext,
): Promise<void> {
  const failOn = options.failOn?.split(",") ?? [];
  const unknown = failOn.find((word) => !Object.hasOwn(FAIL_ON, word));
  if (unknown !== undefined) {
    throw new UsageError(
      `--fail-on does not know "${unknown}".`,
      `It knows: ${Object.keys(FAIL_ON).join(", ")}.`,
    );
  }
  const margin = parseMargin(options.margin);
  const work = parseWork(options.work);
  const { comparison, courses } = await compareOperands(
    baseline,
    candidate,
    storeUrl(options.db, context),
    context,
    { margin, ...(work ? { work } : undefined) },
    { courses: options.html !== undefined, anonymize: options.anonymize === true },
  );
  const obstacles = comparison.comparability.filter(({ code }) => NOTHING_TO_COMPARE.has(code));
  if (options.json) context.stdout.write(renderJson(comparison));
  if (obstacles.length > 0) {
    throw new UserError(obstacles.map(({ message }) => message).join("\n"));
  }
  if (!options.json) {
    context.stdout.write(renderText(comparison, { color: wantsColor(context) }));
  }
  if (options.html !== undefined) {
    const size = await writeDocument(options.html, renderHtml(comparison, courses));
    if (!options.json) context.stdout.write(`\nReport: ${options.html} (${formatSize(size)})\n`);
  }
  if (failOn.some((word) => FAIL_ON[word]!(comparison))) context.exitCode = 1;
}

export interface ComparedOperands {
  readonly comparison: Comparison;
  /** For a page; nothing unless asked for. */
  readonly courses: Courses;
}

/** Opens both sides, compares, closes them whatever happens. */
export async function compareOperands(
  baseline: string,
  candidate: string,
  url: string,
  context: CliContext,
  options: ComparisonOptions = {},
  wanted: { readonly courses?: boolean; readonly anonymize?: boolean } = {},
): Promise<ComparedOperands> {
  const names = wanted.anonymize ? new Anonymizer() : undefined;
  const first = await openSide(baseline, url, context);
  try {
    const second = await openSide(candidate, url, context);
    try {
      let measured: MeasuredRuns | undefined;
      const comparison = await compareRuns(shown(first, names), shown(second, names), {
        ...options,
        phases: first.isPhase && second.isPhase,
        onMeasured: (runs) => (measured = runs),
      });
      const courses =
        wanted.courses && measured ? await comparisonCourses(comparison, measured) : NO_COURSES;
      return { comparison, courses };
    } finally {
      await second.close();
    }
  } finally {
    await first.close();
  }
}

/** Percent, `10` or `10%`, to a share. */
function parseMargin(text: string): number {
  const percent = /^(\d+(?:\.\d+)?)\s*%?$/.exec(text)?.[1];
  if (percent === undefined || Number(percent) >= 100) {
    throw new UsageError(
      `--margin ${text} is not a percentage.`,
      "Write a number from 0 to 99, such as 10.",
    );
  }
  return Number(percent) / 100;
}

function parseWork(text: string | undefined): { baseline: number; candidate: number } | undefined {
  if (text === undefined) return undefined;
  const [baseline = NaN, candidate = NaN, more] = text
    .split(",")
    .map((part) => (part.trim() === "" ? NaN : Number(part)));
  if (baseline > 0 && candidate > 0 && isFinite(baseline + candidate) && more === undefined) {
    return { baseline, candidate };
  }
  throw new UsageError(
    `--work ${text} is not two amounts.`,
    "Write the amount of work done by BASELINE and CANDIDATE, such as 1000,950.",
  );
}
