/**
 * `/proc/PID/cgroup`: in which control groups a process is. Source: man7.org cgroups(7). One line
 * `0::/path` with version 2, one `number:controllers:/path` per hierarchy with version 1.
 */

/** Hierarchies of version 1 that managers of containers and services use, most telling first. */
const PREFERRED = ["name=systemd", "memory", "cpu", "pids"];
const CONTAINER_ID = /[0-9a-f]{32,}/;

/** The path that tells most: of version 2, unless that is the root, else of version 1. */
export function cgroupPath(text: string): string {
  const paths = new Map<string, string>();
  for (const line of text.split("\n")) {
    const first = line.indexOf(":");
    const second = line.indexOf(":", first + 1);
    if (second < 0) continue;
    const path = line.slice(second + 1);
    for (const controller of line.slice(first + 1, second).split(",")) paths.set(controller, path);
  }
  const candidates = ["", ...PREFERRED].map((name) => paths.get(name) ?? "/");
  return candidates.find((path) => path !== "/") ?? "/";
}

/**
 * A path shortened to what a person calls it: the service, scope or slice, the YARN container, or
 * the container with the first 12 digits of its id, as docker and crictl show it.
 */
export function cgroupLabel(path: string): string {
  const segments = path.split("/").filter((segment) => segment !== "");
  for (let i = segments.length - 1; i >= 0; i--) {
    const segment = segments[i]!;
    const id = CONTAINER_ID.exec(segment)?.[0];
    if (id !== undefined)
      return `${containerRuntime(segment, id, segments[i - 1])}:${id.slice(0, 12)}`;
    if (segment.startsWith("container_")) return segment;
  }
  for (let i = segments.length - 1; i >= 0; i--) {
    if (/\.(service|scope|slice)$/.test(segments[i]!)) return segments[i]!;
  }
  return segments[segments.length - 1] ?? "/";
}

/** What a control group stands for, by the names that systemd and container runtimes give them. */
export type CgroupKind = "root" | "slice" | "service" | "scope" | "pod" | "container" | "group";

const POD = /(^|-)pod[0-9a-f]{8}[-_]/;

/** @param segment last part of its path */
export function cgroupKind(segment: string): CgroupKind {
  if (CONTAINER_ID.test(segment) || segment.startsWith("container_")) return "container";
  // Pod ids have dashes (or underscores, with systemd), so they are no container ids.
  if (POD.test(segment)) return "pod";
  return (/\.(slice|service|scope)$/.exec(segment)?.[1] ?? "group") as CgroupKind;
}

/**
 * A part of a path as a person can read it: of ids of containers the first 12 digits, as docker and
 * crictl show them, of pods the first 8.
 */
export function shortSegment(segment: string): string {
  const id = CONTAINER_ID.exec(segment)?.[0];
  if (id === undefined) return segment.replace(/(pod[0-9a-f]{8})[-_][0-9a-f_-]+/, "$1");
  if (segment === id) return id.slice(0, 12);
  return `${containerRuntime(segment, id, undefined)}:${id.slice(0, 12)}`;
}

/** `docker-<id>.scope` and `/docker/<id>` are both of docker. */
function containerRuntime(segment: string, id: string, parent: string | undefined): string {
  const before = segment.slice(0, segment.indexOf(id)).replace(/[-_:]+$/, "");
  return before || (parent ?? "container");
}
