/**
 * The inventory: what a host is. A plain JSON document that goes with every recording; what cannot
 * be known on a host is an absent key. `docs/inventory.md` describes it.
 *
 * It holds no serial numbers, no hardware or network addresses, no secrets.
 */
import { parseCpuInfo } from "../procfs/cpuinfo.ts";
import { readCgroup, type CgroupInventory } from "./cgroup.ts";
import { readCpu, type CpuInventory } from "./cpu.ts";
import { readDisks, type DisksInventory } from "./disks.ts";
import { readInterfaces, type InterfacesInventory } from "./interfaces.ts";
import { defined, kilobytesOf, readText, readWhole } from "./read-text.ts";
import { readSettings } from "./settings.ts";
import {
  readBoot,
  readDistribution,
  readKernel,
  readPrivilege,
  readSwap,
  readTimeZone,
  type BootInventory,
  type DistributionInventory,
  type KernelInventory,
  type PrivilegeInventory,
  type SwapInventory,
} from "./system.ts";
import { readVirtualization, type VirtualizationInventory } from "./virtualization.ts";

/** Where the kernel's and the system's files are; other folders in tests. */
export interface InventoryRoots {
  /** `/proc` */
  readonly procRoot: string;
  /** `/sys` */
  readonly sysRoot: string;
  /** `/etc` */
  readonly etcRoot: string;
}

export interface Inventory {
  /** Raised when a key changes its meaning; new keys do not raise it. */
  readonly schema: 1;
  readonly hostname?: string;
  readonly cpu: CpuInventory;
  readonly memory: { readonly totalBytes?: number; readonly hugePageBytes?: number };
  readonly swap: SwapInventory;
  readonly kernel: KernelInventory;
  readonly distribution: DistributionInventory;
  readonly virtualization: VirtualizationInventory;
  readonly disks: DisksInventory;
  readonly interfaces: InterfacesInventory;
  readonly boot: BootInventory;
  /** IANA name; absent when the system has none set. */
  readonly timeZone?: string;
  /** The kernel's source of time: a slow one (`hpet`, `acpi_pm`) costs system time. */
  readonly clockSource?: string;
  /** Pressure stall information can be read. */
  readonly pressureStallInformation: boolean;
  readonly privilege: PrivilegeInventory;
  /** Absent when the kernel has no cgroups. */
  readonly cgroup?: CgroupInventory;
  readonly settings: Readonly<Record<string, string>>;
}

/**
 * Reads the inventory of this host: some hundred small files, a few milliseconds, no process
 * started, nothing sent. Never throws for what is missing or forbidden.
 */
export function readInventory(roots: InventoryRoots): Inventory {
  const { procRoot, sysRoot, etcRoot } = roots;
  const cpuInfo = parseCpuInfo(readWhole(`${procRoot}/cpuinfo`));
  const meminfo = readWhole(`${procRoot}/meminfo`);
  return defined<Inventory>({
    schema: 1,
    hostname: readText(`${procRoot}/sys/kernel/hostname`) ?? readText(`${etcRoot}/hostname`),
    cpu: readCpu(cpuInfo, sysRoot),
    memory: defined<Inventory["memory"]>({
      totalBytes: kilobytesOf(meminfo, "MemTotal"),
      hugePageBytes: kilobytesOf(meminfo, "Hugetlb"),
    }),
    swap: readSwap(meminfo, procRoot),
    kernel: readKernel(procRoot),
    distribution: readDistribution(etcRoot),
    virtualization: readVirtualization(cpuInfo, procRoot, sysRoot),
    disks: readDisks(sysRoot),
    interfaces: readInterfaces(sysRoot),
    boot: readBoot(procRoot),
    timeZone: readTimeZone(etcRoot),
    clockSource: readText(`${sysRoot}/devices/system/clocksource/clocksource0/current_clocksource`),
    // With psi=0 the file is there and cannot be read.
    pressureStallInformation: readText(`${procRoot}/pressure/cpu`) !== undefined,
    privilege: readPrivilege(procRoot),
    cgroup: readCgroup(procRoot, sysRoot),
    settings: readSettings(procRoot, sysRoot),
  });
}
