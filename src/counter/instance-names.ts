/**
 * What a name tells of an instance where nothing else does: in a container without /sys, in another
 * tool's text.
 */

const VIRTUAL_INTERFACE =
  /^(veth|docker|br-|virbr|vnet|tap|tun|ifb|dummy|cali|cni|flannel|cilium|lxc|vxlan|geneve|gre|sit|ip6|ipip|tunl|wg|kube|nodelocaldns|erspan|macv|ipvl)/;

/**
 * The kernel's names of partitions: `p` stands between when the disk's own name ends in a digit.
 */
const PARTITION =
  /^(?:((?:sd|hd|vd|xvd|ubd|dasd)[a-z]+)\d+|((?:nvme\d+n|mmcblk|md|nbd|loop|zd|pmem|cciss\/c\d+d)\d+)p\d+)$/;

/** Neither a network card nor a bond of cards; the loopback is one of them. */
export function isVirtualInterface(name: string): boolean {
  return name === "lo" || VIRTUAL_INTERFACE.test(name) || name.includes(".") || name.includes("@");
}

/**
 * @returns the disk that a partition is of (`sda` of `sda1`); undefined when the name is not a
 *   partition's.
 */
export function diskOfPartition(name: string): string | undefined {
  const match = PARTITION.exec(name);
  return match?.[1] ?? match?.[2];
}
