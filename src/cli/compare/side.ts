/** One side of a comparison: a run in a store, or recordings that are loaded on the fly. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AnonymousSource } from "../../analysis/anonymize/anonymous-source.ts";
import type { Anonymizer } from "../../analysis/anonymize/names.ts";
import type { RunSelector, Source } from "../../analysis/source.ts";
import type { Recording } from "../../recording/recording.ts";
import { openStore } from "../../store/open.ts";
import type { RunSummary, Store } from "../../store/store.ts";
import { UserError } from "../../util/errors.ts";
import { loadAll } from "../actions/load.ts";
import type { CliContext } from "../context.ts";
import { openInputs } from "../inputs.ts";
import { didYouMean, nearNames } from "../near-names.ts";
import { SharedStores } from "./shared-stores.ts";
import { parseOperand, resolveWindow, type Operand } from "./operand.ts";

export interface ComparedSide {
  readonly source: Store;
  readonly run: RunSelector;
  /** It is narrowed to the stretch between two marks. */
  readonly isPhase: boolean;
  /** Closes the store; takes away a temporary one. */
  close(): Promise<void>;
}

/**
 * @param text folder or `cluster/run`, with or without a window
 * @param url the store that `cluster/run` is looked for in
 * @param stores of all sides, where there are several
 * @throws UserError when there is no such run, or a folder holds more than one
 */
export async function openSide(
  text: string,
  url: string,
  context: CliContext,
  stores = new SharedStores(),
): Promise<ComparedSide> {
  const operand = parseOperand(text, existsSync);
  const side = existsSync(operand.name)
    ? await sideOfFolder(operand.name, context)
    : await sideOfStore(operand.name, url, stores);
  try {
    const run = { ...side.run, ...(await windowOf(operand, side)) };
    return { ...side, run, isPhase: operand.narrowing?.kind === "mark" };
  } catch (error) {
    await side.close();
    throw error;
  }
}

/** What an analysis is to see of a side: its own names, or other ones. */
export function shown(
  { source, run }: ComparedSide,
  names: Anonymizer | undefined,
): { readonly source: Source; readonly run: RunSelector } {
  return { source: names ? new AnonymousSource(source, names) : source, run };
}

async function windowOf({ narrowing }: Operand, { source, run }: ComparedSide) {
  return narrowing ? resolveWindow(narrowing, await source.describeRun(run)) : {};
}

async function sideOfFolder(path: string, context: CliContext): Promise<ComparedSide> {
  const inputs = await openInputs([path], context);
  try {
    return await sideOfRecordings(path, inputs.recordings, context);
  } finally {
    inputs.close();
  }
}

async function sideOfRecordings(
  path: string,
  recordings: readonly Recording[],
  context: CliContext,
): Promise<ComparedSide> {
  const names = new Set(recordings.map(({ manifest }) => `${manifest.cluster}/${manifest.run}`));
  if (names.size > 1) {
    throw new UserError(
      `${path} holds recordings of several runs: ${[...names].join(", ")}.`,
      "Give the folder of one run, or load them all and compare by name: perfmon load, perfmon runs.",
    );
  }
  const { cluster, run } = recordings[0]!.manifest;
  const folder = mkdtempSync(join(tmpdir(), "perfmon-compare-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  // Also when the process is ended in between.
  process.once("exit", remove);
  const file = join(folder, "compare.duckdb");
  try {
    const writer = await openStore(file, { mode: "write" });
    try {
      await loadAll(writer, recordings, context);
    } finally {
      await writer.close();
    }
    const source = await openStore(file, { mode: "read" });
    const close = async (): Promise<void> => {
      await source.close();
      remove();
      process.off("exit", remove);
    };
    return { source, run: { cluster, run }, isPhase: false, close };
  } catch (error) {
    remove();
    throw error;
  }
}

async function sideOfStore(name: string, url: string, stores: SharedStores): Promise<ComparedSide> {
  const isFile = !/^[a-z][a-z0-9+.-]+:/i.test(url);
  if (isFile && !existsSync(url)) {
    throw new UserError(
      `${name} is neither a folder nor a run in a store: there is no store ${url}.`,
      "Give a folder of recordings, or name the store with --db.",
    );
  }
  const source = await stores.open(url);
  try {
    const runs = await source.runs();
    const found = runs.find((run) => runName(run) === name);
    if (!found) throw noSuchRun(name, url, runs);
    const run = { cluster: found.cluster, run: found.run };
    return { source, run, isPhase: false, close: () => stores.close(url) };
  } catch (error) {
    await stores.close(url);
    throw error;
  }
}

function noSuchRun(name: string, url: string, runs: readonly RunSummary[]): UserError {
  const near = nearNames(name, runs.map(runName));
  const list = `\`perfmon runs --db ${url}\` lists the runs of that store.`;
  return new UserError(
    `${name} is neither a folder nor a run in ${url}.`,
    `${didYouMean(near)}${list}`,
  );
}

function runName({ cluster, run }: RunSummary): string {
  return `${cluster}/${run}`;
}
