/** What /sys tells of a PCI device, whatever it is. */
import { readInteger, readText } from "./read-text.ts";

/**
 * Speed and width of its link: a fast device in a narrow or old slot is slow.
 *
 * @param folder the device's, `/sys/class/net/eth0/device`
 * @returns `8.0 GT/s PCIe x8`; `undefined` where it has none (another bus, a guest)
 */
export function pciLink(folder: string, which: "current" | "max"): string | undefined {
  const speed = readText(`${folder}/${which}_link_speed`);
  const width = readInteger(`${folder}/${which}_link_width`);
  return speed !== undefined && !/unknown/i.test(speed) && width ? `${speed} x${width}` : undefined;
}

/** Its memory node; `undefined` where the firmware does not tell or there is but one. */
export function nodeOf(folder: string): number | undefined {
  const node = readInteger(`${folder}/numa_node`);
  return node !== undefined && node >= 0 ? node : undefined;
}
