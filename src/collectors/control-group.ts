/**
 * `Control Group`: slices, services, scopes and containers, every 10 s. Each costs about ten files;
 * those in which nothing has used the processor since are read in full only once a minute.
 */
import type { CounterObject } from "../counter/declaration.ts";
import { type RecordedObject, recordedObject } from "../counter/recorded.ts";
import type { InstanceIdentity, SampleRow, Unit } from "../counter/sample-row.ts";
import { cgroupKind, cgroupLabel, shortSegment } from "../procfs/cgroup.ts";
import { GroupDisks } from "./cgroup-disks.ts";
import { DisksOnly } from "./cgroup-devices.ts";
import {
  CPU,
  CgroupReading,
  type CgroupFile,
  GROUPS,
  IO,
  LIMIT_GROUPS,
  THROTTLING,
  type ReadWhen,
  cgroupFiles,
  pairLimits,
} from "./cgroup-files.ts";
import { type CgroupLayout, findCgroupTrees } from "./cgroup-layout.ts";
import { probeCgroupFields } from "./cgroup-probe.ts";
import { GroupFinder } from "./cgroup-tree.ts";
import type { Collector, HostContext, OpenCollector } from "./collector.ts";
import { CGROUP_CPU } from "./control-group-cpu-counters.ts";
import { CGROUP_GROUPS } from "./control-group-declare.ts";
import { CGROUP_IO } from "./control-group-io-counters.ts";
import { CGROUP_MEMORY } from "./control-group-memory-counters.ts";
import { CLOSED, GONE, InstanceFiles } from "./instance-files.ts";

const object: CounterObject = {
  name: "Control Group",
  help:
    "What services, jobs and containers use and what holds them back: control groups of version 1 and " +
    "2, each with all groups below it. The instance is the group's path, the root is called root; " +
    "ids of containers are cut to 12 digits. What is below a service, scope or container is part of " +
    "it. A group in which nothing ran is read once a minute, so intervals differ. On hosts with several " +
    "disks each disk that a group has used is an instance below it.",
  instances: {
    what: "one per slice, service, scope and container, and one per disk that it uses",
    total: false,
  },
  cadence: 10_000,
  groups: CGROUP_GROUPS,
  counters: [...CGROUP_CPU, ...CGROUP_MEMORY, ...CGROUP_IO],
};

const MAX_GROUPS = 200;
/** Each costs the kernel a page. */
const MAX_OPEN = 2000;
const OPEN_SHARE = 0.25;
/** Everything is read after this time, even if nothing ran: memory is also taken from sleepers. */
const FULL_SECONDS = 60;
const LIMIT_SECONDS = 300;
/** A file that was not there when it was looked for. */
const ABSENT = -2;

/** A control group that is recorded. */
interface Tracked {
  readonly path: string;
  /** Trees that have it, a bit each. */
  inTrees: number;
  seenAt: number;
  usage: number;
  fullDue: number;
  limitsDue: number;
  /** Per file its descriptor, `CLOSED` or `ABSENT`. */
  readonly descriptors: Int32Array;
  /** Limits that are set, a bit per field group. */
  limits: number;
  readonly units: (Unit | undefined)[];
  readonly identity: InstanceIdentity;
}

class OpenControlGroup implements OpenCollector {
  readonly object: RecordedObject;
  private readonly host: HostContext;
  private readonly layout: CgroupLayout;
  private readonly files: readonly CgroupFile[];
  private readonly reader: InstanceFiles;
  private readonly finder: GroupFinder;
  private readonly reading = new CgroupReading();
  private readonly tracked = new Map<string, Tracked>();
  private readonly disks: GroupDisks;
  private readonly maxGroups: number;
  /** Of this sample: a file that holds something else than it should. */
  private trouble: string | undefined;
  /** Positions in the reading of the fields that are recorded. */
  private readonly positions: readonly Int32Array[];

  constructor(host: HostContext, layout: CgroupLayout) {
    this.host = host;
    this.layout = layout;
    const devices = new DisksOnly(host.sysRoot);
    this.files = cgroupFiles(layout, devices, host.clockTicksPerSecond);
    this.finder = new GroupFinder(layout.trees);
    this.reader = new InstanceFiles(host.procRoot, MAX_OPEN, OPEN_SHARE);
    this.maxGroups = host.options.maxControlGroups ?? MAX_GROUPS;
    const has = probeCgroupFields(host.procRoot, layout);
    this.object = recordedObject(
      object,
      (field, group) => (group !== "io_disk" || devices.areSeveral) && has(field, group),
    );
    this.disks = new GroupDisks(this.object, devices);
    this.positions = object.groups.map((group, g) =>
      Int32Array.from(this.object.groups[g]!.fields, (field) =>
        group.fields.findIndex(({ id }) => id === field.id),
      ),
    );
  }

  collect(row: SampleRow): void {
    const now = this.host.monotonicSeconds();
    const found = this.finder.find();
    for (const [path, inTrees] of found) {
      const group = this.tracked.get(path);
      if (!group) continue;
      group.inTrees = inTrees;
      group.seenAt = row.sample;
    }
    for (const group of this.tracked.values()) {
      if (group.seenAt !== row.sample) this.forget(row, group);
    }
    for (const [path, inTrees] of found) {
      if (this.tracked.size >= this.maxGroups) break;
      if (!this.tracked.has(path)) this.tracked.set(path, this.newGroup(path, inTrees, row.sample));
    }
    this.trouble = undefined;
    for (const group of this.tracked.values()) this.readGroup(row, group, now);
    this.writeCount(row, found.size);
    if (this.trouble !== undefined) throw new Error(this.trouble);
  }

  close(): void {
    for (const group of this.tracked.values()) this.closeFiles(group);
    this.tracked.clear();
  }

  private readGroup(row: SampleRow, group: Tracked, now: number): void {
    const { reading } = this;
    reading.begin();
    const full = now >= group.fullDue;
    const limits = now >= group.limitsDue;
    if (full) forgetAbsent(group);
    if (!this.readFiles(row, group, "usage", true)) return;
    const usage = reading.values[CPU]![0]!;
    if (!full && reading.present[CPU] === 1 && usage === group.usage) {
      this.confirm(row, group, CPU);
      this.confirm(row, group, THROTTLING);
      return;
    }
    const moved = usage !== group.usage;
    group.usage = usage;
    // Descriptors are for those that need them each time.
    if (!moved) this.closeFiles(group, "moved");
    if (!this.readFiles(row, group, "moved", moved)) return;
    if (limits && !this.readFiles(row, group, "limit", false)) return;
    this.holdLimits(row, group, limits);
    pairLimits(reading);
    while (group.fullDue <= now) group.fullDue += FULL_SECONDS;
    while (group.limitsDue <= now) group.limitsDue += LIMIT_SECONDS;
    for (let g = 0; g < reading.present.length; g++) {
      if (reading.present[g] === 1) this.write(row, group, g);
    }
    if (reading.present[IO] === 1 && reading.disks) {
      this.disks.write(row, group.identity, reading.disks);
    }
  }

  /** Numbers that are as they were still stand in the row. */
  private confirm(row: SampleRow, group: Tracked, g: number): void {
    const unit = group.units[g];
    if (unit && (g === CPU || this.reading.present[g] === 1)) row.read(unit);
  }

  /** @returns false when the group was removed */
  private readFiles(row: SampleRow, group: Tracked, when: ReadWhen, keep: boolean): boolean {
    const { files, reader, reading } = this;
    for (let i = 0; i < files.length; i++) {
      const file = files[i]!;
      const fd = group.descriptors[i]!;
      if (file.when !== when || fd === ABSENT || (group.inTrees & (1 << file.tree)) === 0) continue;
      if (when === "usage" && reading.present[CPU] === 1) break;
      const length = reader.read(fd, fd === CLOSED ? this.pathOf(group, file) : "", keep);
      if (length === GONE && fd !== CLOSED) {
        // Another one may have its path by now: it is found with the next sample.
        this.forget(row, group);
        return false;
      }
      group.descriptors[i] = length < 0 ? ABSENT : reader.fd;
      // Empty is `io.stat` of a group that has done no I/O.
      if (length < 0) continue;
      file.take(reading, reader.buffer, length);
      if (!reading.isGarbled) continue;
      reading.isGarbled = false;
      this.trouble ??= `${this.pathOf(group, file)} holds nothing known`;
    }
    return true;
  }

  /** Limits that were not read this time are as they were: they still stand in the row. */
  private holdLimits(row: SampleRow, group: Tracked, read: boolean): void {
    const { reading } = this;
    if (read) group.limits = 0;
    for (const g of LIMIT_GROUPS) {
      if (read) group.limits |= reading.present[g]! << g;
      else if ((group.limits & (1 << g)) !== 0) {
        const unit = group.units[g]!;
        for (let i = 0; i < unit.width; i++) reading.values[g]![i] = row.values[unit.slot + i]!;
        reading.present[g] = 1;
      }
    }
  }

  private write(row: SampleRow, group: Tracked, g: number): void {
    const positions = this.positions[g]!;
    if (positions.length === 0) return;
    const unit = (group.units[g] ??= row.add(this.object, g, group.identity));
    const values = this.reading.values[g]!;
    for (let i = 0; i < positions.length; i++) row.values[unit.slot + i] = values[positions[i]!]!;
    row.read(unit);
  }

  private writeCount(row: SampleRow, found: number): void {
    const root = this.tracked.get("");
    if (!root) return;
    this.reading.set(GROUPS, found, found - this.tracked.size);
    this.write(row, root, GROUPS);
  }

  private newGroup(path: string, inTrees: number, sample: number): Tracked {
    const now = this.host.monotonicSeconds();
    return {
      path,
      inTrees,
      seenAt: sample,
      usage: -1,
      // The first reading is a full one; the next ones are spread over the samples.
      fullDue: now - (this.tracked.size % FULL_SECONDS),
      limitsDue: now - (this.tracked.size % LIMIT_SECONDS),
      descriptors: new Int32Array(this.files.length).fill(CLOSED),
      limits: 0,
      units: new Array<Unit | undefined>(CGROUP_GROUPS.length).fill(undefined),
      identity: identityOf(path),
    };
  }

  private pathOf(group: Tracked, file: CgroupFile): string {
    return `${this.layout.trees[file.tree]!.folder}/${group.path}/${file.name}`;
  }

  private forget(row: SampleRow, group: Tracked): void {
    this.closeFiles(group);
    for (const unit of group.units) if (unit) row.remove(unit);
    this.disks.forget(row, group.identity);
    this.tracked.delete(group.path);
  }

  /** @param when closes only files that are read then; all when left out */
  private closeFiles({ descriptors }: Tracked, when?: ReadWhen): void {
    for (let i = 0; i < descriptors.length; i++) {
      if (descriptors[i]! < 0 || (when && this.files[i]!.when !== when)) continue;
      this.reader.close(descriptors[i]!);
      descriptors[i] = CLOSED;
    }
  }
}

/** A controller may be switched on later: files that were not there are looked for again. */
function forgetAbsent({ descriptors }: Tracked): void {
  for (let i = 0; i < descriptors.length; i++)
    if (descriptors[i] === ABSENT) descriptors[i] = CLOSED;
}

function identityOf(path: string): InstanceIdentity {
  if (path === "") return { name: "root", attributes: { kind: "root", label: "root" } };
  const segments = path.split("/");
  const short = segments.map(shortSegment);
  const name = short.pop()!;
  return {
    name,
    ...(short.length > 0 ? { parent: short.join("/") } : {}),
    attributes: { kind: cgroupKind(segments[segments.length - 1]!), label: cgroupLabel(path) },
  };
}

/** CPU, memory, I/O and pressure per control group, from /sys/fs/cgroup. */
export const controlGroup: Collector = {
  object,
  open(host) {
    const layout = findCgroupTrees(host.procRoot, host.sysRoot);
    return layout && new OpenControlGroup(host, layout);
  },
};
