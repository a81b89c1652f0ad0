import type { CpuInfo } from "../procfs/cpuinfo.ts";
import { cloudOf, readDmi, type Dmi } from "./dmi.ts";
import { defined, readText, readWhole } from "./read-text.ts";

/**
 * What the host runs on, as far as it can be told from /proc and /sys. No cloud's metadata service
 * is asked: that would be a network call, and vendor-specific.
 */
export interface VirtualizationInventory {
  /** A hypervisor (or user-mode Linux) is below this kernel. `false` is as good as the CPU's word. */
  readonly hypervisor: boolean;
  /** `kvm`, `xen`, `vmware`, `hyper-v`, `virtualbox`, `qemu`, `bhyve`, `uml`. */
  readonly kind?: string;
  /** Maker and product by DMI: `Amazon EC2` and `m5.xlarge`, `Dell Inc.` and `PowerEdge R740`. */
  readonly vendor?: string;
  readonly product?: string;
  /** `aws`, `gcp`, `azure`, ... where DMI gives it away. */
  readonly cloud?: string;
  /** Size of the machine in the cloud's words, `m5.xlarge`: on EC2, whose product it is. */
  readonly instanceType?: string;
  /** CPU time that the hypervisor kept for others since boot, in percent of all, to one decimal. */
  readonly stealPercent?: number;
  /** This kernel is seen from inside a container: `docker`, `podman`, `kubernetes`, `lxc`, ... */
  readonly container?: string;
}

export function readVirtualization(
  cpu: CpuInfo,
  procRoot: string,
  sysRoot: string,
): VirtualizationInventory {
  const dmi = readDmi(sysRoot);
  const kind = kindOf(cpu, dmi, sysRoot);
  const hypervisor = cpu.flags.has("hypervisor") || kind !== undefined;
  return defined<VirtualizationInventory>({
    hypervisor,
    kind,
    vendor: dmi.vendor,
    product: dmi.product,
    ...cloudOf(dmi),
    stealPercent: hypervisor ? stealPercent(readWhole(`${procRoot}/stat`)) : undefined,
    container: containerOf(procRoot),
  });
}

const BY_DMI: readonly (readonly [RegExp, string])[] = [
  [/VMware/i, "vmware"],
  [/Microsoft Corporation Virtual Machine/, "hyper-v"],
  [/innotek|VirtualBox/, "virtualbox"],
  [/\bXen\b|HVM domU/, "xen"],
  [/BHYVE/i, "bhyve"],
  [
    /\bKVM\b|Google Compute Engine|OpenStack|DigitalOcean|Alibaba Cloud ECS|Hetzner vServer/i,
    "kvm",
  ],
  [/QEMU/, "qemu"],
];

function kindOf(cpu: CpuInfo, dmi: Dmi, sysRoot: string): string | undefined {
  if (cpu.vendor === "User Mode Linux") return "uml";
  if (readText(`${sysRoot}/hypervisor/type`) === "xen") return "xen";
  const clocks = readWhole(
    `${sysRoot}/devices/system/clocksource/clocksource0/available_clocksource`,
  );
  if (clocks.includes("kvm-clock")) return "kvm";
  if (clocks.includes("hyperv_clocksource")) return "hyper-v";
  const maker = `${dmi.vendor ?? ""} ${dmi.product ?? ""}`;
  const named = BY_DMI.find(([pattern]) => pattern.test(maker))?.[1];
  if (named) return named;
  // The hypervisor of that cloud; its bare-metal types have no hypervisor flag.
  return maker.startsWith("Amazon EC2") && cpu.flags.has("hypervisor") ? "kvm" : undefined;
}

/** First line of /proc/stat: user nice system idle iowait irq softirq steal, in clock ticks. */
function stealPercent(stat: string): number | undefined {
  const ticks = /^cpu +(.*)$/m.exec(stat)?.[1]?.split(" ").slice(0, 8).map(Number);
  const steal = ticks?.[7];
  if (ticks === undefined || steal === undefined) return undefined;
  const all = ticks.reduce((sum, value) => sum + value, 0);
  return all > 0 ? Math.round((steal / all) * 1000) / 10 : undefined;
}

const BY_CGROUP: readonly (readonly [RegExp, string])[] = [
  [/kubepods/, "kubernetes"],
  [/\/docker[/-]/, "docker"],
  [/libpod/, "podman"],
  [/\/lxc/, "lxc"],
  [/containerd|\/cri-/, "containerd"],
];

/** Hints only: the cgroup of the first process, and what a container's own mounts look like. */
function containerOf(procRoot: string): string | undefined {
  const cgroups = readWhole(`${procRoot}/1/cgroup`) + readWhole(`${procRoot}/self/cgroup`);
  const first = readWhole(`${procRoot}/1/cgroup`);
  const byCgroup = BY_CGROUP.find(([pattern]) => pattern.test(first))?.[1];
  if (byCgroup) return byCgroup;
  const mounts = readWhole(`${procRoot}/self/mountinfo`);
  if (!/ \/ \/ [^\n]* - overlay /.test(mounts)) return undefined;
  if (/\/(termination-log|serviceaccount) /.test(mounts)) return "kubernetes";
  if (/\/docker\/containers\//.test(mounts)) return "docker";
  if (/\/containers\/(storage|overlay-containers)\//.test(mounts)) return "podman";
  return BY_CGROUP.find(([pattern]) => pattern.test(cgroups))?.[1] ?? "unknown";
}
