/**
 * `_Total` of disks and interfaces, which tools do not print. Rates add up; an average over
 * operations is weighted by their number; a share of time is the mean over the disks, as in our own
 * `_Total`. A byte counts once: what is built of other devices is left out.
 */
import { countedInTotal, describeBlockDevice } from "../../collectors/block-devices.ts";
import type { SeriesName } from "../cooked/series.ts";
import { describeCounter } from "../cooked/describe.ts";
import type { ReportValues } from "./report-values.ts";

const TOTAL = "_Total";
const COUNTED: Readonly<Record<string, (names: ReadonlySet<string>) => ReadonlySet<string>>> = {
  PhysicalDisk: countedDisks,
  "Network Interface": countedInterfaces,
};

interface Column {
  readonly counter: string;
  /** By instance. */
  readonly values: Map<string, number>;
}

/** Adds the totals to the values of one report. @returns how many */
export function addTotals(report: ReportValues): number {
  let added = 0;
  for (const [object, choose] of Object.entries(COUNTED)) {
    const columns = columnsOf(report, object);
    const instances = new Set([...columns.values()].flatMap(({ values }) => [...values.keys()]));
    if (instances.size === 0 || instances.has(TOTAL)) continue;
    const counted = choose(instances);
    for (const column of columns.values()) {
      const value = totalOf(object, column, columns, counted);
      if (value === undefined) continue;
      report.names.push(totalName(object, column.counter));
      report.values.push(value);
      added++;
    }
  }
  return added;
}

const names = new Map<string, SeriesName>();

function totalName(object: string, counter: string): SeriesName {
  const key = `${object}\\${counter}`;
  let name = names.get(key);
  if (!name) names.set(key, (name = { object, counter, instance: TOTAL }));
  return name;
}

function columnsOf({ names: all, values }: ReportValues, object: string): Map<string, Column> {
  const columns = new Map<string, Column>();
  all.forEach((name, i) => {
    if (name.object !== object) return;
    let column = columns.get(name.counter);
    if (!column) {
      column = { counter: name.counter, values: new Map() };
      columns.set(name.counter, column);
    }
    column.values.set(name.instance ?? "", values[i]!);
  });
  return columns;
}

function totalOf(
  object: string,
  { counter, values }: Column,
  columns: ReadonlyMap<string, Column>,
  counted: ReadonlySet<string>,
): number | undefined {
  const { unit, type, baseRates } = describeCounter(object, counter);
  let sum = 0;
  let weights = 0;
  let count = 0;
  for (const instance of counted) {
    const value = values.get(instance);
    if (value === undefined) continue;
    count++;
    const rates = baseRates?.map((rate) => columns.get(rate)?.values.get(instance));
    const weight = rates ? rates.reduce<number>((all, rate) => all + (rate ?? NaN), 0) : 1;
    sum += weight * value;
    weights += weight;
  }
  if (count === 0 || !Number.isFinite(sum)) return undefined;
  if (baseRates) return weights > 0 ? sum / weights : undefined;
  if (unit !== "%") return type === "average" ? undefined : sum;
  // Links are of different speeds, which are not known.
  return object === "PhysicalDisk" ? sum / count : undefined;
}

/** Names of the kernel's drivers; others (`vg0-root`, with -N) are volumes on top of them. */
const KERNEL_DISK =
  /^(sd|hd|vd|xvd|ubd|dasd)[a-z]+$|^(nvme\d+(c\d+)?n|mmcblk|nbd|rbd|drbd|pmem|loop|z?ram|sr|fd|md|dm-|zd|cciss\/c\d+d|dev\d+-)\d+$/;
const PLAIN_DISK = /^((sd|hd|vd|xvd|ubd|dasd)[a-z]+|(nvme\d+(c\d+)?n|mmcblk)\d+)$/;

const diskChoices = new Map<string, ReadonlySet<string>>();

function countedDisks(disks: ReadonlySet<string>): ReadonlySet<string> {
  const key = [...disks].join(" ");
  const known = diskChoices.get(key);
  if (known) return known;
  const hasPlain = [...disks].some((name) => PLAIN_DISK.test(name));
  const real = [...disks].filter((name) => !hasPlain || KERNEL_DISK.test(name));
  const counted = countedInTotal(
    // Of another host: names alone tell.
    real.map((name) => ({ device: describeBlockDevice("/nonexistent", name, disks), used: true })),
  );
  if (diskChoices.size > 1000) diskChoices.clear();
  diskChoices.set(key, counted);
  return counted;
}

/** A bond counts the bytes of its cards once more. */
function countedInterfaces(interfaces: ReadonlySet<string>): ReadonlySet<string> {
  const cards = [...interfaces].filter((name) => !/^(bond|team)\d/.test(name));
  return new Set(cards.length > 0 ? cards : interfaces);
}
