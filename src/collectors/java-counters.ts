/** The declaration of `Java Virtual Machine`. */
import {
  type Counter,
  type CounterObject,
  type FieldGroup,
  counterFields,
  gaugeFields,
} from "../counter/declaration.ts";
import { COUNT_GAUGE, type CounterParts, declareFor } from "./declare.ts";

/** Numbers that are there or absent together: it depends on the garbage collector. Microseconds, bytes. */
export const JAVA_GROUPS: readonly FieldGroup[] = [
  { id: "heap", fields: gaugeFields(["heap_used", "heap_capacity", "heap_max"]) },
  { id: "young", fields: gaugeFields(["young_used", "young_capacity"]) },
  { id: "eden", fields: gaugeFields(["eden_used", "survivor_used", "survivor_capacity"]) },
  { id: "old", fields: gaugeFields(["old_used", "old_capacity"]) },
  { id: "metaspace", fields: gaugeFields(["metaspace_used", "metaspace_capacity"]) },
  { id: "class_space", fields: gaugeFields(["class_space_used"]) },
  { id: "gc", fields: counterFields(["gc_usec"]) },
  { id: "young_gc", fields: counterFields(["young_collections", "young_usec"]) },
  { id: "full_gc", fields: counterFields(["full_collections", "full_usec"]) },
  { id: "concurrent_gc", fields: counterFields(["concurrent_pauses", "concurrent_usec"]) },
  {
    id: "safepoints",
    fields: counterFields(["safepoints", "safepoint_usec", "safepoint_sync_usec"]),
  },
  {
    id: "threads",
    fields: [
      ...gaugeFields(["threads_live", "threads_daemon"]),
      ...counterFields(["threads_started"]),
    ],
  },
  {
    id: "classes",
    fields: [...gaugeFields(["classes"]), ...counterFields(["class_loads", "class_unloads"])],
  },
  { id: "compiler", fields: counterFields(["compiler_usec"]) },
];

const declare = declareFor({ file: "", doc: "", resource: "memory" });

/** A counter without a page of the kernel to refer to. */
function counter(
  name: string,
  value: string | readonly string[],
  help: string,
  field: string,
  parts: CounterParts,
): Counter {
  const declared = declare(name, value, help, parts);
  // Of the process's own /tmp, so that JVMs in containers are found as well.
  return { ...declared, source: { file: "/proc/<pid>/root/tmp/hsperfdata_<user>/<pid>", field } };
}

const size = (group: string): CounterParts => ({
  type: "gauge",
  unit: "bytes",
  use: "utilization",
  defaultScale: -6,
  group,
});

const pause = (group: string): CounterParts => ({
  type: "percent-time",
  unit: "%",
  scale: 1e-6,
  use: "saturation",
  better: "lower",
  group,
});

const each = (group: string, base: string): CounterParts => ({
  type: "average",
  unit: "seconds",
  scale: 1e-6,
  base: [base],
  use: "latency",
  better: "lower",
  defaultScale: 3,
  group,
});

const HEAP: readonly Counter[] = [
  counter(
    "Heap Used Bytes",
    "heap_used",
    "Objects in the heap, dead ones that were not collected yet included: it rises and falls like a " +
      "saw. The lows after full collections are what the program needs. G1, ZGC and Shenandoah tell " +
      "it as of their last collection.",
    "sum of sun.gc.generation.*.space.*.used",
    { ...size("heap"), equivalents: ["jstat -gc EU + S0U + S1U + OU (KiB)"] },
  ),
  counter(
    "Heap Committed Bytes",
    "heap_capacity",
    "Memory that the heap has now; the process's private memory holds it, used or not.",
    "sum of sun.gc.generation.*.space.*.capacity",
    { ...size("heap"), equivalents: ["jstat -gc EC + S0C + S1C + OC (KiB)"] },
  ),
  counter(
    "Heap Maximum Bytes",
    "heap_max",
    "What the heap may grow to (-Xmx). Heap Used Bytes that stays near it after collections means " +
      "more and longer collections, and an OutOfMemoryError in the end.",
    "sun.gc.generation.*.maxCapacity",
    { ...size("heap"), use: "capacity", better: "higher" },
  ),
  counter(
    "% Heap Used",
    ["heap_used"],
    "Heap Used Bytes as a share of the most that the heap may have.",
    "sum of sun.gc.generation.*.space.*.used / sun.gc.generation.*.maxCapacity",
    { type: "fraction", unit: "%", base: ["heap_max"], use: "utilization", group: "heap" },
  ),
  counter(
    "Young Generation Used Bytes",
    "young_used",
    "The part of the heap with new objects. How fast it fills is how fast the program allocates.",
    "sum of sun.gc.generation.0.space.*.used",
    { ...size("young"), level: "advanced" },
  ),
  counter(
    "Young Generation Committed Bytes",
    "young_capacity",
    "Memory of the part of the heap with new objects.",
    "sum of sun.gc.generation.0.space.*.capacity",
    { ...size("young"), level: "advanced" },
  ),
  counter(
    "Eden Used Bytes",
    "eden_used",
    "Objects made since the last young collection.",
    "sun.gc.generation.0.space.0.used",
    { ...size("eden"), level: "advanced", equivalents: ["jstat -gc EU (KiB)"] },
  ),
  counter(
    "Survivor Used Bytes",
    "survivor_used",
    "Objects that outlived young collections and are not old yet.",
    "sun.gc.generation.0.space.{1,2}.used",
    { ...size("eden"), level: "advanced", equivalents: ["jstat -gc S0U + S1U (KiB)"] },
  ),
  counter(
    "Old Generation Used Bytes",
    "old_used",
    "Objects that outlived some collections. Lows that rise from collection to collection are a leak. " +
      "With collectors of one generation (ZGC before Java 21, Shenandoah) it is the whole heap.",
    "sun.gc.generation.1.space.0.used",
    { ...size("old"), equivalents: ["jstat -gc OU (KiB)"] },
  ),
  counter(
    "Old Generation Committed Bytes",
    "old_capacity",
    "Memory of the part of the heap with old objects.",
    "sun.gc.generation.1.space.0.capacity",
    { ...size("old"), level: "advanced", equivalents: ["jstat -gc OC (KiB)"] },
  ),
  counter(
    "Metaspace Used Bytes",
    "metaspace_used",
    "Memory outside the heap that describes loaded classes. Growth without end: class loaders leak.",
    "sun.gc.metaspace.used",
    { ...size("metaspace"), equivalents: ["jstat -gc MU (KiB)"] },
  ),
  counter(
    "Metaspace Committed Bytes",
    "metaspace_capacity",
    "Memory that was taken for the description of classes.",
    "sun.gc.metaspace.capacity",
    { ...size("metaspace"), level: "advanced", equivalents: ["jstat -gc MC (KiB)"] },
  ),
  counter(
    "Compressed Class Space Used Bytes",
    "class_space_used",
    "The part of the metaspace that compressed class pointers reach; it has a limit of its own.",
    "sun.gc.compressedclassspace.used",
    { ...size("class_space"), level: "advanced", equivalents: ["jstat -gc CCSU (KiB)"] },
  ),
];

const COLLECTIONS: readonly Counter[] = [
  counter(
    "% Time in GC",
    "gc_usec",
    "Share of time that collectors took, all kinds together: for G1, Parallel, Serial and ZGC time in " +
      "which the program stood still. Above 10 % the heap is too small or too much is allocated. " +
      "Shenandoah counts its cycles, during which the program goes on: there look at % Safepoint " +
      "Time.",
    "sum of sun.gc.collector.*.time",
    { ...pause("gc"), equivalents: ["jstat -gc GCT (seconds since start)"] },
  ),
  counter(
    "Young Collections/sec",
    "young_collections",
    "Collections of new objects per second. Many are no harm while they are short.",
    "sun.gc.collector.0.invocations",
    { group: "young_gc", equivalents: ["jstat -gc YGC (since start)"] },
  ),
  counter(
    "% Time in Young Collections",
    "young_usec",
    "Share of time in which the program stood still for collections of new objects.",
    "sun.gc.collector.0.time",
    { ...pause("young_gc"), equivalents: ["jstat -gc YGCT (seconds since start)"] },
  ),
  counter(
    "Avg. sec/Young Collection",
    "young_usec",
    "How long a collection of new objects took, on average.",
    "sun.gc.collector.0.time / invocations",
    each("young_gc", "young_collections"),
  ),
  counter(
    "Full Collections/sec",
    "full_collections",
    "Collections of the whole heap per second (Shenandoah: cycles). With G1 each is a failure of the " +
      "concurrent work to keep up, and stops the program for seconds on a large heap.",
    "sun.gc.collector.1.invocations",
    {
      group: "full_gc",
      use: "saturation",
      better: "lower",
      equivalents: ["jstat -gc FGC (since start)"],
    },
  ),
  counter(
    "% Time in Full Collections",
    "full_usec",
    "Share of time that collections of the whole heap took.",
    "sun.gc.collector.1.time",
    { ...pause("full_gc"), equivalents: ["jstat -gc FGCT (seconds since start)"] },
  ),
  counter(
    "Avg. sec/Full Collection",
    "full_usec",
    "How long a collection of the whole heap took, on average. A pause longer than the timeouts of a " +
      "cluster looks to its peers like a dead node.",
    "sun.gc.collector.1.time / invocations",
    each("full_gc", "full_collections"),
  ),
  counter(
    "Concurrent Collection Pauses/sec",
    "concurrent_pauses",
    "Short stops per second that belong to concurrent cycles (G1, ZGC, CMS).",
    "sun.gc.collector.2.invocations",
    { group: "concurrent_gc", level: "advanced", equivalents: ["jstat -gc CGC (since start)"] },
  ),
  counter(
    "% Time in Concurrent Collection Pauses",
    "concurrent_usec",
    "Share of time in which the program stood still for parts of concurrent cycles.",
    "sun.gc.collector.2.time",
    {
      ...pause("concurrent_gc"),
      level: "advanced",
      equivalents: ["jstat -gc CGCT (seconds since start)"],
    },
  ),
  counter(
    "% Safepoint Time",
    "safepoint_usec",
    "Share of time in which all threads of the program were stopped: collections, and other work that " +
      "needs the program to stand still (deoptimization, heap dumps, stack traces). Much more than " +
      "% Time in GC: something else stops it.",
    "sun.rt.safepointTime",
    { ...pause("safepoints"), resource: "cpu" },
  ),
  counter(
    "% Safepoint Sync Time",
    "safepoint_sync_usec",
    "Share of time it took until all threads stood still. High when there are too few processors for " +
      "the threads, when memory is swapped out, or with long loops without a safepoint.",
    "sun.rt.safepointSyncTime",
    { ...pause("safepoints"), resource: "cpu", level: "advanced" },
  ),
  counter(
    "Safepoints/sec",
    "safepoints",
    "How often per second all threads were stopped.",
    "sun.rt.safepoints",
    { group: "safepoints", resource: "cpu", level: "advanced" },
  ),
];

const PROGRAM: readonly Counter[] = [
  counter(
    "Live Threads",
    "threads_live",
    "Java threads that have been started and have not ended; the JVM's own are not in it, as they are " +
      "in Process\\Thread Count.",
    "java.threads.live",
    { ...COUNT_GAUGE, resource: "cpu", use: "information", group: "threads" },
  ),
  counter(
    "Daemon Threads",
    "threads_daemon",
    "Live threads that do not keep the program from ending.",
    "java.threads.daemon",
    { ...COUNT_GAUGE, resource: "cpu", use: "information", group: "threads", level: "advanced" },
  ),
  counter(
    "Threads Started/sec",
    "threads_started",
    "Threads that were started per second. A server without a pool of threads starts one per request.",
    "java.threads.started",
    { resource: "cpu", group: "threads", level: "advanced" },
  ),
  counter(
    "Loaded Classes",
    "classes",
    "Classes that are loaded now. Growth without end fills the metaspace.",
    "java.cls.loadedClasses + sharedLoadedClasses - unloadedClasses - sharedUnloadedClasses",
    { ...COUNT_GAUGE, use: "information", group: "classes", level: "advanced" },
  ),
  counter(
    "Class Loads/sec",
    "class_loads",
    "Classes loaded per second; many while a program starts, few later.",
    "java.cls.loadedClasses + sharedLoadedClasses",
    { group: "classes", level: "advanced", equivalents: ["jstat -class Loaded (since start)"] },
  ),
  counter(
    "Class Unloads/sec",
    "class_unloads",
    "Classes unloaded per second.",
    "java.cls.unloadedClasses + sharedUnloadedClasses",
    { group: "classes", level: "advanced", equivalents: ["jstat -class Unloaded (since start)"] },
  ),
  counter(
    "% Compiler Time",
    "compiler_usec",
    "Time that the JIT compiler worked, 100 for one of its threads: part of the process's CPU time. " +
      "High while a program warms up; in short jobs on many JVMs a cost of its own.",
    "java.ci.totalTime",
    {
      type: "percent-time",
      unit: "%",
      scale: 1e-6,
      resource: "cpu",
      use: "utilization",
      group: "compiler",
      equivalents: ["jstat -compiler Time (seconds since start)"],
    },
  ),
];

export const JAVA: CounterObject = {
  name: "Java Virtual Machine",
  help:
    "Heap, garbage collection and more of each running Java virtual machine (HotSpot: OpenJDK, Oracle " +
    "and most others), read from the files that jstat reads, without asking the JVM. Instances are " +
    "named as in Process and have the same attributes, and the collector's name. A JVM started with " +
    "-XX:-UsePerfData or -XX:+PerfDisableSharedMem, or of another user unless this is root, is missing.",
  instances: { what: "one per Java process, named name:pid", total: false },
  cadence: 10_000,
  groups: JAVA_GROUPS,
  counters: [...HEAP, ...COLLECTIONS, ...PROGRAM],
};
