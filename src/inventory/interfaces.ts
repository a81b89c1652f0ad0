import { existsSync } from "../util/host-files.ts";
import { defined, linkName, listFolder, readInteger, readText } from "./read-text.ts";

/** One network interface. Addresses are deliberately not read. */
export interface InterfaceInventory {
  /** Link speed in Mbit/s; absent when the link is down or has none. */
  readonly speedMbps?: number;
  /** `full`, `half`. */
  readonly duplex?: string;
  readonly mtuBytes?: number;
  /** `ixgbe`, `virtio_net`, `ena`, ... */
  readonly driver?: string;
  /** `up`, `down`, `unknown` (an interface without link detection). */
  readonly state?: string;
  /** No device of its own: bridge, bond, VLAN, tunnel, container end. */
  readonly virtual: boolean;
  /** `bond`, `bridge`, `vlan`, `wlan`, ... where the kernel says so. */
  readonly type?: string;
  readonly transmitQueueLength?: number;
  readonly receiveQueues?: number;
  readonly transmitQueues?: number;
}

export type InterfacesInventory = Readonly<Record<string, InterfaceInventory>>;

/** Host ends of containers and guests come and go by the hundred and say nothing of the host. */
const GUEST_END = /^(veth|cali|lxc|vnet|tap)/;

/** By interface name, in order of name; loopback and the host ends of guests are left out. */
export function readInterfaces(sysRoot: string): InterfacesInventory {
  const interfaces: Record<string, InterfaceInventory> = {};
  for (const name of listFolder(`${sysRoot}/class/net`)) {
    const folder = `${sysRoot}/class/net/${name}`;
    const virtual = !existsSync(`${folder}/device`);
    // `bonding_masters` is a file among the interfaces.
    if (name === "lo" || readInteger(`${folder}/ifindex`) === undefined) continue;
    const state = readText(`${folder}/operstate`);
    if (virtual && (GUEST_END.test(name) || state === "down")) continue;
    const speed = readInteger(`${folder}/speed`);
    const queues = listFolder(`${folder}/queues`);
    interfaces[name] = defined<InterfaceInventory>({
      speedMbps: speed !== undefined && speed > 0 ? speed : undefined,
      duplex: known(readText(`${folder}/duplex`)),
      mtuBytes: readInteger(`${folder}/mtu`),
      driver: linkName(`${folder}/device/driver`),
      state,
      virtual,
      type: /^DEVTYPE=(.+)$/m.exec(readText(`${folder}/uevent`) ?? "")?.[1],
      transmitQueueLength: readInteger(`${folder}/tx_queue_len`),
      receiveQueues: queues.filter((queue) => queue.startsWith("rx-")).length || undefined,
      transmitQueues: queues.filter((queue) => queue.startsWith("tx-")).length || undefined,
    });
  }
  return interfaces;
}

function known(text: string | undefined): string | undefined {
  return text === "unknown" ? undefined : text;
}
