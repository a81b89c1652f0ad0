import { existsSync } from "../util/host-files.ts";
import type { AskEthtool, EthtoolInventory } from "./ethtool.ts";
import { nodeOf, pciLink } from "./pci-device.ts";
import { defined, linkName, listFolder, readFlag, readInteger, readText } from "./read-text.ts";

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
  /** Receive queues whose packets the kernel spreads over CPUs (RPS). */
  readonly spreadQueues?: number;
  /** Packets are received by threads of their own. */
  readonly threaded?: boolean;
  /** Of a PCI Express device what was agreed on, and what it could: `8.0 GT/s PCIe x8`. */
  readonly link?: string;
  readonly maxLink?: string;
  /** Memory node it is attached to, on hosts with several. */
  readonly numaNode?: number;
  readonly bond?: BondInventory;
  /** Bond or bridge that it is part of. */
  readonly partOf?: string;
  /** What `ethtool` tells, where it is installed. */
  readonly ethtool?: EthtoolInventory;
}

export interface BondInventory {
  /** `802.3ad`, `active-backup`, `balance-rr`. */
  readonly mode?: string;
  readonly interfaces?: readonly string[];
  /** What decides which link a packet takes: `layer2`, `layer3+4`. */
  readonly hashPolicy?: string;
  /** `slow`, `fast`: of LACP. */
  readonly lacpRate?: string;
}

export type InterfacesInventory = Readonly<Record<string, InterfaceInventory>>;

/** Host ends of containers and guests come and go by the hundred and say nothing of the host. */
const GUEST_END = /^(veth|cali|lxc|vnet|tap)/;

/**
 * By interface name, in order of name; loopback and the host ends of guests are left out.
 *
 * @param ethtool asked about interfaces with a device
 */
export function readInterfaces(sysRoot: string, ethtool?: AskEthtool): InterfacesInventory {
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
    const receive = queues.filter((queue) => queue.startsWith("rx-"));
    // A mask of CPUs: `00000000,0000000f`.
    const spread = receive.filter((queue) =>
      /[1-9a-f]/.test(readText(`${folder}/queues/${queue}/rps_cpus`) ?? ""),
    );
    interfaces[name] = defined<InterfaceInventory>({
      speedMbps: speed !== undefined && speed > 0 ? speed : undefined,
      duplex: known(readText(`${folder}/duplex`)),
      mtuBytes: readInteger(`${folder}/mtu`),
      driver: linkName(`${folder}/device/driver`),
      state,
      virtual,
      type: /^DEVTYPE=(.+)$/m.exec(readText(`${folder}/uevent`) ?? "")?.[1],
      transmitQueueLength: readInteger(`${folder}/tx_queue_len`),
      receiveQueues: receive.length || undefined,
      transmitQueues: queues.filter((queue) => queue.startsWith("tx-")).length || undefined,
      spreadQueues: spread.length || undefined,
      threaded: readFlag(`${folder}/threaded`),
      link: pciLink(`${folder}/device`, "current"),
      maxLink: pciLink(`${folder}/device`, "max"),
      numaNode: nodeOf(`${folder}/device`),
      bond: readBond(`${folder}/bonding`),
      partOf: linkName(`${folder}/master`),
      ethtool: virtual ? undefined : ethtool?.(name),
    });
  }
  return interfaces;
}

function readBond(folder: string): BondInventory | undefined {
  // `802.3ad 4`: name and number.
  const word = (name: string) => readText(`${folder}/${name}`)?.split(" ")[0];
  const mode = word("mode");
  if (mode === undefined) return undefined;
  return defined<BondInventory>({
    mode,
    interfaces: readText(`${folder}/slaves`)?.split(/\s+/).sort(),
    hashPolicy: word("xmit_hash_policy"),
    lacpRate: mode === "802.3ad" ? word("lacp_rate") : undefined,
  });
}

function known(text: string | undefined): string | undefined {
  return text === "unknown" ? undefined : text;
}
