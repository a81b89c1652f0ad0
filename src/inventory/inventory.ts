/**
 * The inventory: what a host is. A plain JSON document that goes with every recording; what cannot
 * be known on a host is an absent key. `docs/inventory.md` describes it, and what is left out.
 */
import { parseCpuInfo } from "../procfs/cpuinfo.ts";
import { readCgroup, type CgroupInventory } from "./cgroup.ts";
import { readClock, type ClockInventory } from "./clock.ts";
import { readCpu, type CpuInventory } from "./cpu.ts";
import { readDisks, type DisksInventory } from "./disks.ts";
import { readFirmware, type FirmwareInventory } from "./dmi.ts";
import { ethtoolWith } from "./ethtool.ts";
import { readFileSystems, type FileSystemsInventory } from "./file-systems.ts";
import { readHadoop, type HadoopInventory } from "./hadoop.ts";
import { HostFiles, type RunTool } from "./host-files.ts";
import { readInterfaces, type InterfacesInventory } from "./interfaces.ts";
import { defaultJava, javaOf, type JavaInventory } from "./java.ts";
import { describeJvms, findJvms, readEnvironment, type JvmInventory } from "./jvms.ts";
import { readLimits, type LimitsInventory } from "./limits.ts";
import { readMemory, readSwap, type MemoryInventory, type SwapInventory } from "./memory.ts";
import { parseMounts, type Mount } from "./mounts.ts";
import { listProcesses, type RunningProcess } from "./processes.ts";
import { redactText } from "./redact.ts";
import { defined, readText, readWhole } from "./read-text.ts";
import { readSettings } from "./settings.ts";
import {
  readBoot,
  readDistribution,
  readKernel,
  readPrivilege,
  readTimeZone,
  type BootInventory,
  type DistributionInventory,
  type KernelInventory,
  type PrivilegeInventory,
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
  /** What stands before every other path, such as `/opt/hadoop` and `/run`; empty on a real host. */
  readonly fileRoot: string;
}

export interface Inventory {
  /** Raised when a key changes its meaning; new keys do not raise it. */
  readonly schema: 1;
  readonly hostname?: string;
  readonly cpu: CpuInventory;
  readonly memory: MemoryInventory;
  readonly swap: SwapInventory;
  readonly kernel: KernelInventory;
  readonly distribution: DistributionInventory;
  readonly firmware?: FirmwareInventory;
  readonly virtualization: VirtualizationInventory;
  readonly disks: DisksInventory;
  readonly fileSystems: FileSystemsInventory;
  readonly interfaces: InterfacesInventory;
  readonly boot: BootInventory;
  /** IANA name; absent when the system has none set. */
  readonly timeZone?: string;
  /** The kernel's source of time: a slow one (`hpet`, `acpi_pm`) costs system time. */
  readonly clockSource?: string;
  readonly clock?: ClockInventory;
  /** Pressure stall information can be read. */
  readonly pressureStallInformation: boolean;
  readonly privilege: PrivilegeInventory;
  /** Absent when the kernel has no cgroups. */
  readonly cgroup?: CgroupInventory;
  readonly limits: LimitsInventory;
  readonly settings: Readonly<Record<string, string>>;
  readonly java?: JavaInventory;
  /** Running JVMs by role: `DataNode`. */
  readonly jvms?: Readonly<Record<string, JvmInventory>>;
  readonly hadoop?: HadoopInventory;
  /** What could not be read although it is there. */
  readonly notes?: readonly string[];
}

/**
 * Reads the inventory of this host: some hundred small files, a few milliseconds, nothing sent. Never
 * throws: what is missing or forbidden is left out, and a part that fails costs only itself.
 *
 * @param runTool asks programs that know what no file tells (`ethtool`), and reads what might not
 *     answer; without it both are left out
 */
export function readInventory(roots: InventoryRoots, runTool?: RunTool): Inventory {
  const { procRoot, sysRoot, etcRoot } = roots;
  const notes = new Set<string>();
  const part = <T>(name: string, read: () => T, instead: T): T => {
    try {
      return read();
    } catch (error) {
      notes.add(redactText(`${name}: ${error instanceof Error ? error.message : String(error)}`));
      return instead;
    }
  };
  const cpuInfo = parseCpuInfo(readWhole(`${procRoot}/cpuinfo`));
  const meminfo = readWhole(`${procRoot}/meminfo`);
  const mounts = parseMounts(readWhole(`${procRoot}/self/mountinfo`));
  const processes = listProcesses(procRoot);
  const ethtool = runTool && ethtoolWith(runTool);
  const clockSource = "devices/system/clocksource/clocksource0/current_clocksource";
  return defined<Inventory>({
    schema: 1,
    hostname: readText(`${procRoot}/sys/kernel/hostname`) ?? readText(`${etcRoot}/hostname`),
    cpu: part("cpu", () => readCpu(cpuInfo, sysRoot), { logicalCpus: cpuInfo.logicalCpus }),
    memory: part("memory", () => readMemory(meminfo, sysRoot), {}),
    swap: part("swap", () => readSwap(meminfo, procRoot), {}),
    kernel: part("kernel", () => readKernel(procRoot, sysRoot), {}),
    distribution: part("distribution", () => readDistribution(etcRoot), {}),
    firmware: part("firmware", () => readFirmware(sysRoot), undefined),
    virtualization: part("virtualization", () => readVirtualization(cpuInfo, procRoot, sysRoot), {
      hypervisor: cpuInfo.flags.has("hypervisor"),
    }),
    disks: part("disks", () => readDisks(sysRoot), {}),
    fileSystems: part("fileSystems", () => readFileSystems(mounts), {}),
    interfaces: part("interfaces", () => readInterfaces(sysRoot, ethtool), {}),
    boot: part("boot", () => readBoot(procRoot), {}),
    timeZone: part("timeZone", () => readTimeZone(etcRoot), undefined),
    clockSource: readText(`${sysRoot}/${clockSource}`),
    clock: part("clock", () => readClock(sysRoot, `${roots.fileRoot}/run`, processes), undefined),
    // With psi=0 the file is there and cannot be read.
    pressureStallInformation: readText(`${procRoot}/pressure/cpu`) !== undefined,
    privilege: part("privilege", () => readPrivilege(procRoot), { root: false }),
    cgroup: part("cgroup", () => readCgroup(procRoot, sysRoot), undefined),
    limits: part("limits", () => readLimits(procRoot), {}),
    settings: part("settings", () => readSettings(procRoot, sysRoot), {}),
    ...part("programs", () => readPrograms(roots, mounts, processes, notes, runTool), {}),
    notes: notes.size > 0 ? [...notes].sort() : undefined,
  });
}

type Programs = Pick<Inventory, "java" | "jvms" | "hadoop">;

function readPrograms(
  { procRoot, fileRoot }: InventoryRoots,
  mounts: readonly Mount[],
  processes: readonly RunningProcess[],
  notes: Set<string>,
  runTool: RunTool | undefined,
): Programs {
  const filesOf = (root: string, seen: readonly Mount[]) =>
    new HostFiles(root, seen, notes, runTool);
  const files = filesOf(fileRoot, mounts);
  const jvms = findJvms(procRoot, processes, files, filesOf);
  const running = new Set(jvms.flatMap((jvm) => javaOf(procRoot, jvm) ?? []));
  const java = defined<JavaInventory>({
    default: defaultJava(files),
    running: running.size > 0 ? [...running].sort() : undefined,
  });
  const environment = readEnvironment(`${procRoot}/self/environ`);
  return defined<Programs>({
    java: Object.keys(java).length > 0 ? java : undefined,
    jvms: describeJvms(procRoot, jvms),
    hadoop: readHadoop(jvms, { files, environment }, notes),
  });
}
