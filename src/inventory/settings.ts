import { redactText } from "./redact.ts";
import { readChoice, readText } from "./read-text.ts";

/** Kernel settings that make like hardware unlike; a prefix, and what stands below it. */
export const SYSCTLS: readonly (readonly [string, string])[] = [
  [
    "vm",
    "swappiness dirty_ratio dirty_background_ratio dirty_bytes dirty_background_bytes " +
      "dirty_expire_centisecs dirty_writeback_centisecs overcommit_memory overcommit_ratio " +
      "overcommit_kbytes min_free_kbytes watermark_scale_factor watermark_boost_factor " +
      "zone_reclaim_mode vfs_cache_pressure nr_hugepages nr_overcommit_hugepages max_map_count " +
      "page-cluster compaction_proactiveness extfrag_threshold laptop_mode stat_interval " +
      "percpu_pagelist_fraction percpu_pagelist_high_fraction",
  ],
  [
    "kernel",
    "numa_balancing sched_autogroup_enabled sched_min_granularity_ns sched_latency_ns " +
      "sched_wakeup_granularity_ns sched_migration_cost_ns sched_cfs_bandwidth_slice_us " +
      "sched_rt_runtime_us sched_schedstats task_delayacct timer_migration nmi_watchdog " +
      "split_lock_mitigate io_uring_disabled pid_max threads-max shmmax",
  ],
  [
    "net.core",
    "somaxconn default_qdisc netdev_max_backlog netdev_budget netdev_budget_usecs dev_weight " +
      "rmem_default rmem_max wmem_default wmem_max optmem_max busy_poll busy_read " +
      "rps_sock_flow_entries netdev_tstamp_prequeue bpf_jit_enable",
  ],
  [
    "net.ipv4",
    "tcp_congestion_control tcp_rmem tcp_wmem tcp_mem tcp_moderate_rcvbuf tcp_window_scaling " +
      "tcp_timestamps tcp_sack tcp_ecn tcp_mtu_probing tcp_slow_start_after_idle " +
      "tcp_no_metrics_save tcp_autocorking tcp_limit_output_bytes tcp_notsent_lowat " +
      "tcp_max_syn_backlog tcp_syncookies tcp_fin_timeout tcp_tw_reuse tcp_max_tw_buckets " +
      "tcp_keepalive_time tcp_retries2 ip_local_port_range ip_forward",
  ],
  ["net", "netfilter.nf_conntrack_max nf_conntrack_max"],
  [
    "fs",
    "file-max nr_open aio-max-nr pipe-max-size inotify.max_user_watches inotify.max_user_instances",
  ],
];

/** Settings below /sys: key in the inventory, file. Of a list of choices the one in use. */
export const SYS_SETTINGS: readonly (readonly [string, string])[] = [
  ["transparent_hugepage", "kernel/mm/transparent_hugepage/enabled"],
  ["transparent_hugepage.defrag", "kernel/mm/transparent_hugepage/defrag"],
  ["transparent_hugepage.shmem_enabled", "kernel/mm/transparent_hugepage/shmem_enabled"],
  ["transparent_hugepage.khugepaged.defrag", "kernel/mm/transparent_hugepage/khugepaged/defrag"],
  [
    "transparent_hugepage.khugepaged.max_ptes_none",
    "kernel/mm/transparent_hugepage/khugepaged/max_ptes_none",
  ],
  // Red Hat's name on RHEL 6.
  ["transparent_hugepage", "kernel/mm/redhat_transparent_hugepage/enabled"],
  ["transparent_hugepage.defrag", "kernel/mm/redhat_transparent_hugepage/defrag"],
  ["ksm.run", "kernel/mm/ksm/run"],
  ["lru_gen.enabled", "kernel/mm/lru_gen/enabled"],
  ["numa.demotion_enabled", "kernel/mm/numa/demotion_enabled"],
  ["zswap.enabled", "module/zswap/parameters/enabled"],
  ["zswap.compressor", "module/zswap/parameters/compressor"],
  ["zswap.max_pool_percent", "module/zswap/parameters/max_pool_percent"],
  ["pcie_aspm.policy", "module/pcie_aspm/parameters/policy"],
];

/** Words of the kernel command line that change how fast a machine is. */
const BOOT_WORDS =
  /^(mitigations|nosmt|isolcpus|nohz_full|intel_idle\.max_cstate|processor\.max_cstate|idle|transparent_hugepage|psi|mem|maxcpus|nr_cpus|numa|elevator|selinux|apparmor|pti|nopti|nospectre_v[12]|spectre_v2|l1tf|mds|tsx|intel_pstate|amd_pstate|cpufreq\.default_governor|hugepages|hugepagesz|default_hugepagesz|iommu|intel_iommu|amd_iommu|clocksource|tsc|preempt|rcu_nocbs|numa_balancing|scsi_mod\.use_blk_mq|nvme_core\.\w+|pcie_aspm|skew_tick|audit|cgroup_disable|systemd\.unified_cgroup_hierarchy)(=|$)/;

/**
 * By the kernel's own names (`vm.swappiness`), as text; missing files are missing keys.
 */
export function readSettings(procRoot: string, sysRoot: string): Readonly<Record<string, string>> {
  const settings: Record<string, string> = {};
  const put = (key: string, value: string | undefined) => {
    if (value !== undefined && settings[key] === undefined) {
      settings[key] = value.replace(/\s+/g, " ");
    }
  };
  for (const [prefix, names] of SYSCTLS) {
    for (const name of names.split(" ")) {
      const key = `${prefix}.${name}`;
      put(key, readText(`${procRoot}/sys/${key.replace(/\./g, "/")}`));
    }
  }
  for (const [key, file] of SYS_SETTINGS) {
    const path = `${sysRoot}/${file}`;
    put(key, readChoice(path) ?? readText(path));
  }
  const words = (readText(`${procRoot}/cmdline`) ?? "").split(/\s+/);
  const relevant = words.filter((word) => BOOT_WORDS.test(word)).map(redactText);
  put("cmdline", relevant.join(" ") || undefined);
  return settings;
}
