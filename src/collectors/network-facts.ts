/**
 * What a network interface is: a card, a bond of cards, or something virtual; who its master is;
 * how fast its link is. Source: Documentation/ABI/testing/sysfs-class-net.
 */
import { isVirtualInterface } from "../counter/instance-names.ts";
import { linkName, listFolder, pathExists, readAttribute, readNumber } from "./sysfs.ts";

export type InterfaceKind = "physical" | "bond" | "team" | "virtual" | "loopback";

export interface InterfaceFacts {
  readonly kind: InterfaceKind;
  /** The bond, team, bridge or synthetic card (Azure) that it is a part of. */
  readonly master: string | undefined;
  /** Bits per second of one direction; 0 when not known (no cable, virtual card). */
  readonly speedBits: number;
  readonly halfDuplex: boolean;
  readonly driver: string | undefined;
  /** May stand for a card where none is to be seen, as in a container. */
  readonly standIn: boolean;
}

const MEGABIT = 1_000_000;
/** ARPHRD_ETHER of linux/if_arp.h: no tunnels, no loopback. */
const ETHERNET = 1;

/** @param sysRoot `/sys`; where it has no such interface the name alone decides */
export function describeInterface(sysRoot: string, name: string): InterfaceFacts {
  const folder = `${sysRoot}/class/net/${name}`;
  const inSys = pathExists(folder);
  const kind = inSys ? kindOf(folder, name) : kindOfName(name);
  // The kernel invents a speed for veth and tun; only a card's, or a bond's sum, is a capacity.
  const hasLink = kind === "physical" || kind === "bond" || kind === "team";
  return {
    kind,
    master: linkName(`${folder}/master`),
    speedBits: hasLink ? speedOf(folder) : 0,
    halfDuplex: hasLink && readAttribute(`${folder}/duplex`) === "half",
    driver: linkName(`${folder}/device/driver`),
    standIn: kind === "virtual" && isStandIn(folder, name, inSys),
  };
}

/** Refuses to be read without a link; -1 where the driver does not know. */
function speedOf(folder: string): number {
  const megabits = readNumber(`${folder}/speed`) ?? 0;
  return megabits > 0 && megabits < 2 ** 31 ? megabits * MEGABIT : 0;
}

function kindOf(folder: string, name: string): InterfaceKind {
  if (name === "lo") return "loopback";
  if (pathExists(`${folder}/bonding`)) return "bond";
  if (pathExists(`${folder}/device`)) return "physical";
  // sysfs does not say that a device is a team; bridges and VRFs have lower devices as well.
  const isTeam = name.startsWith("team") && listFolder(folder).some((f) => f.startsWith("lower_"));
  return isTeam ? "team" : "virtual";
}

function kindOfName(name: string): InterfaceKind {
  if (name === "lo") return "loopback";
  if (/^bond\d+$/.test(name)) return "bond";
  return isVirtualInterface(name) ? "virtual" : "physical";
}

function isStandIn(folder: string, name: string, inSys: boolean): boolean {
  if (/^(ifb|dummy|docker|br-|virbr|tunl|sit|gre|erspan|ip6)/.test(name)) return false;
  if (!inSys) return true;
  const isEthernet = (readNumber(`${folder}/type`) ?? ETHERNET) === ETHERNET;
  return (
    isEthernet && !pathExists(`${folder}/bridge`) && linkName(`${folder}/master`) === undefined
  );
}
