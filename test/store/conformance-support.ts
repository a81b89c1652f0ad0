/** What the parts of the conformance suite share. */
import { afterEach } from "vitest";
import { openStore } from "../../src/store/open.ts";
import type { Store } from "../../src/store/store.ts";
import { rawDisk, sampleTimeMs } from "./recordings.ts";

export interface StoreUnderTest {
  readonly name: string;
  /** A URL at which there is an empty store, or none yet. */
  readonly freshUrl: () => string | Promise<string>;
  /** A URL at which there is nothing. */
  readonly absentUrl: () => string;
}

export const RUN = { cluster: "cloud", run: "one" };
export const DISKS = ["sda", "sdb"];

/** Opens stores for the tests around, and closes them after each. */
export function storesOfTests() {
  const open: Store[] = [];
  const opened = async (url: string, mode: "read" | "write" = "write"): Promise<Store> => {
    const store = await openStore(url, { mode });
    open.push(store);
    return store;
  };
  const closeAll = async (): Promise<void> => {
    for (const store of open.splice(0)) await store.close();
  };
  afterEach(closeAll);
  return { opened, closeAll };
}

export async function rows(store: Store, sql: string): Promise<readonly (readonly unknown[])[]> {
  return (await store.query(sql)).rows;
}

export async function count(store: Store, table: string): Promise<number> {
  return Number((await rows(store, `SELECT count(*) FROM ${table}`))[0]![0]);
}

/** Interval values of a disk, worked out from the formulas. */
export function expectedReads(disk: number, samples: number) {
  return Array.from({ length: samples - 1 }, (_, i) => {
    const seconds = (sampleTimeMs(i + 1) - sampleTimeMs(i)) / 1000;
    const reads = rawDisk(disk, i + 1).reads - rawDisk(disk, i).reads;
    const ticks = rawDisk(disk, i + 1).ticks - rawDisk(disk, i).ticks;
    return { timeMs: sampleTimeMs(i + 1), seconds, reads, ticks, rate: reads / seconds };
  });
}
