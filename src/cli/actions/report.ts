/** `perfmon report`: one run in, what limited it out. */
import { Anonymizer } from "../../analysis/anonymize/names.ts";
import { diagnoseRun, type Diagnosis } from "../../analysis/run/diagnose.ts";
import { renderRunHtml } from "../../report/run-html.ts";
import { renderRunJson } from "../../report/run-json.ts";
import { renderRunText } from "../../report/run-text.ts";
import { UserError } from "../../util/errors.ts";
import { formatSize } from "../../util/quantity.ts";
import { openSide, shown } from "../compare/side.ts";
import { wantsColor, type CliContext } from "../context.ts";
import { writeDocument } from "../output/document.ts";
import { storeUrl } from "../store-option.ts";

interface ReportOptions {
  readonly db?: string;
  readonly json?: true;
  readonly html?: string;
  readonly anonymize?: true;
}

export async function report(
  operand: string,
  options: ReportOptions,
  context: CliContext,
): Promise<void> {
  const diagnosis = await diagnoseOperand(operand, options, context);
  if (!diagnosis) {
    throw new UserError(
      `${operand} holds no values in this window: there is nothing to report.`,
      "Record for at least a few intervals, or widen the window.",
    );
  }
  const { report: answer, courses } = diagnosis;
  context.stdout.write(
    options.json ? renderRunJson(answer) : renderRunText(answer, { color: wantsColor(context) }),
  );
  if (options.html === undefined) return;
  const size = await writeDocument(options.html, renderRunHtml(answer, courses ?? undefined));
  if (!options.json) context.stdout.write(`\nReport: ${options.html} (${formatSize(size)})\n`);
}

async function diagnoseOperand(
  operand: string,
  options: ReportOptions,
  context: CliContext,
): Promise<Diagnosis | undefined> {
  const side = await openSide(operand, storeUrl(options.db, context), context);
  try {
    const names = options.anonymize ? new Anonymizer() : undefined;
    const { source, run } = shown(side, names);
    return await diagnoseRun(source, run, {
      phases: side.isPhase,
      withCourses: options.html !== undefined,
    });
  } finally {
    await side.close();
  }
}
