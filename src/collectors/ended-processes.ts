/**
 * Where the CPU time of processes that end goes. What a process uses after it was last seen, and all
 * that one uses which lives between two samples, is in no instance; but its parent, when it waits for
 * it, is charged with all it ever used (cutime, cstime). What the parent is charged with, less what
 * had been seen of its ended children, is what no instance shows.
 */
import { CHILDREN_SYSTEM, CHILDREN_USER, PID_STAT_COLUMNS } from "../procfs/pid-stat.ts";

const UTIME = PID_STAT_COLUMNS.indexOf("utime");
const STIME = PID_STAT_COLUMNS.indexOf("stime");
/** Ended parents of ended children that are followed upwards at most. */
const MAX_GENERATIONS = 16;

/** What is remembered of a process for that; ticks. */
export interface Kin {
  /** As of the last reading: it changes when the parent ends. */
  parent: number;
  /** Its own and its waited-for children's time, when last seen. */
  total: number;
  children: number;
  /** New in this sample: charged for children, and seen of children that ended. */
  charged: number;
  owed: number;
  /** Samples for which some of `owed` has waited for the charge. */
  waited: number;
  /** Sum of what no instance showed. */
  unseen: number;
}

export function newKin(): Kin {
  return { parent: 0, total: 0, children: -1, charged: 0, owed: 0, waited: 0, unseen: 0 };
}

/**
 * Takes a reading of a process's stat.
 *
 * @returns whether it was charged for children
 */
export function seen(kin: Kin, stat: Float64Array): boolean {
  const children = stat[CHILDREN_USER]! + stat[CHILDREN_SYSTEM]!;
  kin.total = stat[UTIME]! + stat[STIME]! + children;
  // What it was charged with before it was first seen is of no interval.
  if (kin.children >= 0) kin.charged += Math.max(0, children - kin.children);
  kin.children = children;
  return kin.charged > 0;
}

/**
 * Notes at the nearest ancestor that still lives what had been seen of a process that ended.
 *
 * @returns that ancestor
 */
export function ended<K extends Kin>(
  kin: K,
  find: (pid: number) => K | undefined,
  lives: (kin: K) => boolean,
): K | undefined {
  let ancestor = find(kin.parent);
  for (let generation = 1; ancestor && !lives(ancestor); generation++) {
    if (generation === MAX_GENERATIONS) return undefined;
    ancestor = find(ancestor.parent);
  }
  if (ancestor) ancestor.owed += kin.total + kin.owed;
  return ancestor;
}

/** Whether there is something to settle in the next sample as well. */
export function isOwed(kin: Kin): boolean {
  return kin.owed > 0;
}

/** @returns ticks that no instance shows, new in this sample */
export function settle(kin: Kin): number {
  const unseen = Math.max(0, kin.charged - kin.owed);
  if (kin.charged > 0 || kin.waited > 0) {
    kin.owed = 0;
    kin.waited = 0;
  } else if (kin.owed > 0) {
    // The parent was read just before it waited for the child; or it never will.
    kin.waited++;
  }
  kin.charged = 0;
  kin.unseen += unseen;
  return unseen;
}
