/** Numbers of /proc/zoneinfo, summed into units: what `NUMA Node Memory` and `Memory Zone` share. */
import type { RecordedObject } from "../counter/recorded.ts";
import type { InstanceIdentity, SampleRow, Unit } from "../counter/sample-row.ts";
import { type Zone, ZoneInfo } from "../procfs/zoneinfo.ts";
import type { HostContext } from "./collector.ts";
import { ReadPace } from "./read-pace.ts";
import { type SharedSource, openShared } from "./shared-source.ts";

/** Of 100 CPUs and more. The kernel takes some 50 us for this file where there are two. */
const LONG_BYTES = 64 * 1024;

/** How zones become instances, and their numbers fields. */
export interface ZoneView {
  readonly object: RecordedObject;
  /** Position of the field group that is written. */
  readonly group: number;
  /** How often the file is read; 0 for whenever the collector is asked. */
  readonly seconds: number;
  /** Zones of the same parent and name are summed up. */
  readonly instanceOf: (zone: Zone) => InstanceIdentity;
  /** @returns the field that a number belongs to, `undefined` for none */
  readonly fieldOf: (name: string) => string | undefined;
}

interface Member {
  readonly unit: Unit;
  readonly zone: Zone;
  /** Per number of the zone its position in the unit, or -1. */
  readonly positions: Int32Array;
}

/** @returns `undefined` where there is no such file, or no zone in it has memory */
export function openZoneinfo(host: HostContext): SharedSource<ZoneInfo> | undefined {
  const source = openShared(host, "zoneinfo", "pieces", () => new ZoneInfo());
  if (source && !source.parser.zones.some(hasMemory)) {
    source.release();
    return undefined;
  }
  return source;
}

/** Names of the fields that this kernel has. */
export function zoneFields({ zones }: ZoneInfo, fieldOf: ZoneView["fieldOf"]): Set<string> {
  const names = zones.filter(hasMemory).flatMap(({ numbers }) => [...numbers.names]);
  return new Set(names.flatMap((name) => (name && fieldOf(name)) ?? []));
}

export class ZoneUnits {
  private readonly pace: ReadPace;
  private readonly source: SharedSource<ZoneInfo>;
  private readonly view: ZoneView;
  private members: Member[] = [];
  private units: Unit[] = [];
  /** The parser's version for which the members were made. */
  private version = -1;

  constructor(host: HostContext, source: SharedSource<ZoneInfo>, view: ZoneView) {
    this.pace = new ReadPace(host, view.seconds, LONG_BYTES);
    this.source = source;
    this.view = view;
  }

  /** Reads the file, if it is time to. */
  collect(row: SampleRow): void {
    if (!this.pace.isDue) return;
    const info = this.source.refresh(row);
    this.pace.hasRead(info.sizeBytes);
    if (info.version !== this.version) this.adopt(row, info);
    const { values } = row;
    for (const { slot, width } of this.units) values.fill(0, slot, slot + width);
    for (const { unit, zone, positions } of this.members) {
      const { slot } = unit;
      const numbers = zone.numbers.values;
      for (let i = 0; i < positions.length; i++) {
        const position = positions[i]!;
        if (position >= 0) values[slot + position] = values[slot + position]! + numbers[i]!;
      }
    }
    for (const unit of this.units) row.read(unit);
  }

  close(): void {
    this.source.release();
  }

  /** Zones or their numbers changed (memory was added or taken away). */
  private adopt(row: SampleRow, info: ZoneInfo): void {
    this.version = info.version;
    const { object, group, instanceOf, fieldOf } = this.view;
    const positionOf = new Map(object.groups[group]!.fields.map(({ id }, i) => [id, i]));
    const known = new Map(this.units.map((unit) => [pathOf(unit.instance), unit]));
    const units = new Map<string, Unit>();
    this.members = info.zones.filter(hasMemory).map((zone) => {
      const instance = instanceOf(zone);
      const path = pathOf(instance);
      const unit = units.get(path) ?? known.get(path) ?? row.add(object, group, instance);
      units.set(path, unit);
      const positions = Int32Array.from(zone.numbers.names, (name) => {
        const field = name === undefined ? undefined : fieldOf(name);
        return field === undefined ? -1 : (positionOf.get(field) ?? -1);
      });
      return { unit, zone, positions };
    });
    for (const [path, unit] of known) if (!units.has(path)) row.remove(unit);
    this.units = [...units.values()];
  }
}

/** Kernels since 4.12 list zones without memory, too. */
function hasMemory({ numbers }: Zone): boolean {
  return numbers.values[numbers.names.indexOf("present")]! > 0;
}

function pathOf({ parent, name }: InstanceIdentity): string {
  return `${parent ?? ""}/${name}`;
}
