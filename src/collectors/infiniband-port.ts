/** `InfiniBand Port`: ports of RDMA cards, InfiniBand and RoCE alike, from /sys/class/infiniband. */
import { join } from "node:path";
import type { CounterObject, Field } from "../counter/declaration.ts";
import { type RecordedObject, recordedObject } from "../counter/recorded.ts";
import type { SampleRow, Unit } from "../counter/sample-row.ts";
import { ByteScanner } from "../util/byte-scanner.ts";
import { RereadFile } from "../util/reread-file.ts";
import type { Collector, HostContext, OpenCollector } from "./collector.ts";
import {
  INFINIBAND_COUNTERS,
  LINK_GROUP,
  RATE_GROUP,
  STATE_GROUP,
  TRAFFIC_FILES,
  TRAFFIC_GROUP,
} from "./infiniband-counters.ts";
import { linkName, listFolder, pathExists, readAttribute, readNumber } from "./sysfs.ts";

const OBJECT: CounterObject = {
  name: "InfiniBand Port",
  help:
    "Ports of cards that do remote memory access (RDMA), named device:port: InfiniBand, RoCE and " +
    "Omni-Path. What goes past the kernel, as MPI, NVMe over Fabrics and accelerators do, shows here " +
    "only. Errors and waiting are read every 10 s.",
  instances: { what: "one per port of an RDMA card", total: false },
  cadence: "every-sample",
  groups: [TRAFFIC_GROUP, LINK_GROUP, RATE_GROUP, STATE_GROUP],
  counters: INFINIBAND_COUNTERS,
};

const TRAFFIC = 0;
const LINK = 1;
const RATE = 2;
const STATE = 3;
const WORD_BYTES = 4;
const STATE_SECONDS = 10;
/** Positions in the traffic group. */
const RECEIVED = 0;
const SENT = 1;
const BUSIER = TRAFFIC_FILES.length;
const CAPACITY = BUSIER + 1;

interface CounterFile {
  readonly id: string;
  readonly path: string;
}

/** The files of a port that hold a number; some cards answer "N/A (no PMA)". */
function counterFiles(folder: string): CounterFile[] {
  const found = new Map<string, CounterFile>();
  for (const kind of ["counters", "hw_counters"]) {
    for (const id of listFolder(join(folder, kind))) {
      const path = join(folder, kind, id);
      // How long the card's answers are kept is a setting.
      if (id === "lifespan" || found.has(id) || readNumber(path) === undefined) continue;
      found.set(id, { id, path });
    }
  }
  return [...found.values()];
}

/** A file of words that stands for one number. */
interface Fact {
  readonly group: number;
  readonly field: string;
  readonly file: string;
  /** `undefined` when the text is nothing known. */
  readonly parse: (text: string) => number | undefined;
}

const FACTS: readonly Fact[] = [
  // "4: ACTIVE", "1: DOWN"
  {
    group: LINK,
    field: "active",
    file: "state",
    parse: (text) => (/^\d+: [A-Z]/.test(text) ? Number(text.endsWith("ACTIVE")) : undefined),
  },
  // "100 Gb/sec (4X EDR)", "2.5 Gb/sec (1X SDR)"
  {
    group: RATE,
    field: "speed_bits",
    file: "rate",
    parse: (text) => {
      const gigabits = /^([\d.]+) Gb\/sec/.exec(text)?.[1];
      return gigabits === undefined ? undefined : Math.round(Number(gigabits) * 1e9);
    },
  },
];

class Port {
  readonly object: RecordedObject;
  /** A file that holds something else than it should. */
  trouble: string | undefined;
  private readonly folder: string;
  private readonly traffic: readonly RereadFile[];
  private readonly state: readonly RereadFile[];
  private readonly trafficUnit: Unit | undefined;
  private readonly stateUnit: Unit;
  private readonly factUnits: readonly (Unit | undefined)[];
  private readonly scanner = new ByteScanner();
  private readonly row: SampleRow;
  private speedBits = 0;
  private seconds = NaN;
  private busierBytes = 0;
  private capacityBytes = 0;

  constructor(row: SampleRow, folder: string, name: string) {
    this.row = row;
    this.folder = folder;
    const files = counterFiles(folder);
    const has = new Set(files.map(({ id }) => id));
    for (const { field, file } of FACTS) if (pathExists(join(folder, file))) has.add(field);
    // Without all of the traffic there is none of it.
    const hasTraffic = TRAFFIC_FILES.every((id) => has.has(id));
    const isTraffic = (id: string) => TRAFFIC_FILES.includes(id as (typeof TRAFFIC_FILES)[number]);
    const declared = new Set(STATE_GROUP.fields.map(({ id }) => id));
    const extra = files
      .filter(({ id }) => !declared.has(id) && !(hasTraffic && isTraffic(id)))
      .map(({ id }): Field => ({ id, kind: "counter" }));
    this.object = recordedObject(
      OBJECT,
      (id, group) => (group === TRAFFIC_GROUP.id ? hasTraffic : has.has(id)),
      { [STATE_GROUP.id]: extra },
    );
    const pathOf = new Map(files.map(({ id, path }) => [id, path]));
    const open = (id: string) => new RereadFile(pathOf.get(id)!, "whole");
    this.traffic = hasTraffic ? TRAFFIC_FILES.map(open) : [];
    this.state = this.object.groups[STATE]!.fields.map(({ id }) => open(id));
    const attributes: Record<string, string> = {};
    const layer = readAttribute(join(folder, "link_layer"));
    if (layer !== undefined) attributes["linkLayer"] = layer;
    const driver = linkName(join(folder, "../../device/driver"));
    if (driver !== undefined) attributes["driver"] = driver;
    const identity = { name, attributes };
    this.trafficUnit = hasTraffic ? row.add(this.object, TRAFFIC, identity) : undefined;
    this.factUnits = FACTS.map(({ group }) =>
      this.object.groups[group]!.fields.length > 0
        ? row.add(this.object, group, identity)
        : undefined,
    );
    this.stateUnit = row.add(this.object, STATE, identity);
  }

  readTraffic(seconds: number): void {
    const { row, trafficUnit: unit, traffic } = this;
    if (!unit) return;
    const { values } = row;
    const { slot } = unit;
    const elapsed = seconds - this.seconds;
    this.seconds = seconds;
    const receivedBefore = values[slot + RECEIVED]!;
    const sentBefore = values[slot + SENT]!;
    for (let i = 0; i < traffic.length; i++) {
      values[slot + i] = this.count(traffic[i]!);
    }
    const received = values[slot + RECEIVED]! - receivedBefore;
    const sent = values[slot + SENT]! - sentBefore;
    // Not after the first reading, a reset, or while the speed is not known.
    if (elapsed > 0 && received >= 0 && sent >= 0 && this.speedBits > 0) {
      this.busierBytes += Math.max(received, sent) * WORD_BYTES;
      this.capacityBytes += (this.speedBits / 8) * elapsed;
    }
    values[slot + BUSIER] = this.busierBytes;
    values[slot + CAPACITY] = Math.floor(this.capacityBytes);
    row.read(unit);
  }

  readState(): void {
    const { row, stateUnit: unit, state } = this;
    this.trouble = undefined;
    FACTS.forEach((fact, i) => this.readFact(fact, this.factUnits[i]));
    for (let i = 0; i < state.length; i++) row.values[unit.slot + i] = this.count(state[i]!);
    row.read(unit);
  }

  close(): void {
    for (const file of [...this.traffic, ...this.state]) file.close();
    for (const unit of [this.trafficUnit, ...this.factUnits, this.stateUnit]) {
      if (unit) this.row.remove(unit);
    }
  }

  private readFact({ group, file, parse }: Fact, unit: Unit | undefined): void {
    const path = join(this.folder, file);
    const text = readAttribute(path);
    const value = text === undefined ? undefined : parse(text);
    if (group === RATE) this.speedBits = value ?? 0;
    // Drivers refuse the rate of a port that is down; words that nobody knows are another thing.
    if (value === undefined && text !== undefined) this.trouble = `${path} holds nothing known`;
    if (!unit || value === undefined) return;
    this.row.values[unit.slot] = value;
    this.row.read(unit);
  }

  /** @throws when there is no number in the file */
  private count(file: RereadFile): number {
    const scanner = file.scan(this.scanner);
    const start = scanner.position;
    const value = scanner.integer();
    if (scanner.position === start || !scanner.atLineEnd) {
      throw new Error(`${file.path} holds no number`);
    }
    return value;
  }
}

class OpenInfiniband implements OpenCollector {
  readonly object = recordedObject(OBJECT);
  private readonly host: HostContext;
  private readonly folder: string;
  private readonly ports = new Map<string, Port>();
  private stateDue = 0;

  constructor(host: HostContext, folder: string) {
    this.host = host;
    this.folder = folder;
  }

  collect(row: SampleRow): void {
    const seconds = this.host.monotonicSeconds();
    const readState = seconds >= this.stateDue;
    if (readState) {
      this.stateDue = seconds + STATE_SECONDS - 1;
      this.follow(row);
    }
    let trouble: string | undefined;
    for (const [name, port] of this.ports) {
      try {
        if (readState) port.readState();
        port.readTraffic(seconds);
        trouble ??= port.trouble;
      } catch (error) {
        // The card is gone, or its driver was reloaded: looked for again in a while.
        this.drop(name, port);
        if (pathExists(join(this.folder, name.replace(":", "/ports/")))) {
          trouble ??= error instanceof Error ? error.message : String(error);
        }
      }
    }
    if (trouble !== undefined) throw new Error(trouble);
  }

  close(): void {
    for (const [name, port] of this.ports) this.drop(name, port);
  }

  private follow(row: SampleRow): void {
    const gone = new Map(this.ports);
    for (const device of listFolder(this.folder)) {
      for (const number of listFolder(join(this.folder, device, "ports"))) {
        const name = `${device}:${number}`;
        gone.delete(name);
        if (this.ports.has(name)) continue;
        this.ports.set(name, new Port(row, join(this.folder, device, "ports", number), name));
      }
    }
    for (const [name, port] of gone) this.drop(name, port);
  }

  private drop(name: string, port: Port): void {
    this.ports.delete(name);
    port.close();
  }
}

export const infinibandPort: Collector = {
  object: OBJECT,
  open(host) {
    const folder = join(host.sysRoot, "class/infiniband");
    return listFolder(folder).length > 0 ? new OpenInfiniband(host, folder) : undefined;
  },
};
