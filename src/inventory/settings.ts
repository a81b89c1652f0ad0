import { readChoice, readText } from "./read-text.ts";

/** Kernel settings that make like hardware unlike: key in the inventory, file below the root. */
const SYSCTLS: readonly string[] = [
  "vm.swappiness",
  "vm.dirty_ratio",
  "vm.dirty_background_ratio",
  "vm.dirty_bytes",
  "vm.overcommit_memory",
  "vm.overcommit_ratio",
  "vm.min_free_kbytes",
  "vm.zone_reclaim_mode",
  "vm.vfs_cache_pressure",
  "vm.nr_hugepages",
  "kernel.numa_balancing",
  "kernel.sched_autogroup_enabled",
  "net.core.somaxconn",
  "net.core.netdev_max_backlog",
  "net.core.rmem_max",
  "net.core.wmem_max",
  "net.core.default_qdisc",
  "net.ipv4.tcp_congestion_control",
  "net.ipv4.tcp_rmem",
  "net.ipv4.tcp_wmem",
  "net.ipv4.tcp_max_syn_backlog",
];

/** Words of the kernel command line that change how fast a machine is; others may hold secrets. */
const BOOT_WORDS =
  /^(mitigations|nosmt|isolcpus|nohz_full|intel_idle\.max_cstate|processor\.max_cstate|idle|transparent_hugepage|psi|mem|maxcpus|nr_cpus|numa|elevator|selinux|apparmor)(=|$)/;

/**
 * By the kernel's own names (`vm.swappiness`), as text; missing files are missing keys.
 */
export function readSettings(procRoot: string, sysRoot: string): Readonly<Record<string, string>> {
  const settings: Record<string, string> = {};
  const put = (key: string, value: string | undefined) => {
    if (value !== undefined) settings[key] = value.replace(/\s+/g, " ");
  };
  for (const name of SYSCTLS) put(name, readText(`${procRoot}/sys/${name.replace(/\./g, "/")}`));
  const hugepages = `${sysRoot}/kernel/mm/transparent_hugepage`;
  put("transparent_hugepage", readChoice(`${hugepages}/enabled`));
  put("transparent_hugepage.defrag", readChoice(`${hugepages}/defrag`));
  const words = (readText(`${procRoot}/cmdline`) ?? "").split(/\s+/);
  put("cmdline", words.filter((word) => BOOT_WORDS.test(word)).join(" ") || undefined);
  return settings;
}
