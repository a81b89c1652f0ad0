/** What `NUMA Node Memory` and `Memory Zone` share: numbers of /proc/zoneinfo, summed into units. */
import type { CounterObject, Field } from "../counter/declaration.ts";
import { type RecordedObject, recordedObject } from "../counter/recorded.ts";
import type { InstanceIdentity, SampleRow, Unit } from "../counter/sample-row.ts";
import { isVmstatCounter } from "../procfs/vmstat.ts";
import { type Zone, ZoneInfo } from "../procfs/zoneinfo.ts";
import type { HostContext, OpenCollector } from "./collector.ts";
import { type SharedSource, openShared } from "./shared-source.ts";

/**
 * The file has five lines per zone and CPU that nobody needs. Where they make it longer than this
 * (some 32 CPUs), it is read every 10 s.
 */
const LONG_BYTES = 16 * 1024;
const LONG_SECONDS = 10;
/** A timer may fire a little early. */
const EARLY_SECONDS = 0.005;

/** How zones become instances, and their numbers fields. */
export interface ZoneView {
  readonly object: CounterObject;
  /** Zones of the same path are summed up. */
  readonly instanceOf: (zone: Zone) => InstanceIdentity;
  /** @returns the field that a number belongs to, `undefined` for none */
  readonly fieldOf: (name: string) => string | undefined;
  /** Whether numbers that the declaration does not name are recorded. */
  readonly keepsUndeclared: (zones: readonly Zone[]) => boolean;
}

interface Member {
  readonly unit: Unit;
  readonly zone: Zone;
  /** Per number of the zone its position in the unit, or -1. */
  readonly positions: Int32Array;
}

export function openZones(host: HostContext, view: ZoneView): OpenCollector | undefined {
  const source = openShared(host, "zoneinfo", "pieces", () => new ZoneInfo());
  if (!source) return undefined;
  if (source.parser.zones.some(hasMemory)) return new OpenZones(host, view, source);
  source.release();
  return undefined;
}

class OpenZones implements OpenCollector {
  object: RecordedObject;
  private readonly host: HostContext;
  private readonly view: ZoneView;
  private readonly source: SharedSource<ZoneInfo>;
  private members: Member[] = [];
  private units: Unit[] = [];
  /** The parser's version for which the members were made. */
  private version = -1;
  private nextDueSeconds = 0;

  constructor(host: HostContext, view: ZoneView, source: SharedSource<ZoneInfo>) {
    this.host = host;
    this.view = view;
    this.source = source;
    this.object = this.recorded(source.parser.zones.filter(hasMemory));
  }

  collect(row: SampleRow): void {
    const now = this.host.monotonicSeconds();
    if (now < this.nextDueSeconds) return;
    const info = this.source.refresh(row);
    if (info.sizeBytes > LONG_BYTES) this.nextDueSeconds = now + LONG_SECONDS - EARLY_SECONDS;
    if (info.version !== this.version) this.adopt(row, info);
    const { values } = row;
    for (const { slot, width } of this.units) values.fill(0, slot, slot + width);
    for (const { unit, zone, positions } of this.members) {
      const { slot } = unit;
      const numbers = zone.numbers.values;
      for (let i = 0; i < positions.length; i++) {
        const at = slot + positions[i]!;
        if (at >= slot) values[at] = values[at]! + numbers[i]!;
      }
    }
    for (const unit of this.units) row.read(unit);
  }

  close(): void {
    this.source.release();
  }

  /** Zones or their numbers changed (memory was added): units that are still right are kept. */
  private adopt(row: SampleRow, info: ZoneInfo): void {
    this.version = info.version;
    const zones = info.zones.filter(hasMemory);
    const object = this.recorded(zones);
    const isSame = JSON.stringify(object) === JSON.stringify(this.object);
    if (!isSame) this.object = object;
    const known = new Map(this.units.map((unit) => [pathOf(unit.instance), unit]));
    const units = new Map<string, Unit>();
    const positionOf = new Map(this.object.groups[0]!.fields.map(({ id }, i) => [id, i]));
    this.members = zones.map((zone) => {
      const instance = this.view.instanceOf(zone);
      const path = pathOf(instance);
      const unit =
        units.get(path) ??
        (isSame ? known.get(path) : undefined) ??
        row.add(this.object, 0, instance);
      units.set(path, unit);
      const positions = Int32Array.from(zone.numbers.names, (name) => {
        const field = name === undefined ? undefined : this.view.fieldOf(name);
        return field === undefined ? -1 : (positionOf.get(field) ?? -1);
      });
      return { unit, zone, positions };
    });
    for (const [path, unit] of known) if (units.get(path) !== unit) row.remove(unit);
    this.units = [...units.values()];
  }

  private recorded(zones: readonly Zone[]): RecordedObject {
    const { object, fieldOf, keepsUndeclared } = this.view;
    const names = zones.flatMap(({ numbers }) => [...numbers.names]);
    const present = new Set(names.flatMap((name) => (name && fieldOf(name)) ?? []));
    const group = object.groups[0]!;
    const declared = new Set(group.fields.map(({ id }) => id));
    const extra = [...present]
      .filter((id) => !declared.has(id) && keepsUndeclared(zones))
      .map((id): Field => ({ id, kind: isVmstatCounter(id) ? "counter" : "gauge" }));
    return recordedObject(object, (id) => present.has(id), { [group.id]: extra });
  }
}

/** Kernels since 4.12 list zones without memory, too. */
function hasMemory({ numbers }: Zone): boolean {
  return numbers.values[numbers.names.indexOf("present")] !== 0;
}

function pathOf({ parent, name }: InstanceIdentity): string {
  return `${parent ?? ""}/${name}`;
}
