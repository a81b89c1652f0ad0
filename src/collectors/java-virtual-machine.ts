/**
 * `Java Virtual Machine`, every 10 s: one positioned read of a JVM's performance data, of which the
 * places of the wanted numbers were learned before.
 */
import { closeSync, readSync } from "node:fs";
import { type RecordedObject, recordedObject } from "../counter/recorded.ts";
import type { InstanceIdentity, SampleRow, Unit } from "../counter/sample-row.ts";
import { PerfData } from "../procfs/perf-data.ts";
import { PID_STAT_COLUMNS, PidStat } from "../procfs/pid-stat.ts";
import { effectiveUid } from "../procfs/pid-status.ts";
import type { Collector, HostContext, OpenCollector } from "./collector.ts";
import { CLOSED, InstanceFiles } from "./instance-files.ts";
import { JAVA, JAVA_GROUPS } from "./java-counters.ts";
import { JavaFinder, MAX_PERF_DATA_BYTES, openPerfData } from "./java-finder.ts";
import {
  type JavaPlaces,
  collectorName,
  javaPlaces,
  microsecondsPerTick,
  writeJavaGroup,
} from "./java-numbers.ts";
import { ProcessIdentities } from "./process-identity.ts";
import { readAttribute } from "./sysfs.ts";

const START_TIME = PID_STAT_COLUMNS.indexOf("starttime");
const MAX_OPEN = 200;
const OPEN_SHARE = 0.1;
/** Clocks are set now and then; a file that is older than its process by more is another's. */
const STALE_SECONDS = 60;

interface Jvm {
  readonly pid: string;
  /** Of the performance data. */
  readonly fd: number;
  /** Of /proc/PID/stat: fails when the process is gone, though the file may have stayed. */
  statFd: number;
  readonly data: PerfData;
  places: JavaPlaces;
  perTick: number;
  identity: InstanceIdentity;
  units: (Unit | undefined)[];
}

class OpenJavaVirtualMachine implements OpenCollector {
  readonly object: RecordedObject = recordedObject(JAVA);
  private readonly host: HostContext;
  private readonly finder: JavaFinder;
  private readonly identities: ProcessIdentities;
  private readonly files: InstanceFiles;
  private readonly stat = new PidStat();
  private readonly jvms = new Map<string, Jvm>();
  private buffer = Buffer.alloc(64 * 1024);

  constructor(host: HostContext) {
    this.host = host;
    this.finder = new JavaFinder(host);
    this.identities = new ProcessIdentities(host);
    this.files = new InstanceFiles(host.procRoot, MAX_OPEN, OPEN_SHARE);
  }

  collect(row: SampleRow): void {
    for (const [pid, path] of this.finder.find(this.jvms)) {
      if (!this.jvms.has(pid)) this.welcome(pid, path);
    }
    for (const jvm of this.jvms.values()) if (!this.readJvm(row, jvm)) this.forget(row, jvm);
  }

  close(): void {
    for (const jvm of this.jvms.values()) this.closeFiles(jvm);
    this.jvms.clear();
  }

  /** @returns false when it has ended */
  private readJvm(row: SampleRow, jvm: Jvm): boolean {
    const { files, data } = { files: this.files, data: jvm.data };
    const path = jvm.statFd === CLOSED ? `${this.host.procRoot}/${jvm.pid}/stat` : "";
    const alive = files.read(jvm.statFd, path, true) > 0;
    jvm.statFd = files.fd;
    if (!alive) return false;
    const length = this.readData(jvm.fd);
    const taken = data.take(this.buffer, length);
    if (taken === "unusable") return true;
    if (taken === "new") this.learn(row, jvm);
    for (let g = 0; g < jvm.places.length; g++) {
      const places = jvm.places[g];
      if (!places) continue;
      const unit = (jvm.units[g] ??= row.add(this.object, g, jvm.identity));
      writeJavaGroup(data, this.buffer, places, jvm.perTick, row.values, unit.slot);
      row.read(unit);
    }
    return true;
  }

  private readData(fd: number): number {
    const length = readSync(fd, this.buffer, 0, this.buffer.length, 0);
    if (length < this.buffer.length || length >= MAX_PERF_DATA_BYTES) return length;
    this.buffer = Buffer.alloc(this.buffer.length * 2);
    return this.readData(fd);
  }

  /** The JVM adds entries while it starts. */
  private learn(row: SampleRow, jvm: Jvm): void {
    jvm.places = javaPlaces(jvm.data);
    jvm.perTick = microsecondsPerTick(jvm.data, this.buffer);
    jvm.places.forEach((places, g) => {
      const unit = jvm.units[g];
      if (unit && !places) {
        row.remove(unit);
        jvm.units[g] = undefined;
      }
    });
  }

  private welcome(pid: string, path: string): void {
    const fd = openPerfData(path);
    if (fd === undefined) return;
    const data = new PerfData();
    const usable = data.take(this.buffer, this.readData(fd)) !== "unusable";
    const identity = usable ? this.identify(pid, data) : undefined;
    if (!identity) {
      closeSync(fd);
      return;
    }
    const places = javaPlaces(data);
    const perTick = microsecondsPerTick(data, this.buffer);
    const units = JAVA_GROUPS.map(() => undefined);
    this.jvms.set(pid, { pid, fd, statFd: CLOSED, data, places, perTick, identity, units });
  }

  /** @returns `undefined` when the file was left behind by an earlier process of this number */
  private identify(pid: string, data: PerfData): InstanceIdentity | undefined {
    const { files, stat } = this;
    const process = `${this.host.procRoot}/${pid}`;
    const length = files.read(CLOSED, `${process}/stat`, false);
    if (length <= 0 || !stat.parse(files.buffer, length) || stat.kernelThread) return undefined;
    const startTime = stat.values[START_TIME]!;
    const name = files.buffer.toString("utf8", stat.nameStart, stat.nameEnd);
    const begun = data.placeOf("sun.rt.createVmBeginTime");
    if (begun >= 0) {
      const seconds = data.number(this.buffer, begun) / 1000;
      if (seconds < this.startSeconds(startTime) - STALE_SECONDS) return undefined;
    }
    const statusLength = files.read(CLOSED, `${process}/status`, false);
    const uid = statusLength > 0 ? effectiveUid(files.buffer, statusLength) : undefined;
    const facts = { pid, name, kernelThread: false, startTime, uid };
    const identity = this.identities.identity(facts);
    const gc = collectorName(data)?.split(" ")[0];
    const version = data.text("java.property.java.version");
    const attributes = {
      ...identity.attributes,
      ...(gc === undefined ? {} : { gc }),
      ...(version === undefined ? {} : { javaVersion: version }),
    };
    return { ...identity, attributes };
  }

  /** When a process began, in seconds since 1970. */
  private startSeconds(startTime: number): number {
    const boot = /^btime (\d{1,12})$/m.exec(readAttribute(`${this.host.procRoot}/stat`) ?? "")?.[1];
    return boot === undefined ? 0 : Number(boot) + startTime / this.host.clockTicksPerSecond;
  }

  private forget(row: SampleRow, jvm: Jvm): void {
    this.closeFiles(jvm);
    for (const unit of jvm.units) if (unit) row.remove(unit);
    this.jvms.delete(jvm.pid);
  }

  private closeFiles(jvm: Jvm): void {
    closeSync(jvm.fd);
    this.files.close(jvm.statFd);
    jvm.statFd = CLOSED;
  }
}

/** Heap and garbage collection of Java processes, from their hsperfdata files. */
export const javaVirtualMachine: Collector = {
  object: JAVA,
  open: (host) => new OpenJavaVirtualMachine(host),
};
