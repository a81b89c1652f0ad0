/** The series of a recording that is being written, by name; and their units in its sample row. */
import type { CounterType, Unit as CounterUnit } from "../../counter/declaration.ts";
import { cookedObject } from "../../counter/cooked-object.ts";
import type { RecordedCounter, RecordedObject } from "../../counter/recorded.ts";
import type { InstanceIdentity, SampleRow, Unit } from "../../counter/sample-row.ts";
import { describeCounter } from "./describe.ts";

export interface SeriesName {
  /** One of ours where there is one (upper and lower case do not matter), else `Imported`. */
  readonly object: string;
  readonly counter: string;
  /** Empty or left out for an object without instances. */
  readonly instance?: string;
  readonly parent?: string;
  /** Of the instance: what was known when it was first seen. */
  readonly attributes?: Readonly<Record<string, string>>;
  /** Of counters that are not declared; guessed from the name when left out. */
  readonly unit?: CounterUnit;
  readonly type?: CounterType;
}

export class Series {
  readonly object: RecordedObject;
  readonly instance: InstanceIdentity;
  /** Keys of the series that tell how many operations per second an average is over. */
  readonly baseRates: readonly string[] | undefined;
  unit: Unit | undefined;
  value = NaN;
  /** Number of the sample in which it was last set. */
  setAt = 0;

  constructor(object: RecordedObject, instance: InstanceIdentity, baseRates?: readonly string[]) {
    this.object = object;
    this.instance = instance;
    this.baseRates = baseRates;
  }
}

export class SeriesTable {
  private readonly row: SampleRow;
  private readonly objects = new Map<string, RecordedObject>();
  /** By key, as named by the caller and as declared. */
  private readonly byKey = new Map<string, Series>();
  private readonly withUnit = new Set<Series>();

  constructor(row: SampleRow) {
    this.row = row;
  }

  series(name: SeriesName): Series {
    const key = keyOf(name);
    let series = this.byKey.get(key);
    if (!series) {
      series = this.make(name);
      this.byKey.set(key, series);
    }
    return series;
  }

  /** Operations per second that an average is over in the current sample, when all of them are known. */
  baseRateOf({ baseRates = [] }: Series): number | undefined {
    let sum = 0;
    for (const key of baseRates) {
      const rate = this.byKey.get(key);
      if (rate?.setAt !== this.row.sample) return undefined;
      sum += rate.value;
    }
    return sum;
  }

  /** The unit of a series in the row, added when it has none. */
  unitOf(series: Series): Unit {
    if (!series.unit) {
      series.unit = this.row.add(series.object, 0, series.instance);
      this.withUnit.add(series);
    }
    return series.unit;
  }

  /** Lets go of what was not set in the last `samples` samples. */
  forget(samples: number): void {
    const oldest = this.row.sample - samples;
    for (const series of this.withUnit) {
      if (series.setAt > oldest) continue;
      this.row.remove(series.unit!);
      series.unit = undefined;
      this.withUnit.delete(series);
    }
    for (const [key, series] of this.byKey) {
      if (series.setAt <= oldest) this.byKey.delete(key);
    }
  }

  private make(name: SeriesName): Series {
    const { instance = "", parent, attributes } = name;
    const { object, counter, unit, type, baseRates } = describeCounter(
      name.object,
      name.counter,
      name,
    );
    const key = keyOf({ ...name, object, counter });
    const known = this.byKey.get(key);
    if (known) return known;
    const identity = {
      name: instance,
      ...(parent ? { parent } : undefined),
      ...(attributes ? { attributes } : undefined),
    };
    const series = new Series(
      this.objectOf(object, { name: counter, unit, type }),
      identity,
      baseRates?.map((rate) => keyOf({ ...name, object, counter: rate })),
    );
    this.byKey.set(key, series);
    return series;
  }

  private objectOf(
    object: string,
    counter: Pick<RecordedCounter, "name" | "type" | "unit">,
  ): RecordedObject {
    const key = [object, counter.name, counter.unit, counter.type].join("\0");
    let recorded = this.objects.get(key);
    if (!recorded) {
      recorded = cookedObject(object, counter);
      this.objects.set(key, recorded);
    }
    return recorded;
  }
}

function keyOf({ object, counter, instance = "", parent = "" }: SeriesName): string {
  return `${object}\0${counter}\0${parent}\0${instance}`;
}
