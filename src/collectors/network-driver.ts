/**
 * `Network Driver`: what drivers of network cards count and no file shows. Only an ioctl tells it,
 * which Node cannot do: `ethtool -S` is run beside the sampling.
 */
import type { CounterObject, Field } from "../counter/declaration.ts";
import { type RecordedObject, recordedObject } from "../counter/recorded.ts";
import type { SampleRow, Unit } from "../counter/sample-row.ts";
import { ethtoolTable, withoutQueue } from "../toolout/ethtool-statistics.ts";
import { ByteScanner } from "../util/byte-scanner.ts";
import type { Collector, HostContext, OpenCollector } from "./collector.ts";
import {
  DRIVER_COUNTERS,
  DRIVER_FIELDS,
  DRIVER_GROUP_FIELDS,
  TROUBLE,
} from "./network-driver-counters.ts";
import { describeInterface } from "./network-facts.ts";
import { linkName, listFolder, readAttribute } from "./sysfs.ts";
import type { Answer, ToolSession } from "./tools/tools.ts";

const OBJECT: CounterObject = {
  name: "Network Driver",
  help:
    "What the drivers of network cards count beyond Network Interface: packets lost in the card, and in " +
    "clouds how often the instance ran into its limits. Recorded where the program ethtool is there. The " +
    "drivers' own names differ; whatever sounds like trouble is kept under them.",
  instances: { what: "one per network card", total: false },
  cadence: 10_000,
  groups: [{ id: "driver", fields: DRIVER_GROUP_FIELDS }],
  counters: DRIVER_COUNTERS,
};

/** A program each: hosts of virtual machines have hundreds of cards, mostly other people's. */
const MOST_CARDS = 16;
/** A little less than the cadence and a minute: timers are not exact. */
const ASK_SECONDS = 9;
const LOOK_SECONDS = 59;

export const networkDriver: Collector = {
  object: OBJECT,
  open(host) {
    const { tools } = host;
    if (!tools?.has("ethtool") || cardsOf(host).length === 0) return undefined;
    return new OpenNetworkDriver(host, tools.open());
  },
};

/** Cards that are switched on. */
function cardsOf({ sysRoot }: HostContext): string[] {
  return listFolder(`${sysRoot}/class/net`)
    .filter((name) => describeInterface(sysRoot, name).kind === "physical")
    .filter((name) => readAttribute(`${sysRoot}/class/net/${name}/operstate`) !== "down")
    .slice(0, MOST_CARDS);
}

class OpenNetworkDriver implements OpenCollector {
  readonly object = recordedObject(OBJECT);
  hasNews = false;
  private readonly host: HostContext;
  private readonly session: ToolSession;
  private readonly cards = new Map<string, Card>();
  /** Cards to ask, looked up in /sys once a minute; without those that had nothing to tell. */
  private names: string[] = [];
  private askDue = 0;
  private lookDue = 0;

  constructor(host: HostContext, session: ToolSession) {
    this.host = host;
    this.session = session;
  }

  collect(row: SampleRow): void {
    const now = this.host.monotonicSeconds();
    // Called between its turns for the news alone.
    if (!this.hasNews || now >= this.askDue) {
      this.askDue = now + ASK_SECONDS;
      if (now >= this.lookDue) {
        this.lookDue = now + LOOK_SECONDS;
        this.look(row);
      }
      if (!this.session.busy) this.ask();
    }
    this.hasNews = false;
    for (const card of this.cards.values()) card.write(row);
  }

  close(): void {
    this.session.close();
  }

  private look(row: SampleRow): void {
    this.names = cardsOf(this.host);
    for (const [name, card] of this.cards) {
      if (this.names.includes(name)) continue;
      this.cards.delete(name);
      card.remove(row);
    }
  }

  private ask(): void {
    const { names } = this;
    if (names.length === 0) return;
    const commands = names.map((name) => ["ethtool", "-S", name]);
    this.session.run(commands, (answers) => this.take(names, answers));
  }

  private take(names: readonly string[], answers: readonly Answer[]): void {
    names.forEach((name, i) => {
      const answer = answers[i];
      if (!answer) return;
      if (answer.length === 0) {
        this.names = this.names.filter((other) => other !== name);
        return;
      }
      let card = this.cards.get(name);
      if (!card) this.cards.set(name, (card = new Card(this.host.sysRoot, name)));
      card.take(answer);
      this.hasNews = true;
    });
  }
}

const scanner = new ByteScanner();

class Card {
  private readonly name: string;
  private readonly driver: string | undefined;
  private readonly table = ethtoolTable();
  private names: readonly (string | undefined)[] = [];
  /** Per number of the driver the fields that it is part of, or -1. */
  private declared = new Int32Array(0);
  private extra = new Int32Array(0);
  private reading = new Float64Array(0);
  private object: RecordedObject | undefined;
  private unit: Unit | undefined;
  private hasNews = false;

  constructor(sysRoot: string, name: string) {
    this.name = name;
    this.driver = linkName(`${sysRoot}/class/net/${name}/device/driver`);
  }

  take(answer: Uint8Array): void {
    const { table } = this;
    table.read(scanner.reset(answer));
    if (table.names !== this.names) this.learn();
    const { reading, declared, extra } = this;
    reading.fill(0);
    for (let i = 0; i < declared.length; i++) {
      const value = table.values[i]!;
      const position = declared[i]!;
      const other = extra[i]!;
      if (position >= 0) reading[position] = reading[position]! + value;
      if (other >= 0) reading[other] = reading[other]! + value;
    }
    this.hasNews = true;
  }

  write(row: SampleRow): void {
    if (!this.hasNews || !this.object || this.reading.length === 0) return;
    this.hasNews = false;
    if (this.unit && this.unit.object !== this.object) this.remove(row);
    const attributes: Record<string, string> = {};
    if (this.driver !== undefined) attributes["driver"] = this.driver;
    this.unit ??= row.add(this.object, 0, { name: this.name, attributes });
    row.values.set(this.reading, this.unit.slot);
    row.read(this.unit);
  }

  remove(row: SampleRow): void {
    if (this.unit) row.remove(this.unit);
    this.unit = undefined;
  }

  /** Finds out what the driver counts now, and where each number goes. */
  private learn(): void {
    this.names = this.table.names;
    const names = this.names.map((name) => name && withoutQueue(name));
    const there = new Set(names);
    const fieldOf = new Map<string, string>();
    for (const [field, candidates] of Object.entries(DRIVER_FIELDS)) {
      const name = candidates.find((candidate) => there.has(candidate));
      if (name !== undefined) fieldOf.set(name, field);
    }
    const isExtra = (name: string) => TROUBLE.test(name) && fieldOf.get(name) !== name;
    const extras = [...there].filter((name): name is string => !!name && isExtra(name));
    const fields = new Set(fieldOf.values());
    this.object = recordedObject(OBJECT, (id) => fields.has(id), {
      driver: extras.filter((id) => !fields.has(id)).map((id): Field => ({ id, kind: "counter" })),
    });
    const ids = this.object.groups[0]!.fields.map(({ id }) => id);
    this.reading = new Float64Array(ids.length);
    const positions = (field: (name: string) => string | undefined) =>
      Int32Array.from(names, (name) => {
        const id = name === undefined ? undefined : field(name);
        return id === undefined ? -1 : ids.indexOf(id);
      });
    this.declared = positions((name) => fieldOf.get(name));
    // A field of the driver's own that is called as one of ours is the latter.
    this.extra = positions((name) => (isExtra(name) && !fields.has(name) ? name : undefined));
  }
}
