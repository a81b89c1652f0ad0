/** What the screen of this host shows of one interval, taken from live values. */
import type { LiveCounters, LiveValue } from "../live/live-counters.ts";

/** Counters that the screen asks for: few per process, because there are many processes. */
export const SCREEN_PATHS: readonly string[] = [
  ...["User", "Nice", "Privileged", "IO Wait", "Interrupt", "Softirq", "Steal", "Idle"].map(
    (kind) => `\\Processor(*)\\% ${kind} Time`,
  ),
  `\\System\\*`,
  ...["Total", "Available", "Used", "Buffers and Cache", "Swap Total", "Swap Free", "Dirty"].map(
    (kind) => `\\Memory\\${kind} Bytes`,
  ),
  `\\Pressure(*)\\% Some Stall Time`,
  ...[
    "Disk Read Bytes/sec",
    "Disk Write Bytes/sec",
    "Disk Reads/sec",
    "Disk Writes/sec",
    "Avg. Disk sec/Transfer",
    "Avg. Disk Queue Length",
    "% Disk Time",
  ].map((counter) => `\\PhysicalDisk(*)\\${counter}`),
  ...[
    "Bytes Received/sec",
    "Bytes Sent/sec",
    "Packets Received/sec",
    "Packets Sent/sec",
    "Receive Errors/sec",
    "Transmit Errors/sec",
    "Receive Drops/sec",
    "Transmit Drops/sec",
    "% Utilization",
  ].map((counter) => `\\Network Interface(*)\\${counter}`),
  ...[
    "% Processor Time",
    "% Memory",
    "Working Set",
    "Thread Count",
    "IO Read Bytes/sec",
    "IO Write Bytes/sec",
    "% Block IO Delay Time",
    "State",
    "CPU Time",
  ].map((counter) => `\\Process(*)\\${counter}`),
];

/** Values of one instance by counter; what has no value in this interval is not there. */
export interface Instance {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly values: ReadonlyMap<string, number>;
}

export interface HostState {
  readonly host: string;
  readonly time: Date;
  readonly intervalMs: number;
  /** Instances by object: `Processor`, `PhysicalDisk`, `Process`; `Memory` has one. */
  readonly objects: ReadonlyMap<string, readonly Instance[]>;
}

export function hostState(
  live: LiveCounters,
  facts: Pick<HostState, "host" | "time" | "intervalMs">,
): HostState {
  const objects = new Map<string, Map<string, Instance & { values: Map<string, number> }>>();
  for (const value of live.values()) {
    const instances = entry(objects, value.object, () => new Map());
    const instance = entry(instances, value.instance, () => newInstance(value));
    if (value.value !== undefined) instance.values.set(value.counter.name, value.value);
  }
  return {
    ...facts,
    objects: new Map([...objects].map(([name, instances]) => [name, [...instances.values()]])),
  };
}

/** The value of a counter of an object without instances, or of the one named. */
export function valueOf(
  state: HostState,
  object: string,
  counter: string,
  instance = "",
): number | undefined {
  return instancesOf(state, object)
    .find(({ name }) => name === instance)
    ?.values.get(counter);
}

export function instancesOf(state: HostState, object: string): readonly Instance[] {
  return state.objects.get(object) ?? [];
}

function newInstance({ instance, attributes }: LiveValue) {
  return { name: instance, attributes: attributes ?? {}, values: new Map<string, number>() };
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
