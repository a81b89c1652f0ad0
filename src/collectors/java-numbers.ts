/** From the names in a JVM's performance data to the fields of `Java Virtual Machine`. */
import type { PerfData } from "../procfs/perf-data.ts";
import { JAVA_GROUPS } from "./java-counters.ts";

/** How a field is made of numbers of the JVM. */
interface FieldRecipe {
  /** Summed up; a leading minus subtracts. */
  readonly sum: readonly string[];
  /** Added where they are there. */
  readonly optional?: readonly string[];
  /** In ticks of the JVM's clock. */
  readonly ticks?: boolean;
}

const used = (generation: number, space: number): string =>
  `sun.gc.generation.${generation}.space.${space}.used`;
const capacity = (generation: number, space: number): string =>
  `sun.gc.generation.${generation}.space.${space}.capacity`;
const collector = (n: number, what: string): string => `sun.gc.collector.${n}.${what}`;

const YOUNG = [0, 1, 2];
const RECIPES: Readonly<Record<string, FieldRecipe>> = {
  heap_used: { sum: [used(1, 0)], optional: YOUNG.map((space) => used(0, space)) },
  heap_capacity: { sum: [capacity(1, 0)], optional: YOUNG.map((space) => capacity(0, space)) },
  // Made apart: generations either share the maximum or have parts of it.
  heap_max: { sum: [] },
  young_used: { sum: [used(0, 0)], optional: [used(0, 1), used(0, 2)] },
  young_capacity: { sum: [capacity(0, 0)], optional: [capacity(0, 1), capacity(0, 2)] },
  eden_used: { sum: [used(0, 0)] },
  survivor_used: { sum: [used(0, 1), used(0, 2)] },
  survivor_capacity: { sum: [capacity(0, 1), capacity(0, 2)] },
  old_used: { sum: [used(1, 0)] },
  old_capacity: { sum: [capacity(1, 0)] },
  metaspace_used: { sum: ["sun.gc.metaspace.used"] },
  metaspace_capacity: { sum: ["sun.gc.metaspace.capacity"] },
  class_space_used: { sum: ["sun.gc.compressedclassspace.used"] },
  gc_usec: { sum: [], optional: [0, 1, 2].map((n) => collector(n, "time")), ticks: true },
  young_collections: { sum: [collector(0, "invocations")] },
  young_usec: { sum: [collector(0, "time")], ticks: true },
  full_collections: { sum: [collector(1, "invocations")] },
  full_usec: { sum: [collector(1, "time")], ticks: true },
  concurrent_pauses: { sum: [collector(2, "invocations")] },
  concurrent_usec: { sum: [collector(2, "time")], ticks: true },
  safepoints: { sum: ["sun.rt.safepoints"] },
  safepoint_usec: { sum: ["sun.rt.safepointTime"], ticks: true },
  safepoint_sync_usec: { sum: ["sun.rt.safepointSyncTime"], ticks: true },
  threads_live: { sum: ["java.threads.live"] },
  threads_daemon: { sum: ["java.threads.daemon"] },
  threads_started: { sum: ["java.threads.started"] },
  classes: {
    sum: ["java.cls.loadedClasses", "-java.cls.unloadedClasses"],
    optional: ["java.cls.sharedLoadedClasses", "-java.cls.sharedUnloadedClasses"],
  },
  class_loads: { sum: ["java.cls.loadedClasses"], optional: ["java.cls.sharedLoadedClasses"] },
  class_unloads: {
    sum: ["java.cls.unloadedClasses"],
    optional: ["java.cls.sharedUnloadedClasses"],
  },
  compiler_usec: { sum: ["java.ci.totalTime"], ticks: true },
};

interface Term {
  readonly place: number;
  readonly sign: 1 | -1;
}

interface FieldPlaces {
  readonly terms: readonly Term[];
  readonly ticks: boolean;
  /** The largest counts, not the sum. */
  readonly largest: boolean;
}

/** Where the fields of each group stand in one JVM's data; `undefined` for groups that it lacks. */
export type JavaPlaces = readonly (readonly FieldPlaces[] | undefined)[];

export function javaPlaces(data: PerfData): JavaPlaces {
  return JAVA_GROUPS.map(({ fields }) => {
    const places = fields.map(({ id }) => (id === "heap_max" ? maximum(data) : place(data, id)));
    return places.every((found) => found !== undefined) ? places : undefined;
  });
}

function place(data: PerfData, field: string): FieldPlaces | undefined {
  const { sum, optional = [], ticks = false } = RECIPES[field]!;
  const terms: Term[] = [];
  for (const [names, needed] of [
    [sum, true],
    [optional, false],
  ] as const) {
    for (const name of names) {
      const negative = name.startsWith("-");
      const at = data.placeOf(negative ? name.slice(1) : name);
      if (at >= 0) terms.push({ place: at, sign: negative ? -1 : 1 });
      else if (needed) return undefined;
    }
  }
  return terms.length > 0 ? { terms, ticks, largest: false } : undefined;
}

/** Collectors that divide the heap into regions give both generations the whole as their maximum. */
function maximum(data: PerfData): FieldPlaces | undefined {
  const terms: Term[] = [];
  for (const generation of [0, 1]) {
    const at = data.placeOf(`sun.gc.generation.${generation}.maxCapacity`);
    if (at >= 0) terms.push({ place: at, sign: 1 });
  }
  if (terms.length === 0) return undefined;
  return { terms, ticks: false, largest: /^(G1|Z|Shenandoah)/.test(collectorName(data) ?? "") };
}

/** `G1 young collection pauses` or, of older ones, `PSScavenge`: the first collector there is. */
export function collectorName(data: PerfData): string | undefined {
  for (const n of [0, 1, 2]) {
    const name = data.text(collector(n, "name"));
    if (name) return name;
  }
  return undefined;
}

/** Microseconds of one tick of the clock that the JVM measures with; 0 when it does not say. */
export function microsecondsPerTick(data: PerfData, bytes: Buffer): number {
  const at = data.placeOf("sun.os.hrt.frequency");
  const frequency = at < 0 ? 0 : data.number(bytes, at);
  return frequency > 0 ? 1e6 / frequency : 0;
}

/** Writes the numbers of a group, whole and not negative. */
export function writeJavaGroup(
  data: PerfData,
  bytes: Buffer,
  places: readonly FieldPlaces[],
  perTick: number,
  out: Float64Array,
  slot: number,
): void {
  for (let i = 0; i < places.length; i++) {
    const { terms, ticks, largest } = places[i]!;
    let value = 0;
    for (let t = 0; t < terms.length; t++) {
      const number = terms[t]!.sign * data.number(bytes, terms[t]!.place);
      value = largest ? Math.max(value, number) : value + number;
    }
    out[slot + i] = Math.max(0, ticks ? Math.floor(value * perTick) : value);
  }
}
