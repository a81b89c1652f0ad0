/**
 * A collector for objects without instances whose fields are numbers with names in files of /proc
 * (meminfo, vmstat, net/snmp, ...): everything there is gets recorded, declared or not.
 */
import type { CounterObject, Field } from "../counter/declaration.ts";
import { type RecordedObject, recordedObject } from "../counter/recorded.ts";
import type { SampleRow, Unit } from "../counter/sample-row.ts";
import type { ReadManner } from "../util/reread-file.ts";
import type { Collector, HostContext, OpenCollector } from "./collector.ts";
import { type SharedSource, type TextParser, openShared } from "./shared-source.ts";

/** Numbers with names: `NumberTable`, or a parser of another form of text that does the same. */
export interface NamedNumbers extends TextParser {
  /** Another array whenever the names have changed. */
  readonly names: readonly (string | undefined)[];
  readonly values: Float64Array;
}

export interface TableSource {
  /** Below /proc: `net/snmp`. */
  readonly file: string;
  readonly manner: ReadManner;
  readonly makeTable: () => NamedNumbers;
  /** Field id for a number of the table; `undefined` for what belongs to other objects. */
  readonly fieldOf: (name: string) => string | undefined;
}

export interface TableOptions {
  /** What kind an undeclared field is; a gauge when left out: it never counts as reset. */
  readonly kindOf?: (field: string) => Field["kind"];
  /**
   * Declared fields that no kernel file has, or only some kernels': each is the sum of the numbers
   * whose names match (`allocstall` of `allocstall_dma`, `allocstall_normal`, ...).
   */
  readonly sums?: Readonly<Record<string, RegExp>>;
}

/**
 * The object must have exactly one field group. Declared fields come first, in their order. A file
 * that holds nothing known, or lost what it held, costs its own fields: the others are recorded.
 */
export function tableCollector(
  object: CounterObject,
  sources: readonly TableSource[],
  options: TableOptions = {},
): Collector {
  return {
    object,
    open(host: HostContext): OpenCollector | undefined {
      const readers: SourceReader[] = [];
      for (const source of sources) {
        const shared = openShared(host, source.file, source.manner, source.makeTable);
        if (shared) readers.push(new SourceReader(source, shared));
      }
      if (readers.length === 0) return undefined;
      const opened = new OpenTableCollector(object, readers, options);
      if (opened.hasFields) return opened;
      opened.close();
      throw opened.nothingKnown();
    },
  };
}

class SourceReader {
  readonly source: TableSource;
  readonly shared: SharedSource<NamedNumbers>;
  /** The table's names for which the positions were made. */
  names: NamedNumbers["names"] = [];
  /** Per number of the table its field's position in the unit, or -1; and that of its sum. */
  positions = new Int32Array(0);
  sums = new Int32Array(0);
  /** Declared fields that the file had at any time. */
  private readonly had = new Set<string>();

  constructor(source: TableSource, shared: SharedSource<NamedNumbers>) {
    this.source = source;
    this.shared = shared;
  }

  /** @returns what is wrong with the file, if it is, now that it has these declared fields */
  trouble(fields: ReadonlySet<string>): string | undefined {
    const { had, names, shared } = this;
    for (const field of fields) had.add(field);
    const lost = [...had].filter((field) => !fields.has(field));
    if (names.every((name) => name === undefined)) return `${shared.path} holds nothing known`;
    if (lost.length > 0) return `${shared.path} has no ${lost.slice(0, 5).join(", ")} any more`;
    return undefined;
  }
}

class OpenTableCollector implements OpenCollector {
  object: RecordedObject;
  private unit: Unit | undefined;
  private readonly declaration: CounterObject;
  private readonly readers: readonly SourceReader[];
  private readonly options: TableOptions;
  /** Positions of the fields that are summed up. */
  private sumPositions: number[] = [];
  /** What is wrong with a file, as of the last time that its names changed. */
  private trouble: string | undefined;

  constructor(declaration: CounterObject, readers: readonly SourceReader[], options: TableOptions) {
    this.declaration = declaration;
    this.readers = readers;
    this.options = options;
    this.object = this.learn();
  }

  get hasFields(): boolean {
    return this.object.groups[0]!.fields.length > 0;
  }

  nothingKnown(): Error {
    const paths = this.readers.map(({ shared }) => shared.path).join(", ");
    return new Error(`${paths}: nothing in it is known`);
  }

  collect(row: SampleRow): void {
    let changed = false;
    for (const reader of this.readers) {
      if (reader.shared.refresh(row).names !== reader.names) changed = true;
    }
    if (changed) this.relearn(row);
    if (!this.hasFields) throw this.nothingKnown();
    const unit = (this.unit ??= row.add(this.object, 0, { name: "" }));
    const { values } = row;
    const { slot } = unit;
    for (const position of this.sumPositions) values[slot + position] = 0;
    for (const { shared, positions, sums } of this.readers) {
      const numbers = shared.parser.values;
      for (let i = 0; i < positions.length; i++) {
        const position = positions[i]!;
        const sum = sums[i]!;
        if (position >= 0) values[slot + position] = numbers[i]!;
        if (sum >= 0) values[slot + sum] = values[slot + sum]! + numbers[i]!;
      }
    }
    row.read(unit);
    if (this.trouble !== undefined) throw new Error(this.trouble);
  }

  close(): void {
    for (const { shared } of this.readers) shared.release();
  }

  /** Another set of fields is another recorded object, and a new unit of it. */
  private relearn(row: SampleRow): void {
    const object = this.learn();
    if (JSON.stringify(object) === JSON.stringify(this.object)) return;
    this.object = object;
    if (this.unit) row.remove(this.unit);
    this.unit = undefined;
  }

  /** Finds out which fields the files have now, and where in the unit each number goes. */
  private learn(): RecordedObject {
    const { declaration, readers } = this;
    const sums = Object.entries(this.options.sums ?? {});
    const declared = new Set(
      declaration.groups.flatMap(({ fields }) => fields.map(({ id }) => id)),
    );
    const present = new Set<string>();
    const summed = new Set<string>();
    this.trouble = undefined;
    for (const reader of readers) {
      reader.names = reader.shared.parser.names;
      const known = new Set<string>();
      for (const name of reader.names) {
        const field = name === undefined ? undefined : reader.source.fieldOf(name);
        if (field !== undefined) present.add(field);
        if (field !== undefined && declared.has(field)) known.add(field);
        for (const [sum, pattern] of sums) {
          if (!name || !pattern.test(name)) continue;
          summed.add(sum);
          known.add(sum);
        }
      }
      this.trouble ??= reader.trouble(known);
    }
    // Where a kernel has the number itself, nothing is summed up.
    for (const field of present) summed.delete(field);
    const extra = [...present]
      .filter((field) => !declared.has(field))
      .map((id): Field => ({ id, kind: this.options.kindOf?.(id) ?? "gauge" }));
    const object = recordedObject(declaration, (id) => present.has(id) || summed.has(id), {
      [declaration.groups[0]!.id]: extra,
    });

    const positionOf = new Map(object.groups[0]!.fields.map(({ id }, i) => [id, i]));
    this.sumPositions = [...summed].map((field) => positionOf.get(field)!);
    for (const reader of readers) {
      reader.positions = Int32Array.from(reader.names, (name) => {
        const field = name === undefined ? undefined : reader.source.fieldOf(name);
        return field === undefined ? -1 : positionOf.get(field)!;
      });
      reader.sums = Int32Array.from(reader.names, (name) => {
        const sum = sums.find(([id, pattern]) => name && summed.has(id) && pattern.test(name));
        return sum ? positionOf.get(sum[0])! : -1;
      });
    }
    return object;
  }
}
