import { readFileSync } from "../util/host-files.ts";
import { join } from "node:path";
import { type CounterObject, counterFields, gaugeFields } from "../counter/declaration.ts";
import { recordedObject } from "../counter/recorded.ts";
import type { SampleRow, Unit } from "../counter/sample-row.ts";
import { type Bond, type BondMember, parseBond } from "../procfs/bonding.ts";
import type { Collector, OpenCollector } from "./collector.ts";
import { COUNT_GAUGE, type CounterParts, declareFor } from "./declare.ts";
import { listFolder, pathExists } from "./sysfs.ts";

const declare = declareFor({
  file: "/proc/net/bonding/<bond>",
  doc: "https://docs.kernel.org/networking/bonding.html",
  resource: "network",
});

const error: CounterParts = { use: "errors", better: "lower" };
const member: CounterParts = { group: "member" };

const object: CounterObject = {
  name: "Network Bond",
  help:
    "Network cards joined into one, and their members, named bond/card: whether all of them have a " +
    "link. A bond that has lost a member works on, with less speed and no spare. What they carry is in " +
    "Network Interface.",
  instances: { what: "one per bond, and one per card in it", total: false },
  cadence: 10_000,
  groups: [
    {
      id: "bond",
      fields: [
        ...gaugeFields(["members", "members_up", "members_down", "up"]),
        ...counterFields(["active_changes"]),
      ],
    },
    {
      id: "member",
      fields: [
        ...gaugeFields(["member_up", "member_active"]),
        ...counterFields(["link_failures"], 32),
      ],
    },
  ],
  counters: [
    declare(
      "Link Up",
      "up",
      "1 when the bond has a link, that is when at least one member has, else 0.",
      {
        ...COUNT_GAUGE,
        ...error,
        better: "higher",
        field: "MII Status of the bond",
      },
    ),
    declare("Members", "members", "Cards that belong to the bond.", {
      ...COUNT_GAUGE,
      use: "capacity",
      field: "Slave Interface, counted",
    }),
    declare(
      "Members Up",
      "members_up",
      "Cards that have a link and carry data. With link aggregation (802.3ad) a card that the switch put " +
        "into another group has a link, but carries nothing, and is not counted.",
      { ...COUNT_GAUGE, use: "capacity", better: "higher", field: "MII Status, Aggregator ID" },
    ),
    declare(
      "Members Down",
      "members_down",
      "Cards of the bond that carry nothing: a cable, a switch port, or the settings of the two do not agree.",
      { ...COUNT_GAUGE, ...error, field: "MII Status, Aggregator ID" },
    ),
    declare(
      "Active Member Changes",
      "active_changes",
      "Times another card took over, as seen every 10 s. Packets are lost for as long as the switches take to " +
        "learn of it.",
      { ...error, type: "delta", unit: "count", field: "Currently Active Slave" },
    ),
    declare("Member Up", "member_up", "1 when the card has a link and carries data, else 0.", {
      ...member,
      ...COUNT_GAUGE,
      ...error,
      better: "higher",
      field: "MII Status, Aggregator ID",
    }),
    declare(
      "Member Active",
      "member_active",
      "1 for the card that carries everything, in modes in which only one does, else 0.",
      { ...member, ...COUNT_GAUGE, use: "information", field: "Currently Active Slave" },
    ),
    declare(
      "Link Failures",
      "link_failures",
      "Times the card lost its link: a flapping port or cable.",
      {
        ...member,
        ...error,
        type: "delta",
        unit: "count",
        field: "Link Failure Count",
        equivalents: ["sysfs bonding_slave/link_failure_count"],
      },
    ),
  ],
};

const BOND = 0;
const MEMBER = 1;

interface Shown {
  readonly unit: Unit;
  active: string | undefined;
  activeChanges: number;
}

class OpenNetworkBond implements OpenCollector {
  readonly object = recordedObject(object);
  private readonly folder: string;
  private readonly bonds = new Map<string, Shown>();
  private readonly members = new Map<string, Unit>();

  constructor(folder: string) {
    this.folder = folder;
  }

  collect(row: SampleRow): void {
    for (const name of listFolder(this.folder)) {
      const bond = parseBond(readFileSync(join(this.folder, name), "latin1"));
      this.writeBond(row, name, bond);
      for (const found of bond.members) this.writeMember(row, name, bond, found);
    }
    for (const [name, { unit }] of this.bonds) {
      if (!row.isRead(unit)) this.drop(row, this.bonds, name, unit);
    }
    for (const [name, unit] of this.members) {
      if (!row.isRead(unit)) this.drop(row, this.members, name, unit);
    }
  }

  close(): void {
    // Nothing is kept open.
  }

  private writeBond(row: SampleRow, name: string, { mode, up, active, members }: Bond): void {
    let shown = this.bonds.get(name);
    if (!shown) {
      const unit = row.add(this.object, BOND, { name, attributes: { mode } });
      shown = { unit, active, activeChanges: 0 };
      this.bonds.set(name, shown);
    }
    if (active !== shown.active) shown.activeChanges++;
    shown.active = active;
    const membersUp = members.filter((found) => found.up).length;
    const { slot } = shown.unit;
    row.values.set(
      [members.length, membersUp, members.length - membersUp, Number(up), shown.activeChanges],
      slot,
    );
    row.read(shown.unit);
  }

  private writeMember(row: SampleRow, bond: string, { active }: Bond, found: BondMember): void {
    const key = `${bond}/${found.name}`;
    let unit = this.members.get(key);
    if (!unit) {
      unit = row.add(this.object, MEMBER, { name: found.name, parent: bond });
      this.members.set(key, unit);
    }
    const isActive = Number(found.name === active);
    row.values.set([Number(found.up), isActive, found.linkFailures], unit.slot);
    row.read(unit);
  }

  private drop(row: SampleRow, from: Map<string, unknown>, name: string, unit: Unit): void {
    from.delete(name);
    row.remove(unit);
  }
}

/** Bonds: net/bonding/*, every 10 s. */
export const networkBond: Collector = {
  object,
  open(host) {
    // The folder is there as soon as the bonding driver is.
    const folder = join(host.procRoot, "net/bonding");
    return pathExists(folder) ? new OpenNetworkBond(folder) : undefined;
  },
};
