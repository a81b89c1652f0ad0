/**
 * A source that tells the same numbers under other names. Put between a store and whatever renders or
 * exports, so that no renderer needs to know.
 */
import type {
  BucketedSeries,
  CoverageRow,
  Evidence,
  RunDescription,
  RunSelector,
  SeriesKey,
  SeriesMean,
  SeriesPattern,
  SeriesStatistics,
  Source,
} from "../source.ts";
import { anonymousInventory, diskName, interfaceName } from "./anonymous-inventory.ts";
import type { Anonymizer } from "./names.ts";

export class AnonymousSource implements Source {
  private readonly source: Source;
  private readonly names: Anonymizer;

  constructor(source: Source, names: Anonymizer) {
    this.source = source;
    this.names = names;
  }

  async describeRun(run: RunSelector): Promise<RunDescription> {
    const { names } = this;
    const described = await this.source.describeRun(run);
    names.addHosts(described.hosts.map(({ name }) => name));
    const { command } = described;
    return {
      ...described,
      cluster: names.text(described.cluster),
      run: names.text(described.run),
      ...(command
        ? { command: { ...command, program: names.text(lastPart(command.program)) } }
        : {}),
      hosts: described.hosts.map((host) => ({
        ...host,
        name: names.host(host.name),
        inventory: anonymousInventory(host.inventory, names),
      })),
      events: described.events.map((event) => ({
        ...event,
        host: event.host === "" ? "" : names.host(event.host),
        text: event.kind.startsWith("command")
          ? names.text(lastPart(event.text))
          : names.text(event.text),
      })),
    };
  }

  coverage(run: RunSelector): Promise<CoverageRow[]> {
    return this.source.coverage(run);
  }

  async means(run: RunSelector, patterns: readonly SeriesPattern[]): Promise<SeriesMean[]> {
    const found = await this.source.means(run, patterns);
    return found.map((one) => ({ ...one, series: anonymousSeries(one.series, this.names) }));
  }

  async statistics(
    run: RunSelector,
    patterns: readonly SeriesPattern[],
  ): Promise<SeriesStatistics[]> {
    const found = await this.source.statistics(run, patterns);
    return found.map((one) => ({ ...one, series: anonymousSeries(one.series, this.names) }));
  }

  async buckets(
    run: RunSelector,
    patterns: readonly SeriesPattern[],
    originMs: number,
    bucketMs: number,
  ): Promise<BucketedSeries[]> {
    const found = await this.source.buckets(run, patterns, originMs, bucketMs);
    return found.map((one) => ({ ...one, series: anonymousSeries(one.series, this.names) }));
  }

  explainSql(run: RunSelector, pattern: SeriesPattern): string {
    const { names } = this;
    return this.source.explainSql(
      { ...run, cluster: names.text(run.cluster), run: names.text(run.run) },
      pattern,
    );
  }

  evidenceSql(evidence: Evidence): string {
    const { names } = this;
    const sides = evidence.sides.map((side) => {
      const { run } = side;
      return {
        ...side,
        run: { ...run, cluster: names.text(run.cluster), run: names.text(run.run) },
      };
    });
    return this.source.evidenceSql({ ...evidence, sides });
  }
}

/** Objects whose instances are numbers, or words of the kernel. */
const KERNEL_OBJECTS =
  /^(Processor.*|Pressure|Memory|Paging|System|TCP|UDP|IP.*|ICMP.*|Perfmon Agent|NUMA.*)$/i;

export function anonymousSeries(key: SeriesKey, names: Anonymizer): SeriesKey {
  return {
    ...key,
    host: names.host(key.host),
    parent: key.parent === "" ? "" : instanceName(key.object, key.parent, names),
    instance: instanceName(key.object, key.instance, names),
    attributes: Object.fromEntries(
      Object.entries(key.attributes).map(([name, value]) => [name, attribute(name, value, names)]),
    ),
  };
}

function instanceName(object: string, instance: string, names: Anonymizer): string {
  if (instance === "" || instance === "_Total") return instance;
  if (/^(Processor|Process)\b/i.test(object) || KERNEL_OBJECTS.test(object)) {
    return names.program(lastOfPath(instance));
  }
  if (/^(PhysicalDisk|Disk )/i.test(object)) return diskName(instance, names);
  if (/^(Virtual )?Network Interface/i.test(object)) return interfaceName(instance, names);
  return names.name("instance", instance);
}

function attribute(name: string, value: string, names: Anonymizer): string {
  switch (name) {
    case "user":
      return names.user(value);
    case "cgroup":
      return names.name("cgroup", value);
    case "volume":
      return names.name("volume", value);
    case "role":
      return names.program(lastOfPath(value));
    case "master":
      return interfaceName(value, names);
    default:
      return names.text(value);
  }
}

/** The program of a command line: no folder, no arguments. */
function lastPart(command: string): string {
  return lastOfPath(command.split(" ")[0] ?? "");
}

/** `/opt/acme/bin/job:12` is `job:12`. */
function lastOfPath(name: string): string {
  return name.startsWith("/") ? name.slice(name.lastIndexOf("/") + 1) : name;
}
