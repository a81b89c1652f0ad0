/**
 * Counters of which no load here makes sure that they move, each by its name, and why. Everything else has
 * to: a new counter fails the test until a load moves it, or somebody says here why none can.
 */
import { DISKS } from "./disks.ts";
import { GROUPS } from "./groups.ts";
import { HARDWARE } from "./hardware.ts";
import { MEMORY } from "./memory.ts";
import { NETWORK } from "./network.ts";
import { PROCESSES } from "./processes.ts";
import { PROCESSORS } from "./processors.ts";

/** `Object\\Counter` -> why it may stand still. */
export const STILL: ReadonlyMap<string, string> = new Map(
  [PROCESSORS, PROCESSES, GROUPS, DISKS, HARDWARE, NETWORK, MEMORY].flatMap((part) =>
    Object.entries(part).flatMap(([object, reasons]) =>
      Object.entries(reasons).flatMap(([why, counters]) =>
        counters.map((counter) => [`${object}\\${counter}`, why] as const),
      ),
    ),
  ),
);
