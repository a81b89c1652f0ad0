import type { CpuInfo } from "../procfs/cpuinfo.ts";
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
  /** This kernel is seen from inside a container: `docker`, `podman`, `kubernetes`, `lxc`, ... */
  readonly container?: string;
}

export function readVirtualization(
  cpu: CpuInfo,
  procRoot: string,
  sysRoot: string,
): VirtualizationInventory {
  const vendor = readText(`${sysRoot}/class/dmi/id/sys_vendor`);
  const product = readText(`${sysRoot}/class/dmi/id/product_name`);
  const kind = kindOf(cpu, `${vendor ?? ""} ${product ?? ""}`, sysRoot);
  return defined<VirtualizationInventory>({
    hypervisor: cpu.flags.has("hypervisor") || kind !== undefined,
    kind,
    vendor,
    product,
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

function kindOf(cpu: CpuInfo, dmi: string, sysRoot: string): string | undefined {
  if (cpu.vendor === "User Mode Linux") return "uml";
  if (readText(`${sysRoot}/hypervisor/type`) === "xen") return "xen";
  const clocks = readWhole(
    `${sysRoot}/devices/system/clocksource/clocksource0/available_clocksource`,
  );
  if (clocks.includes("kvm-clock")) return "kvm";
  if (clocks.includes("hyperv_clocksource")) return "hyper-v";
  const named = BY_DMI.find(([pattern]) => pattern.test(dmi))?.[1];
  if (named) return named;
  // The hypervisor of that cloud; its bare-metal types have no hypervisor flag.
  return dmi.startsWith("Amazon EC2") && cpu.flags.has("hypervisor") ? "kvm" : undefined;
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
