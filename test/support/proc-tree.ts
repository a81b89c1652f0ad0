/** A small /proc in a temporary folder, changed in place while collectors hold its files open. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { HostContext } from "../../src/collectors/collector.ts";
import type { SampleRow } from "../../src/counter/sample-row.ts";

export class ProcTree {
  readonly root = mkdtempSync(join(tmpdir(), "perfmon-proc-"));
  /** The monotonic clock of `context`. */
  seconds = 1000;
  readonly context: HostContext = {
    procRoot: join(this.root, "proc"),
    sysRoot: join(this.root, "sys"),
    etcRoot: join(this.root, "etc"),
    clockTicksPerSecond: 100,
    pageSizeBytes: 4096,
    monotonicSeconds: () => this.seconds,
    options: { allBlockDevices: false },
  };

  /** Writes a file below /proc, keeping its inode. */
  write(path: string, text: string): void {
    const file = join(this.context.procRoot, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** What the current sample holds: per `instance` its fields by name. */
export function readings(row: SampleRow): Record<string, Record<string, number>> {
  const result: Record<string, Record<string, number>> = {};
  for (const unit of row.units) {
    if (!row.isRead(unit)) continue;
    const fields = unit.object.groups[unit.group]!.fields;
    const into = (result[unit.instance.name] ??= {});
    fields.forEach(({ id }, i) => (into[id] = row.values[unit.slot + i]!));
  }
  return result;
}
