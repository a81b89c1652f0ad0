/**
 * The guests' network: a bridge in a network namespace of its own, with a port per guest, so that
 * nothing of it touches this host's network. Needs root.
 */
import { execFileSync } from "node:child_process";
import { readdirSync, existsSync } from "node:fs";

const NAME = "perfmon-lab-";
const NAMESPACES = "/run/netns";

export interface GuestPort {
  readonly namespace: string;
  /** The guest's network interface, as the namespace sees it. */
  readonly tap: string;
  readonly address: string;
}

export interface LabNetwork {
  readonly ports: readonly GuestPort[];
  /** Packets to and from a guest beyond this rate are queued, then dropped: a slow network. */
  limitRate(port: GuestPort, megabitsPerSecond: number): void;
  unlimitRate(port: GuestPort): void;
  remove(): void;
}

export function createNetwork(guests: number): LabNetwork {
  removeAbandoned();
  const namespace = `${NAME}${process.pid}`;
  const ip = (...args: string[]) => run("ip", ["-n", namespace, ...args]);
  const ports = Array.from({ length: guests }, (_, i) => ({
    namespace,
    tap: `t${i}`,
    address: `10.99.0.${11 + i}`,
  }));
  run("ip", ["netns", "add", namespace]);
  ip("link", "add", "br0", "type", "bridge");
  ip("link", "set", "br0", "up");
  for (const { tap } of ports) {
    ip("tuntap", "add", "mode", "tap", tap);
    ip("link", "set", tap, "master", "br0", "up");
  }
  const qdisc = (...args: string[]) => run("tc", ["-n", namespace, "qdisc", ...args]);
  return {
    ports,
    limitRate({ tap }, megabits) {
      // What a switch has: some ten milliseconds of queue.
      const shape = ["tbf", "rate", `${megabits}mbit`, "burst", "16kb", "latency", "30ms"];
      qdisc("add", "dev", tap, "root", ...shape);
    },
    unlimitRate: ({ tap }) => qdisc("delete", "dev", tap, "root"),
    remove: () => run("ip", ["netns", "delete", namespace]),
  };
}

/** Namespaces of labs that were killed. */
function removeAbandoned(): void {
  if (!existsSync(NAMESPACES)) return;
  for (const name of readdirSync(NAMESPACES)) {
    const pid = name.startsWith(NAME) ? name.slice(NAME.length) : "";
    if (/^\d+$/.test(pid) && !existsSync(`/proc/${pid}`)) run("ip", ["netns", "delete", name]);
  }
}

function run(program: string, args: readonly string[]): void {
  execFileSync(program, args, { stdio: ["ignore", "pipe", "pipe"] });
}
