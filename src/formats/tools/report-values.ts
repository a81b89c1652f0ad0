/**
 * The values of our counters that a tool's report holds. What no mapping names becomes a counter of
 * the object `Imported`: `Imported(extended/sda)\iostat tps`.
 */
import type { ToolReport, ToolRow, ToolTable } from "../../toolout/tool-report.ts";
import type { SeriesName } from "../cooked/series.ts";
import { mappingOf } from "./all.ts";
import type { ColumnTarget, TableMapping, ToolMapping } from "./mapping.ts";
import { addTotals } from "./totals.ts";

/** Values by name, in two arrays of one length. */
export interface ReportValues {
  readonly names: SeriesName[];
  readonly values: number[];
}

/** What became of the numbers that were printed. */
export interface CellTally {
  /** Numbers in the tables of samples. */
  numbers: number;
  /** That are counters of ours. */
  mapped: number;
  /** That are counters of `Imported`. */
  imported: number;
  /** In columns that tell which instance a row is of (PID, UID, CPU). */
  identity: number;
  /** In rows that the mapping leaves out (a sum over other rows). */
  leftOut: number;
  /** In a second column of the same counter, less exact (top's TIME beside TIME+). */
  repeated: number;
  /** Values that follow from what is printed: not numbers that were printed. */
  derived: number;
}

/** Instances that are remembered; processes come and go. */
const MOST_ROWS = 20_000;
/** Tables that are no measurements. */
const NOT_MEASURED = new Set(["comment"]);

interface DirectCell {
  readonly at: number;
  readonly name: SeriesName;
  readonly scale: number;
}

interface DerivedCell {
  readonly from: readonly number[];
  readonly name: SeriesName;
  readonly value: (...cells: number[]) => number | undefined;
}

interface RowPlan {
  readonly mapped: readonly DirectCell[];
  readonly imported: readonly DirectCell[];
  readonly derived: readonly DerivedCell[];
  readonly identity: readonly number[];
  readonly leftOut: readonly number[];
  readonly repeated: readonly number[];
}

interface TablePlan {
  readonly table: string;
  readonly columns: readonly string[];
  readonly rows: Map<string, RowPlan>;
}

export function emptyTally(): CellTally {
  return { numbers: 0, mapped: 0, imported: 0, identity: 0, leftOut: 0, repeated: 0, derived: 0 };
}

export class ReportMapper {
  readonly tally = emptyTally();
  private readonly mapping: ToolMapping;
  private readonly plans: TablePlan[] = [];

  /** @param tool `Tool.id` */
  constructor(tool: string) {
    this.mapping = mappingOf(tool);
  }

  /** @param report a measurement: neither since boot nor a summary */
  map(report: ToolReport): ReportValues {
    const out: ReportValues = { names: [], values: [] };
    for (const table of report.tables) {
      if (NOT_MEASURED.has(table.name)) continue;
      const plan = this.planOf(table);
      if (plan.rows.size > MOST_ROWS) plan.rows.clear();
      for (const row of table.rows) this.row(plan, row, out);
    }
    this.tally.derived += addTotals(out);
    return out;
  }

  private row(plan: TablePlan, row: ToolRow, out: ReportValues): void {
    const { tally } = this;
    let known = plan.rows.get(row.instance);
    if (!known) plan.rows.set(row.instance, (known = rowPlan(this.mapping, plan, row)));
    const add = ({ at, name, scale }: DirectCell): number => {
      const cell = row.cells[at];
      if (typeof cell !== "number") return 0;
      out.names.push(name);
      out.values.push(scale === 1 ? cell : scaled(cell, scale));
      return 1;
    };
    const count = (at: number): number => (typeof row.cells[at] === "number" ? 1 : 0);
    for (const cell of row.cells) if (typeof cell === "number") tally.numbers++;
    for (const cell of known.mapped) tally.mapped += add(cell);
    for (const cell of known.imported) tally.imported += add(cell);
    for (const at of known.identity) tally.identity += count(at);
    for (const at of known.leftOut) tally.leftOut += count(at);
    for (const at of known.repeated) tally.repeated += count(at);
    for (const { from, name, value } of known.derived) {
      const cells = from.map((at) => row.cells[at]);
      if (!cells.every((cell) => typeof cell === "number")) continue;
      const result = value(...cells);
      if (result === undefined) continue;
      out.names.push(name);
      out.values.push(result);
      tally.derived++;
    }
  }

  private planOf({ name, columns }: ToolTable): TablePlan {
    const same = (plan: TablePlan) =>
      plan.table === name &&
      (plan.columns === columns ||
        (plan.columns.length === columns.length &&
          plan.columns.every((title, i) => title === columns[i])));
    let plan = this.plans.find(same);
    if (!plan) this.plans.push((plan = { table: name, columns, rows: new Map() }));
    return plan;
  }
}

/** A decimal number times a power of ten has no more digits than it had: 0.61 ms are 0.00061 s. */
function scaled(cell: number, scale: number): number {
  return scale < 1 && Number.isInteger(1 / scale) ? cell / (1 / scale) : cell * scale;
}

function rowPlan(mapping: ToolMapping, { table, columns }: TablePlan, row: ToolRow): RowPlan {
  const ofTable = mapping.tables.filter((candidate) => candidate.table === table);
  const taking = ofTable.flatMap((to) => {
    const instance = to.instance ? to.instance(row.instance) : row.instance;
    return instance === undefined ? [] : [{ to, instance }];
  });
  const isSkipped = ofTable.length > 0 && taking.length === 0;
  const plan = {
    mapped: [] as DirectCell[],
    imported: [] as DirectCell[],
    derived: [] as DerivedCell[],
    identity: [] as number[],
    leftOut: [] as number[],
    repeated: [] as number[],
  };
  const nameOf = (instance: string, object: string, counter: string): SeriesName =>
    seriesName(object, counter, instance, attributesOf(object, columns, row));
  columns.forEach((title, at) => {
    if (ofTable.some(({ attributes }) => attributes?.includes(title))) {
      plan.identity.push(at);
      return;
    }
    if (isSkipped) {
      plan.leftOut.push(at);
      return;
    }
    const found = taking.find(({ to }) => Object.hasOwn(to.columns, title));
    if (!found) {
      plan.imported.push({ at, name: importedName(mapping.tool, table, title, row), scale: 1 });
      return;
    }
    const target = found.to.columns[title]!;
    if (isRepeated(target, found.to, columns, title)) {
      plan.repeated.push(at);
      return;
    }
    const { object, counter, scale = 1 } = target;
    plan.mapped.push({ at, name: nameOf(found.instance, object, counter), scale });
  });
  for (const { to, instance } of taking) {
    for (const target of derivedOf(to, columns)) {
      const name = nameOf(instance, target.object, target.counter);
      if (plan.mapped.some((direct) => isSame(direct.name, name))) continue;
      const from = target.from.map((title) => columns.indexOf(title));
      plan.derived.push({ from, name, value: target.value });
    }
  }
  return plan;
}

/** Of several columns of one counter, that is taken which the mapping names first. */
function isRepeated(
  { object, counter }: ColumnTarget,
  { columns: targets }: TableMapping,
  columns: readonly string[],
  title: string,
): boolean {
  const first = Object.entries(targets).find(
    ([other, to]) => to.object === object && to.counter === counter && columns.includes(other),
  );
  return first?.[0] !== title;
}

function derivedOf({ derived = [] }: TableMapping, columns: readonly string[]) {
  return derived.filter(({ from }) => from.every((title) => columns.includes(title)));
}

function isSame(a: SeriesName, b: SeriesName): boolean {
  return a.object === b.object && a.counter === b.counter;
}

/** @param path as mappings write it: `sda/sda1` for a partition; slashes in names of processes are no parents */
function seriesName(
  object: string,
  counter: string,
  path: string,
  attributes: Readonly<Record<string, string>> | undefined,
): SeriesName {
  const slash = object === "Disk Partition" ? path.indexOf("/") : -1;
  return {
    object,
    counter,
    instance: path.slice(slash + 1),
    ...(slash < 0 ? undefined : { parent: path.slice(0, slash) }),
    ...(attributes ? { attributes } : undefined),
  };
}

/** Of a process its user. Never its command line, which may hold passwords. */
function attributesOf(
  object: string,
  columns: readonly string[],
  { cells }: ToolRow,
): Readonly<Record<string, string>> | undefined {
  if (object !== "Process") return undefined;
  const user = cells[columns.indexOf("USER")];
  return typeof user === "string" ? { user } : undefined;
}

/** The table tells apart what has one title in several of them; it is the instance where there is none. */
function importedName(tool: string, table: string, title: string, row: ToolRow): SeriesName {
  const isShare = title.startsWith("%") || title.endsWith("-percent");
  return {
    object: "Imported",
    counter: `${tool} ${title}`,
    ...(row.instance === "" ? { instance: table } : { parent: table, instance: row.instance }),
    // As printed, in whatever unit the tool has.
    unit: isShare ? "%" : "none",
    type: "gauge",
  };
}
