/** `perfmon runs`: what a store holds. */
import { openStore } from "../../store/open.ts";
import type { RunSummary } from "../../store/store.ts";
import { formatDuration } from "../../util/quantity.ts";
import type { CliContext } from "../context.ts";
import { grouped, jsonDocument } from "../output/numbers.ts";
import { textTable } from "../output/text-table.ts";
import { storeUrl } from "../store-option.ts";

export async function listRuns(
  options: { readonly db?: string; readonly json?: true },
  context: CliContext,
): Promise<void> {
  const url = storeUrl(options.db, context);
  const store = await openStore(url, { mode: "read" });
  let runs: RunSummary[];
  try {
    runs = await store.runs();
  } finally {
    await store.close();
  }
  runs.sort((a, b) => b.fromMs - a.fromMs);
  if (options.json) context.stdout.write(jsonDocument(runs.map(described)));
  else if (runs.length === 0) {
    context.stderr.write(`${url} holds no runs. Load some: perfmon load RECORDING --db ${url}\n`);
  } else context.stdout.write(runTable(runs));
}

function described(run: RunSummary): unknown {
  const { cluster, run: name, hosts, fromMs, toMs, series, values, commandSeconds } = run;
  return {
    cluster,
    run: name,
    hosts,
    from: new Date(fromMs).toISOString(),
    to: new Date(toMs).toISOString(),
    seconds: (toMs - fromMs) / 1000,
    commandSeconds,
    series,
    values,
  };
}

function runTable(runs: readonly RunSummary[]): string {
  const right = { align: "right" as const };
  const columns = [
    { title: "run" },
    { title: "hosts", ...right },
    { title: "from (UTC)" },
    { title: "recorded", ...right },
    { title: "command", ...right },
    { title: "series", ...right },
    { title: "values", ...right },
  ];
  const rows = runs.map(({ cluster, run, hosts, fromMs, toMs, series, values, commandSeconds }) => [
    `${cluster}/${run}`,
    String(hosts),
    new Date(fromMs).toISOString().slice(0, 19).replace("T", " "),
    formatDuration(toMs - fromMs),
    commandSeconds === null ? "" : formatDuration(commandSeconds * 1000),
    grouped(series),
    grouped(values),
  ]);
  return `${textTable(columns, rows).join("\n")}\n`;
}
