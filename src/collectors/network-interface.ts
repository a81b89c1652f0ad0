/** `Network Interface`: cards, bonds and teams, from /proc/net/dev and /sys/class/net. */
import type { CounterObject } from "../counter/declaration.ts";
import { recordedObject } from "../counter/recorded.ts";
import type { InstanceIdentity, SampleRow, Unit } from "../counter/sample-row.ts";
import { NET_DEV_COLUMNS } from "../procfs/net-dev.ts";
import type { Collector, OpenCollector } from "./collector.ts";
import { NETWORK_COUNTERS, NETWORK_FIELDS, NETWORK_GROUP } from "./network-counters.ts";
import { openInterfaceLines, type InterfaceLine, type InterfaceLines } from "./network-lines.ts";
import { RunningTotal, totalMember, type TotalMember } from "./running-total.ts";
import type { SharedSource } from "./shared-source.ts";
import { ShownLines, writeUnit } from "./shown-lines.ts";

const OBJECT: CounterObject = {
  name: "Network Interface",
  help:
    "Network cards and bonds or teams of them, as the kernel's drivers count. The _Total counts each " +
    "byte once: cards that are part of a bond, a team or a synthetic card (Azure) are shown but " +
    "count through it. In a container, which has no card, the interface that leads outside takes " +
    "its place. Loopback, bridges, VLANs, tunnels and veth are in Virtual Network Interface.",
  instances: { what: "one per network card or bond", total: true },
  cadence: "every-sample",
  groups: [NETWORK_GROUP],
  counters: NETWORK_COUNTERS,
};

export const networkInterface: Collector = {
  object: OBJECT,
  open(host) {
    const source = openInterfaceLines(host);
    return source && new OpenNetwork(source, OBJECT, true);
  },
};

/** Reads the physical or the virtual interfaces. */
export class OpenNetwork implements OpenCollector {
  readonly object;
  private readonly source: SharedSource<InterfaceLines>;
  private readonly physical: boolean;
  private readonly shown: ShownLines<InterfaceLine>;
  private version = -1;
  /** The interfaces that make up the total, with what it remembers of them. */
  private counted = new Map<InterfaceLine, TotalMember>();
  private readonly total = new RunningTotal(NETWORK_FIELDS);
  private totalUnit: Unit | undefined;

  constructor(source: SharedSource<InterfaceLines>, object: CounterObject, physical: boolean) {
    this.source = source;
    this.physical = physical;
    this.object = recordedObject(object, (id) => physical || NET_DEV_COLUMNS.includes(id));
    this.shown = new ShownLines(this.object);
  }

  collect(row: SampleRow): void {
    const interfaces = this.source.refresh(row);
    if (interfaces.version !== this.version) this.follow(row, interfaces);
    this.shown.write(row);
    const { total } = this;
    total.begin();
    for (const [line, member] of this.counted) total.add(member, line.reading);
    total.end();
    if (total.members === 0) return;
    this.totalUnit ??= row.add(this.object, 0, { name: "_Total" });
    writeUnit(row, this.totalUnit, total.values);
  }

  close(): void {
    this.source.release();
  }

  private follow(row: SampleRow, { lines, version }: InterfaceLines): void {
    this.version = version;
    const shown = lines.filter((line) => line.isPhysical === this.physical);
    this.shown.show(row, shown, identityOf);
    const before = this.counted;
    this.counted = new Map();
    if (!this.physical) return;
    for (const line of shown) {
      if (!line.counted) continue;
      this.counted.set(line, before.get(line) ?? totalMember(NETWORK_FIELDS.length));
    }
  }
}

function identityOf({ name, facts }: InterfaceLine): InstanceIdentity {
  const attributes: Record<string, string> = { kind: facts.kind };
  if (facts.driver !== undefined) attributes["driver"] = facts.driver;
  if (facts.master !== undefined) attributes["master"] = facts.master;
  return { name, attributes };
}
