/** `/proc/net/bonding/<bond>`, as printed by the kernel's drivers/net/bonding/bond_procfs.c. */

export interface Bond {
  /** `fault-tolerance (active-backup)`. */
  readonly mode: string;
  /** The bond itself has a link. */
  readonly up: boolean;
  /** The member that carries everything, in modes that have one. */
  readonly active: string | undefined;
  readonly members: readonly BondMember[];
}

export interface BondMember {
  readonly name: string;
  readonly up: boolean;
  /** Times its link was lost since it became a member; 32 bits wide. */
  readonly linkFailures: number;
  /** In mode 802.3ad: members of another aggregator than the bond's carry nothing. */
  readonly aggregator: number | undefined;
}

/** @throws when it is none */
export function parseBond(text: string): Bond {
  const [head = "", ...parts] = text.split("\n\nSlave Interface: ");
  const active = valueOf(head, "Currently Active Slave");
  const aggregator = numberOf(head, "\tAggregator ID");
  const mode = valueOf(head, "Bonding Mode");
  if (mode === undefined) throw new Error("this is no bond");
  return {
    mode,
    up: valueOf(head, "MII Status") === "up",
    active: active === "None" ? undefined : active,
    members: parts.map((part) => {
      const own = numberOf(part, "Aggregator ID");
      const carries = aggregator === undefined || own === undefined || own === aggregator;
      return {
        name: part.split("\n", 1)[0]!,
        up: valueOf(part, "MII Status") === "up" && carries,
        linkFailures: numberOf(part, "Link Failure Count") ?? 0,
        aggregator: own,
      };
    }),
  };
}

function valueOf(text: string, key: string): string | undefined {
  const start = text.startsWith(`${key}: `) ? 0 : text.indexOf(`\n${key}: `) + 1;
  if (start === 0 && !text.startsWith(`${key}: `)) return undefined;
  return text.slice(start + key.length + 2).split("\n", 1)[0];
}

function numberOf(text: string, key: string): number | undefined {
  const value = valueOf(text, key);
  return value === undefined ? undefined : Number(value);
}
