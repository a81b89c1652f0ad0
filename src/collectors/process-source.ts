/** The table of processes of a host, shared by the collectors of processes and of kernel threads. */
import type { SampleRow } from "../counter/sample-row.ts";
import type { HostContext, OpenCollector } from "./collector.ts";
import { ProcessObjects } from "./process-objects.ts";
import { ProcessTable } from "./process-table.ts";

interface Shared {
  readonly objects: ProcessObjects;
  readonly table: ProcessTable;
  users: number;
}

const opened = new WeakMap<HostContext, Shared>();

export function openProcesses(host: HostContext, kind: "user" | "kernel"): OpenCollector {
  let shared = opened.get(host);
  if (!shared) {
    const objects = new ProcessObjects(host);
    shared = { objects, table: new ProcessTable(host, objects), users: 0 };
    opened.set(host, shared);
  }
  const { table, objects } = shared;
  const mine = shared;
  mine.users++;
  return {
    object: objects.want(kind),
    collect: (row: SampleRow) => table.collect(row),
    close: () => {
      mine.users--;
      if (mine.users > 0) return;
      opened.delete(host);
      table.close();
    },
  };
}
