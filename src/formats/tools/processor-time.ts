/**
 * The busy share of CPUs from the shares that are not: every tool prints those, and splits the busy
 * one in its own way.
 */
import type { DerivedTarget } from "./mapping.ts";

/** @param titles of the shares of idle, I/O wait and steal */
export function processorTime(...titles: readonly [string, string, string]): DerivedTarget {
  return {
    object: "Processor",
    counter: "% Processor Time",
    from: titles,
    // Rounded shares may add up to a little more than 100.
    value: (idle, ioWait, steal) => Math.max(0, 100 - idle - ioWait - steal),
  };
}
