/** What the program `ethtool` tells of an interface and no file does. */
import type { RunTool } from "./host-files.ts";
import { defined } from "./read-text.ts";

export interface EthtoolInventory {
  /** Of the interface's own software. */
  readonly firmware?: string;
  readonly driverVersion?: string;
  /** Work that the interface takes off the CPUs, by ethtool's names: those that are on. */
  readonly offloadsOn?: readonly string[];
  /** Those that are off and could be on. */
  readonly offloadsOff?: readonly string[];
  /** Descriptors of its receive and transmit rings, and the most there can be. */
  readonly receiveRing?: number;
  readonly transmitRing?: number;
  readonly maxReceiveRing?: number;
  readonly maxTransmitRing?: number;
  /** Microseconds and frames that it waits before it interrupts a CPU. */
  readonly receiveDelayUs?: number;
  readonly receiveDelayFrames?: number;
  readonly transmitDelayUs?: number;
  readonly transmitDelayFrames?: number;
  /** It changes these by the traffic. */
  readonly adaptiveReceive?: boolean;
  readonly adaptiveTransmit?: boolean;
}

type Told = { readonly [K in keyof EthtoolInventory]?: EthtoolInventory[K] | undefined };

/** @returns `undefined` when nothing is told */
export type AskEthtool = (name: string) => EthtoolInventory | undefined;

/** What an offload rests on is the kernel's business; these are the ones that people set. */
const NO_CHOICE = /^(highdma|loopback|netns-local|tx-lockless|tx-gso-robust|rx-fcs|rx-all)$/;

/** Asks for features, rings, coalescing and driver: four short runs for an interface. */
export function ethtoolWith(run: RunTool): AskEthtool {
  return (name) => {
    // A name may begin with a dash as far as the kernel is concerned.
    if (name.startsWith("-")) return undefined;
    const facts = defined<EthtoolInventory>({
      ...parseDriver(run("ethtool", ["-i", name]) ?? ""),
      ...parseFeatures(run("ethtool", ["-k", name]) ?? ""),
      ...parseRings(run("ethtool", ["-g", name]) ?? ""),
      ...parseCoalescing(run("ethtool", ["-c", name]) ?? ""),
    });
    return Object.keys(facts).length > 0 ? facts : undefined;
  };
}

function parseDriver(text: string): Told {
  const value = (key: string) => {
    const found = new RegExp(`^${key}:[ \\t]*(\\S.*)$`, "m").exec(text)?.[1]?.trim();
    return found === "N/A" ? undefined : found;
  };
  return { firmware: value("firmware-version"), driverVersion: value("version") };
}

/** `tcp-segmentation-offload: on`, `rx-checksumming: off [fixed]`, parts of it behind a tab. */
function parseFeatures(text: string): Told {
  const on: string[] = [];
  const off: string[] = [];
  for (const [, name = "", state = "", fixed] of text.matchAll(
    /^([\w-]+): (on|off)( \[fixed\])?/gm,
  )) {
    if (NO_CHOICE.test(name)) continue;
    if (state === "on") on.push(name);
    else if (!fixed) off.push(name);
  }
  return {
    offloadsOn: on.length > 0 ? on.sort() : undefined,
    offloadsOff: off.length > 0 ? off.sort() : undefined,
  };
}

/** Two blocks of the same lines: maximums, then current settings. */
function parseRings(text: string): Told {
  const [maximums = "", current = ""] = text.split(/^Current hardware settings:$/m);
  return {
    receiveRing: numberOf(current, "RX"),
    transmitRing: numberOf(current, "TX"),
    maxReceiveRing: numberOf(maximums, "RX"),
    maxTransmitRing: numberOf(maximums, "TX"),
  };
}

function parseCoalescing(text: string): Told {
  const adaptive = /^Adaptive RX: (\S+)\s+TX: (\S+)/m.exec(text);
  return {
    receiveDelayUs: numberOf(text, "rx-usecs"),
    receiveDelayFrames: numberOf(text, "rx-frames"),
    transmitDelayUs: numberOf(text, "tx-usecs"),
    transmitDelayFrames: numberOf(text, "tx-frames"),
    adaptiveReceive: switchOf(adaptive?.[1]),
    adaptiveTransmit: switchOf(adaptive?.[2]),
  };
}

/** `n/a` is no number. */
function numberOf(text: string, key: string): number | undefined {
  const found = new RegExp(`^${key}:\\s*(\\d+)\\s*$`, "m").exec(text)?.[1];
  return found === undefined ? undefined : Number(found);
}

function switchOf(word: string | undefined): boolean | undefined {
  return word === "on" ? true : word === "off" ? false : undefined;
}
