/** `Network Interface`: cards, bonds and teams, from /proc/net/dev and /sys/class/net. */
import type { CounterObject } from "../counter/declaration.ts";
import { recordedObject } from "../counter/recorded.ts";
import type { InstanceIdentity, SampleRow, Unit } from "../counter/sample-row.ts";
import { NET_DEV_COLUMNS } from "../procfs/net-dev.ts";
import { RereadFile } from "../util/reread-file.ts";
import type { Collector, HostContext, OpenCollector } from "./collector.ts";
import { NETWORK_COUNTERS, NETWORK_FIELDS, NETWORK_GROUP } from "./network-counters.ts";
import { InterfaceLines, type InterfaceLine } from "./network-lines.ts";
import { RunningTotal } from "./running-total.ts";

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
    const file = RereadFile.openIfPresent(`${host.procRoot}/net/dev`);
    return file && new OpenNetwork(host, file, OBJECT, true);
  },
};

/** Reads the physical or the virtual interfaces. */
export class OpenNetwork implements OpenCollector {
  readonly object;
  private readonly host: HostContext;
  private readonly file: RereadFile;
  private readonly physical: boolean;
  private readonly interfaces: InterfaceLines;
  private readonly total = new RunningTotal(NETWORK_FIELDS);
  private totalUnit: Unit | undefined;
  private readonly gone: Unit[] = [];

  constructor(host: HostContext, file: RereadFile, object: CounterObject, physical: boolean) {
    this.host = host;
    this.file = file;
    this.physical = physical;
    this.object = recordedObject(object, (id) => physical || NET_DEV_COLUMNS.includes(id));
    this.interfaces = new InterfaceLines(host.sysRoot, (line) => {
      if (line.unit) this.gone.push(line.unit);
    });
  }

  collect(row: SampleRow): void {
    this.interfaces.read(this.file.read(), this.host.monotonicSeconds());
    this.total.begin();
    for (const line of this.interfaces.lines) {
      if (line.counted) this.total.add(line.member, line.reading);
      else line.member.counted = false;
      if (line.isPhysical === this.physical) {
        line.unit ??= row.add(this.object, 0, identityOf(line));
        write(row, line.unit, line.reading);
      } else if (line.unit) {
        row.remove(line.unit);
        line.unit = undefined;
      }
    }
    for (const unit of this.gone) row.remove(unit);
    this.gone.length = 0;
    this.total.end();
    if (!this.physical || this.total.members === 0) return;
    this.totalUnit ??= row.add(this.object, 0, { name: "_Total" });
    write(row, this.totalUnit, this.total.values);
  }

  close(): void {
    this.file.close();
  }
}

function write(row: SampleRow, unit: Unit, values: Float64Array): void {
  const { slot, width } = unit;
  for (let i = 0; i < width; i++) row.values[slot + i] = values[i]!;
  row.read(unit);
}

function identityOf({ name, facts }: InterfaceLine): InstanceIdentity {
  const attributes: Record<string, string> = { kind: facts.kind };
  if (facts.driver !== undefined) attributes["driver"] = facts.driver;
  if (facts.master !== undefined) attributes["master"] = facts.master;
  return { name, attributes };
}
