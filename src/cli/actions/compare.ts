/** `perfmon compare`: two runs in, a verdict out. */
import { readFileSync } from "node:fs";
import { Anonymizer } from "../../analysis/anonymize/names.ts";
import { compareRuns } from "../../analysis/compare.ts";
import type { Comparison } from "../../analysis/comparison.ts";
import { NO_COURSES, type Courses } from "../../analysis/courses/course.ts";
import { comparisonCourses } from "../../analysis/courses/of-comparison.ts";
import type { MeasuredRuns } from "../../analysis/measured.ts";
import type { ComparisonOptions } from "../../analysis/options.ts";
import { parseOverrides } from "../../analysis/rules/override.ts";
import { renderHtml } from "../../report/html.ts";
import { renderJson } from "../../report/json.ts";
import { renderText } from "../../report/text.ts";
import { systemErrorCode, UsageError, UserError } from "../../util/errors.ts";
import { formatSize, parseSize } from "../../util/quantity.ts";
import { SharedStores } from "../compare/shared-stores.ts";
import { openSide, shown, type ComparedSide } from "../compare/side.ts";
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
  readonly rules?: string;
  readonly baselineRuns?: string;
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
    { margin, ...(work ? { work } : undefined), ...overridesOf(options.rules) },
    {
      courses: options.html !== undefined,
      anonymize: options.anonymize === true,
      ...(options.baselineRuns === undefined ? {} : { repeats: options.baselineRuns }),
    },
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

interface Wanted {
  readonly courses?: boolean;
  readonly anonymize?: boolean;
  /** Of the baseline, as `--baseline-runs` has them. */
  readonly repeats?: string;
}

/** Opens both sides, and the repeats of the baseline; compares, closes them whatever happens. */
export async function compareOperands(
  baseline: string,
  candidate: string,
  url: string,
  context: CliContext,
  options: ComparisonOptions = {},
  wanted: Wanted = {},
): Promise<ComparedOperands> {
  const names = wanted.anonymize ? new Anonymizer() : undefined;
  const opened: ComparedSide[] = [];
  const stores = new SharedStores();
  const open = async (operand: string): Promise<ComparedSide> => {
    const side = await openSide(operand, url, context, stores);
    opened.push(side);
    return side;
  };
  try {
    const first = await open(baseline);
    const second = await open(candidate);
    const repeated: ComparedSide[] = [];
    for (const name of await repeatNames(wanted.repeats, first, second)) {
      repeated.push(await open(name));
    }
    let measured: MeasuredRuns | undefined;
    const comparison = await compareRuns(shown(first, names), shown(second, names), {
      ...options,
      phases: first.isPhase && second.isPhase,
      ...(repeated.length > 0 ? { repeats: repeated.map((one) => shown(one, names)) } : undefined),
      onMeasured: (runs) => (measured = runs),
    });
    const courses =
      wanted.courses && measured ? await comparisonCourses(comparison, measured) : NO_COURSES;
    return { comparison, courses };
  } finally {
    for (const side of opened.reverse()) await side.close();
  }
}

/** `all`: the other runs of the baseline's cluster in its store, but for the candidate. */
async function repeatNames(
  repeats: string | undefined,
  { source, run: { cluster, run } }: ComparedSide,
  candidate: ComparedSide,
): Promise<string[]> {
  if (repeats === undefined) return [];
  const names = repeats.split(",").map((name) => name.trim());
  if (names.includes("")) {
    throw new UsageError(
      `--baseline-runs ${repeats} has an empty name.`,
      "Write runs or folders separated by commas, or all.",
    );
  }
  if (repeats !== "all") return names;
  const others = (await source.runs()).filter(
    (one) =>
      one.cluster === cluster &&
      one.run !== run &&
      !(one.cluster === candidate.run.cluster && one.run === candidate.run.run),
  );
  if (others.length === 0) {
    throw new UserError(
      `There is no other run of ${cluster} than those that are compared.`,
      "Load repeats of the baseline, or leave out --baseline-runs.",
    );
  }
  return others.map((one) => `${one.cluster}/${one.run}`);
}

function overridesOf(file: string | undefined): Partial<ComparisonOptions> {
  if (file === undefined) return {};
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new UserError(
      `${file} cannot be read (${systemErrorCode(error) ?? "error"}).`,
      "Give the file of your limits; docs/rules.md shows what it looks like.",
    );
  }
  return parseOverrides(text, file);
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

/** `1TB` for both, or `1000,950`: numbers, or sizes of data. */
function parseWork(text: string | undefined): { baseline: number; candidate: number } | undefined {
  if (text === undefined) return undefined;
  const amounts = text.split(",").map(amountOf);
  const [baseline = NaN, candidate = baseline] = amounts;
  if (amounts.length <= 2 && baseline > 0 && candidate > 0 && isFinite(baseline + candidate)) {
    return { baseline, candidate };
  }
  throw new UsageError(
    `--work ${text} is not an amount, or two of them.`,
    "Write how much both runs did, such as 1TB, or what BASELINE and CANDIDATE did: 1000,950.",
  );
}

function amountOf(text: string): number {
  const trimmed = text.trim();
  if (/^[\d.]+\s*[kmgt]i?b?$/i.test(trimmed)) return parseSize(trimmed);
  return trimmed === "" ? NaN : Number(trimmed);
}
