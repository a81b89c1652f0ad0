/** Tells what became of a step: a line for each host, a total, or JSON; and the exit code. */
import type { Outcome } from "../../cluster/outcome.ts";
import { EXIT } from "../../util/errors.ts";
import type { CliContext } from "../context.ts";
import { jsonDocument } from "../output/numbers.ts";
import { oneLine } from "../output/text-table.ts";

export interface ReportedStep {
  /** `recorded`, `stopped`: what hosts are on which it went well. */
  readonly done: string;
  readonly json: boolean;
  /** More for the JSON document. */
  readonly about?: Readonly<Record<string, unknown>>;
}

/** With more hosts than this, those on which all is well are only counted. */
const MOST_LINES = 50;

export function reportOutcomes<T>(
  context: CliContext,
  hosts: readonly string[],
  outcomes: readonly Outcome<T>[],
  { done, json, about }: ReportedStep,
): void {
  const byHost = new Map(outcomes.map((outcome) => [outcome.host, outcome]));
  const all = hosts.map(
    (host): Outcome<T> =>
      byHost.get(host) ?? {
        host,
        ok: false,
        code: "interrupted",
        message: "not asked: interrupted",
      },
  );
  const failed = all.filter(({ ok }) => !ok);
  if (failed.length > 0) context.exitCode = EXIT.failed;
  if (json) {
    context.stdout.write(
      jsonDocument({
        ...about,
        total: all.length,
        failed: failed.length,
        hosts: all.map(({ host, ok, code, message, details }) => ({
          host,
          ok,
          code,
          message,
          ...details,
        })),
      }),
    );
    return;
  }
  const width = all.reduce((widest, { host }) => Math.max(widest, host.length), 0);
  const line = ({ host, message }: Outcome<T>) => `${host.padEnd(width)}  ${oneLine(message)}\n`;
  if (all.length <= MOST_LINES) {
    for (const outcome of all) if (outcome.ok) context.stdout.write(line(outcome));
  }
  for (const outcome of failed) context.stderr.write(line(outcome));
  const failures = failed.length === 0 ? "" : `, ${failed.length} failed`;
  context.stderr.write(`${all.length - failed.length} of ${all.length} hosts ${done}${failures}\n`);
}
