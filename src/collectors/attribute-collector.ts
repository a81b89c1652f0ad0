/** A collector for objects all of whose instances are small files of numbers. */
import type { CounterObject } from "../counter/declaration.ts";
import { type RecordedObject, recordedObject } from "../counter/recorded.ts";
import type { SampleRow } from "../counter/sample-row.ts";
import { type AttributeInstance, AttributeUnits } from "./attribute-units.ts";
import type { Collector, HostContext, OpenCollector } from "./collector.ts";

/** How often devices are looked for, beside when one cannot be read. */
const DISCOVER_SECONDS = 300;
/** One that stays unreadable must not make it look for devices every time. */
const DISCOVER_AGAIN_SECONDS = 60;

/**
 * @param discover finds the instances there are; a field is recorded when every instance of its
 *   group has it
 */
export function attributeCollector(
  object: CounterObject,
  discover: (host: HostContext) => readonly AttributeInstance[],
): Collector {
  return {
    object,
    open(host) {
      const instances = discover(host);
      return instances.length > 0
        ? new OpenAttributes(object, host, discover, instances)
        : undefined;
    },
  };
}

/** Cuts a declaration down to the fields that all instances of a group have. */
export function recordedAttributes(
  object: CounterObject,
  instances: readonly AttributeInstance[],
): RecordedObject {
  return recordedObject(object, (field, groupId) => {
    const group = object.groups.findIndex(({ id }) => id === groupId);
    const members = instances.filter((instance) => instance.group === group);
    return members.length > 0 && members.every((instance) => hasField(instance, field));
  });
}

function hasField({ files, constants }: AttributeInstance, field: string): boolean {
  return files.some(({ fields }) => fields.includes(field)) || constants?.[field] !== undefined;
}

class OpenAttributes implements OpenCollector {
  readonly object: RecordedObject;
  private readonly host: HostContext;
  private readonly discover: (host: HostContext) => readonly AttributeInstance[];
  private readonly units: AttributeUnits;
  private discoveredSeconds: number;
  /** Instances that could not be read in the last sample. */
  private failed = 0;
  /** Why an instance that is still there was given up. */
  private lacking: string | undefined;

  constructor(
    object: CounterObject,
    host: HostContext,
    discover: (host: HostContext) => readonly AttributeInstance[],
    instances: readonly AttributeInstance[],
  ) {
    this.host = host;
    this.discover = discover;
    this.object = recordedAttributes(object, instances);
    this.units = new AttributeUnits(this.object, instances);
    this.discoveredSeconds = host.monotonicSeconds();
  }

  collect(row: SampleRow): void {
    const { units } = this;
    const now = this.host.monotonicSeconds();
    const limit = this.failed > 0 ? DISCOVER_AGAIN_SECONDS : DISCOVER_SECONDS;
    if (now - this.discoveredSeconds >= limit) {
      this.discoveredSeconds = now;
      this.rediscover(row);
    }
    this.failed = units.collect(row);
    const trouble = units.trouble ?? this.lacking;
    if (trouble !== undefined) throw new Error(trouble);
  }

  /** One that lacks what the others have would show zeros. */
  private rediscover(row: SampleRow): void {
    const { units, object } = this;
    this.lacking = undefined;
    const fits = (instance: AttributeInstance): boolean => {
      const { fields } = object.groups[instance.group]!;
      if (fields.length === 0) return false;
      const lacking = fields.find(({ id }) => !hasField(instance, id));
      if (lacking && units.has(instance)) {
        this.lacking = `${object.name}: ${instance.identity.name} has no ${lacking.id} any more`;
      }
      return !lacking;
    };
    units.replace(row, this.discover(this.host).filter(fits));
  }

  close(): void {
    this.units.close();
  }
}
