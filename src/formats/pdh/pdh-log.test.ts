import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { recordedValues } from "../../../test/support/recorded-values.ts";
import { DISK_LIKE, IDENTITY, temporaryFolder } from "../../../test/support/synthetic-log.ts";
import { recordedObject } from "../../counter/recorded.ts";
import { SampleRow, type Unit } from "../../counter/sample-row.ts";
import type { LogWriterOptions } from "../../log/log-writer.ts";
import { openRecording } from "../../recording/recording.ts";
import { importPdh } from "./import-pdh.ts";
import { PdhLog } from "./pdh-log.ts";

const START_MS = Date.UTC(2026, 10, 23, 10);
const OBJECT = recordedObject(DISK_LIKE);

/** A host whose disk `dN` does N + 1 reads of 4 KB a second, N requests waiting. */
class Host {
  readonly folder = temporaryFolder();
  readonly row = new SampleRow();
  readonly log: PdhLog;
  readonly disks = new Map<number, Unit>();
  private second = 0;

  constructor(options: Partial<LogWriterOptions> = {}) {
    this.log = new PdhLog("csv", {
      folder: this.folder,
      recording: IDENTITY,
      segmentBytes: Infinity,
      segmentMs: Infinity,
      keepSegments: 0,
      syncIntervalMs: 1e9,
      maxBacklog: 1e9,
      onError: (error) => {
        throw error;
      },
      ...options,
    });
  }

  come(disk: number): void {
    this.disks.set(disk, this.row.add(OBJECT, 0, { name: `d${disk}` }));
  }

  go(disk: number): void {
    this.row.remove(this.disks.get(disk)!);
    this.disks.delete(disk);
  }

  run(seconds: number, absent?: number): void {
    for (let i = 0; i < seconds; i++) {
      this.row.begin();
      for (const [disk, unit] of this.disks) {
        if (disk === absent) continue;
        const reads = (disk + 1) * this.second;
        this.row.values.set([reads, reads * 4096, 0, disk, 0], unit.slot);
        this.row.read(unit);
      }
      const monotonicUs = 5_000_000 + this.second * 1_000_000;
      this.log.append(this.row, { monotonicUs, wallMs: START_MS + this.second * 1000 });
      this.second++;
    }
  }

  async files(): Promise<string[][]> {
    await this.log.close();
    return readdirSync(this.folder)
      .sort()
      .map((name) => readFileSync(join(this.folder, name), "latin1").split("\r\n"));
  }

  /** Seconds at which a disk has a rate, after import of all files as one recording. */
  async rates(disk: number): Promise<(readonly [number, number])[]> {
    await this.log.close();
    const paths = readdirSync(this.folder)
      .sort()
      .map((name) => join(this.folder, name));
    const folders = await importPdh(paths, temporaryFolder(), { ...IDENTITY, role: "worker" });
    const values = recordedValues(openRecording(folders[0]!));
    return (values.get(`DiskLike(d${disk})\\Reads/sec`) ?? []).map(
      ({ timeMs, value }) => [(timeMs - START_MS) / 1000, value] as const,
    );
  }
}

describe("a recording in text form", () => {
  it("has gauges in its first row, rates from the second on, blanks where nothing was read", async () => {
    const host = new Host();
    host.come(0);
    host.come(7);
    host.run(2);
    host.run(1, 7);
    host.run(1);
    const [[header, ...lines]] = (await host.files()) as [[string, ...string[]]];
    const path = (disk: number, counter: string) =>
      `"${String.raw`\\node1\DiskLike`}(d${disk})\\${counter}"`;
    expect(header.split(",").slice(1)).toEqual([
      path(0, "Reads/sec"),
      path(0, "Avg. Bytes/Read"),
      path(0, "Queue Length"),
      path(7, "Reads/sec"),
      path(7, "Avg. Bytes/Read"),
      path(7, "Queue Length"),
    ]);
    expect(lines.map((line) => line.replace(/^"[^"]*",?/, ""))).toEqual([
      '" "," ","0"," "," ","7"',
      '"1","4096","0","8","4096","7"',
      '"1","4096","0"," "," "," "',
      // Of the two seconds since it was read last.
      '"1","4096","0","8","4096","7"',
      "",
    ]);
  });

  it("gives instances that come later a place in the next file, at most once a minute", async () => {
    const host = new Host();
    host.come(0);
    host.run(30);
    host.come(1);
    host.run(20);
    host.go(1);
    host.come(2);
    host.run(90);
    const files = await host.files();
    expect(files).toHaveLength(2);
    expect(files[0]![0]).not.toContain("d2");
    // One row without values, at the end of the file before.
    expect(files[1]![1]!.slice(0, 25)).toBe(files[0]![files[0]!.length - 2]!.slice(0, 25));
    expect(files[1]![1]).toMatch(/^"[^"]*"(," ")+$/);
    expect(await host.rates(0)).toEqual(Array.from({ length: 139 }, (_, i) => [i + 1, 1]));
    expect(await host.rates(1)).toEqual([]);
    expect(await host.rates(2)).toEqual(Array.from({ length: 80 }, (_, i) => [i + 60, 3]));
  });

  it("begins a new file by size and age, and keeps the newest only when asked to", async () => {
    const host = new Host({ segmentMs: 10_000, keepSegments: 3 });
    host.come(0);
    host.run(100);
    expect(readdirSync(host.folder).sort()).toEqual(["000008.csv", "000009.csv", "000010.csv"]);
    expect(await host.rates(0)).toEqual(Array.from({ length: 30 }, (_, i) => [i + 70, 1]));
    const small = new Host({ segmentBytes: 600 });
    small.come(0);
    small.run(40);
    expect((await small.files()).length).toBeGreaterThan(3);
    expect(await small.rates(0)).toHaveLength(39);
  });
});
