/**
 * The interfaces in /proc/net/dev as they come, go and are renamed, with what /sys knows of them
 * and the raw fields that are made here: how much the busier direction carried, and how much the
 * link could have carried meanwhile.
 */
import { NetDevScanner, NET_DEV_COLUMNS } from "../procfs/net-dev.ts";
import type { ByteScanner } from "../util/byte-scanner.ts";
import type { HostContext } from "./collector.ts";
import { describeInterface, type InterfaceFacts } from "./network-facts.ts";
import { openShared, type SharedSource } from "./shared-source.ts";

/** Columns of /proc/net/dev, then the fields made here. */
export const NETWORK_COLUMNS: readonly string[] = [
  ...NET_DEV_COLUMNS,
  "speed_bits",
  "busier_bytes",
  "capacity_bytes",
];

const RX_BYTES = NETWORK_COLUMNS.indexOf("rx_bytes");
const TX_BYTES = NETWORK_COLUMNS.indexOf("tx_bytes");
const SPEED_BITS = NETWORK_COLUMNS.indexOf("speed_bits");
const BUSIER_BYTES = NETWORK_COLUMNS.indexOf("busier_bytes");
const CAPACITY_BYTES = NETWORK_COLUMNS.indexOf("capacity_bytes");

/** Links change rarely, and asking some drivers for their speed is slow. */
const FACTS_SECONDS = 10;

export interface InterfaceLine {
  readonly name: string;
  readonly nameBytes: Uint8Array;
  facts: InterfaceFacts;
  /** Shown as `Network Interface` rather than as `Virtual Network Interface`. */
  isPhysical: boolean;
  /** Whether it is part of the total. */
  counted: boolean;
  /** As `NETWORK_COLUMNS`. */
  readonly reading: Float64Array;
  seconds: number;
  capacityBytes: number;
}

/** The interfaces, shared by the collectors of physical and of virtual ones. */
export function openInterfaceLines(host: HostContext): SharedSource<InterfaceLines> | undefined {
  return openShared(host, "net/dev", "pieces", () => new InterfaceLines(host));
}

export class InterfaceLines {
  /** In the order of the file. */
  readonly lines: InterfaceLine[] = [];
  /** Raised when interfaces came or went, or were looked at again in /sys. */
  version = 0;
  private readonly host: HostContext;
  private readonly scanner = new NetDevScanner();
  private factsDue = 0;

  constructor(host: HostContext) {
    this.host = host;
  }

  read(content: ByteScanner): void {
    const { scanner, lines } = this;
    const seconds = this.host.monotonicSeconds();
    scanner.reset(content.bytes, content.end);
    let position = 0;
    let changed = false;
    for (; scanner.next(); position++) {
      let line = lines[position];
      if (!line || !scanner.isNamed(line.nameBytes)) {
        line = this.moveHere(position);
        changed = true;
      }
      update(line, scanner.values, seconds);
    }
    // Even where there is no network, there is a loopback.
    if (position === 0) throw new Error("no interface is in it");
    if (lines.length > position) {
      lines.length = position;
      changed = true;
    }
    if (changed || seconds >= this.factsDue) this.refresh(changed, seconds);
  }

  private refresh(all: boolean, seconds: number): void {
    this.factsDue = seconds + FACTS_SECONDS;
    this.version++;
    for (const line of this.lines) {
      // Of virtual ones nothing changes that matters here; there may be hundreds of them.
      if (all || line.isPhysical) line.facts = describeInterface(this.host.sysRoot, line.name);
    }
    classify(this.lines);
    for (const line of this.lines) line.reading[SPEED_BITS] = line.facts.speedBits;
  }

  private moveHere(position: number): InterfaceLine {
    const { scanner, lines } = this;
    for (let i = position + 1; i < lines.length; i++) {
      const line = lines[i]!;
      if (!scanner.isNamed(line.nameBytes)) continue;
      lines.splice(i, 1);
      lines.splice(position, 0, line);
      return line;
    }
    const name = scanner.name();
    const line: InterfaceLine = {
      name,
      nameBytes: Buffer.from(name, "latin1"),
      facts: describeInterface(this.host.sysRoot, name),
      isPhysical: false,
      counted: false,
      reading: new Float64Array(NETWORK_COLUMNS.length),
      seconds: NaN,
      capacityBytes: 0,
    };
    lines.splice(position, 0, line);
    return line;
  }
}

function update(line: InterfaceLine, values: Float64Array, seconds: number): void {
  const { reading, facts } = line;
  const elapsed = seconds - line.seconds;
  const received = values[RX_BYTES]! - reading[RX_BYTES]!;
  const sent = values[TX_BYTES]! - reading[TX_BYTES]!;
  line.seconds = seconds;
  reading.set(values);
  // Not after the first reading, a reset, or while the speed is not known.
  if (!(elapsed > 0) || received < 0 || sent < 0 || facts.speedBits === 0) return;
  const busier = facts.halfDuplex ? received + sent : Math.max(received, sent);
  reading[BUSIER_BYTES] = reading[BUSIER_BYTES]! + busier;
  line.capacityBytes += (facts.speedBits / 8) * elapsed;
  reading[CAPACITY_BYTES] = Math.floor(line.capacityBytes);
}

/**
 * Cards, bonds and teams are physical; where there is none (a container), whatever leads outside
 * stands for them. A part of a bond, team or synthetic card is shown, but counts through its master.
 */
export function classify(
  lines: readonly Pick<InterfaceLine, "name" | "facts" | "isPhysical" | "counted">[],
): void {
  const noCards = lines.every(({ facts }) => facts.kind === "virtual" || facts.kind === "loopback");
  const shown = new Map<string, InterfaceFacts>();
  for (const line of lines) {
    const { kind, standIn } = line.facts;
    line.isPhysical = noCards ? standIn : kind !== "virtual" && kind !== "loopback";
    if (line.isPhysical) shown.set(line.name, line.facts);
  }
  for (const line of lines) {
    const { master } = line.facts;
    line.counted = line.isPhysical && !(master !== undefined && shown.has(master));
  }
}
