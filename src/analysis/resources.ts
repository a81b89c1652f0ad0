/** The resources that can be a bottleneck and the states that time is divided among. */
export type ResourceName = "cpu" | "memory" | "disk" | "network" | "virtualization";

export const RESOURCES: readonly ResourceName[] = [
  "cpu",
  "memory",
  "disk",
  "network",
  "virtualization",
];

/**
 * What the time of a run went into: progress limited by a resource; `waiting`: work exists but waits
 * for a peer, a lock or a timer; `idle`: no work.
 */
export type StateName = ResourceName | "waiting" | "idle";

export const STATES: readonly StateName[] = [...RESOURCES, "waiting", "idle"];

export function byState(value: (state: StateName) => number): Record<StateName, number> {
  return Object.fromEntries(STATES.map((state) => [state, value(state)])) as Record<
    StateName,
    number
  >;
}

export const RESOURCE_LABELS: Readonly<Record<StateName, string>> = {
  cpu: "CPU",
  memory: "memory",
  disk: "disk",
  network: "network",
  virtualization: "virtualization",
  waiting: "waiting",
  idle: "idle",
};
