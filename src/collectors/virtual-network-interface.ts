/** `Virtual Network Interface`: what has no card of its own, from /proc/net/dev. */
import type { CounterObject } from "../counter/declaration.ts";
import type { Collector } from "./collector.ts";
import { NETWORK_COUNTERS, NETWORK_GROUP } from "./network-counters.ts";
import { OpenNetwork } from "./network-interface.ts";
import { openInterfaceLines } from "./network-lines.ts";

const OBJECT: CounterObject = {
  name: "Virtual Network Interface",
  help:
    "Loopback, bridges, VLANs, tunnels, veth and tap devices. What they carry to other hosts passes " +
    "a card as well, so they have no total and must not be added to Network Interface. Use them to " +
    "see which container or network the traffic belongs to, and lo for traffic that never leaves " +
    "the host.",
  instances: { what: "one per interface without a card of its own", total: false },
  cadence: "every-sample",
  groups: [NETWORK_GROUP],
  // Their speed is not known, so there is nothing to relate the traffic to.
  counters: NETWORK_COUNTERS.filter(({ value }) => !/^(speed|busier)/.test(value[0] ?? "")),
};

export const virtualNetworkInterface: Collector = {
  object: OBJECT,
  open(host) {
    const source = openInterfaceLines(host);
    return source && new OpenNetwork(source, OBJECT, false);
  },
};
