/** What `capture-host.ts` copies: whatever a collector or the inventory reads. */
import { SYS_SETTINGS, SYSCTLS } from "../src/inventory/settings.ts";

export const PROC: readonly string[] = [
  // The clock first, and what is rated against it right after.
  ..."uptime stat loadavg vmstat meminfo diskstats interrupts softirqs buddyinfo zoneinfo schedstat".split(
    " ",
  ),
  ..."pressure/cpu pressure/memory pressure/io pressure/irq".split(" "),
  ..."net/dev net/snmp net/netstat net/snmp6 net/sockstat net/sockstat6 net/softnet_stat".split(
    " ",
  ),
  ..."net/stat/nf_conntrack net/stat/arp_cache net/stat/ndisc_cache".split(" "),
  ..."sys/net/netfilter/nf_conntrack_count sys/net/netfilter/nf_conntrack_max".split(" "),
  ..."sys/net/ipv4/neigh/default/gc_thresh3 sys/net/ipv6/neigh/default/gc_thresh3".split(" "),
  ..."net/rpc/nfs net/rpc/nfsd self/mountstats".split(" "),
  ..."cpuinfo version swaps self/mounts self/mountinfo self/limits cmdline".split(" "),
  ..."sys/kernel/hostname sys/kernel/osrelease sys/kernel/ostype sys/kernel/version".split(" "),
  ..."sys/kernel/random/boot_id sys/kernel/pid_max sys/kernel/threads-max".split(" "),
  ..."sys/kernel/numa_balancing sys/kernel/sched_autogroup_enabled sys/fs/file-max".split(" "),
  ..."sys/fs/file-nr sys/fs/inode-state sys/fs/dentry-state sys/fs/aio-nr sys/fs/aio-max-nr".split(
    " ",
  ),
  ..."sys/kernel/pty/nr sys/kernel/pty/max sys/kernel/random/entropy_avail".split(" "),
  ..."sys/kernel/hung_task_detect_count slabinfo".split(" "),
  ..."sys/net/core/somaxconn sys/net/core/rmem_max sys/net/core/wmem_max".split(" "),
  ..."sys/net/core/netdev_max_backlog sys/net/core/default_qdisc".split(" "),
  ..."sys/net/ipv4/tcp_rmem sys/net/ipv4/tcp_wmem sys/net/ipv4/tcp_congestion_control".split(" "),
  ..."sys/net/ipv4/tcp_max_syn_backlog sys/net/ipv4/ip_local_port_range".split(" "),
  ...SYSCTLS.flatMap(([prefix, names]) =>
    names.split(" ").map((name) => `sys/${`${prefix}.${name}`.replaceAll(".", "/")}`),
  ),
].map((file) => `proc/${file}`);

/** No cmdline, no environ, no maps: they carry secrets. */
export const PID: readonly string[] = "stat status statm io comm cgroup schedstat".split(" ");

export const SYS: readonly string[] = [
  ..."online possible present isolated nohz_full smt/active smt/control"
    .split(" ")
    .map((file) => `devices/system/cpu/${file}`),
  ..."cpuidle/current_driver cpuidle/current_governor intel_pstate/no_turbo cpufreq/boost"
    .split(" ")
    .map((file) => `devices/system/cpu/${file}`),
  ...SYS_SETTINGS.map(([, file]) => file),
  ..."intel_idle processor".split(" ").map((module) => `module/${module}/parameters/max_cstate`),
  "kernel/security/lsm",
  ..."sys_vendor product_name bios_vendor bios_version bios_date"
    .split(" ")
    .map((file) => `class/dmi/id/${file}`),
  "devices/system/clocksource/clocksource0/current_clocksource",
  "devices/system/clocksource/clocksource0/available_clocksource",
  "hypervisor/type",
  "fs/cgroup/cgroup.controllers",
].map((file) => `sys/${file}`);

const PCI_LINK: readonly string[] =
  "current_link_speed current_link_width max_link_speed max_link_width numa_node".split(" ");

export const BLOCK_DEVICE: readonly string[] = [
  ..."dev hidden inflight removable ro size stat dm/name md/level".split(" "),
  ..."device/model device/vendor device/type device/queue_depth device/uevent".split(" "),
  ..."rotational scheduler nr_requests logical_block_size physical_block_size"
    .split(" ")
    .map((f) => `queue/${f}`),
  ..."read_ahead_kb write_cache max_sectors_kb discard_max_bytes nomerges"
    .split(" ")
    .map((f) => `queue/${f}`),
  ..."max_hw_sectors_kb optimal_io_size wbt_lat_usec rq_affinity zoned"
    .split(" ")
    .map((f) => `queue/${f}`),
  ..."device/rev device/firmware_rev device/transport mq/0/nr_tags comp_algorithm".split(" "),
  ..."md/raid_disks md/degraded md/chunk_size".split(" "),
  ...PCI_LINK.map((f) => `device/device/${f}`),
];

export const SYS_NET: readonly string[] = [
  ..."carrier duplex flags ifindex iflink mtu operstate speed tx_queue_len type device/uevent".split(
    " ",
  ),
  ..."bonding/mode bonding/slaves bonding/active_slave bridge/bridge_id".split(" "),
  ..."bonding/xmit_hash_policy bonding/lacp_rate threaded uevent".split(" "),
  ..."queues/rx-0/rps_cpus queues/tx-0/xps_cpus".split(" "),
  ...PCI_LINK.map((f) => `device/${f}`),
];

export const ETC: readonly string[] = ["etc/os-release", "etc/passwd"];

/** Folders of which every file is taken, as deep as given. */
export const FOLDERS: readonly (readonly [string, number])[] = [
  ["proc/sys/vm", 1],
  ["sys/kernel/mm/transparent_hugepage", 2],
  ["sys/kernel/mm/hugepages", 2],
  ["sys/devices/system/cpu/vulnerabilities", 1],
];

/** Below /sys/devices/system, for each name there: files. */
export const SYSTEM_DEVICES: readonly (readonly [string, RegExp, readonly string[]])[] = [
  [
    "cpu",
    /^cpu\d+$/,
    "topology/core_id topology/physical_package_id cpufreq/cpuinfo_max_freq cpufreq/scaling_cur_freq".split(
      " ",
    ),
  ],
  [
    "cpu/cpufreq",
    /^policy\d+$/,
    (
      "scaling_driver scaling_governor scaling_min_freq scaling_max_freq cpuinfo_min_freq " +
      "cpuinfo_max_freq base_frequency energy_performance_preference"
    ).split(" "),
  ],
  ["cpu/cpu0/cpuidle", /^state\d+$/, "name latency disable".split(" ")],
  ["cpu/cpu0/cache", /^index\d+$/, "level type size shared_cpu_list".split(" ")],
  ["node", /^node\d+$/, "meminfo cpulist distance".split(" ")],
];

/** Folders whose files of these names are taken, `*` for any folder: what sensors and meters say. */
export const SYS_ATTRIBUTES: readonly (readonly [folder: string, file: RegExp])[] = [
  ["sys/class/hwmon/*", /^(name|(temp|fan|power|in|curr)\d+_(input|average|label|max|crit))$/],
  ["sys/class/thermal/*", /^(type|temp)$/],
  ["sys/class/powercap/*", /^(name|energy_uj|max_energy_range_uj|constraint_0_power_limit_uw)$/],
  ["sys/devices/system/edac/mc/*", /^(mc_name|[cu]e_(noinfo_)?count)$/],
  ["sys/devices/system/edac/mc/*/*", /^dimm_(label|[cu]e_count)$/],
  ["sys/bus/pci/devices/*", /^aer_(dev|rootport_total_err)_/],
  ["sys/devices/system/node/*", /^vmstat$/],
  ["sys/devices/system/cpu/*/thermal_throttle", /_throttle_(count|total_time_ms)$/],
  ["sys/kernel/mm/hugepages/*", /hugepages$/],
  ["sys/kernel/mm/transparent_hugepage/*", /^enabled$/],
  ["sys/kernel/mm/transparent_hugepage/*/stats", /./],
  ["sys/block/*", /^(mm_stat|io_stat|bd_stat)$/],
  ["sys/block/*/diag", /./],
  ["sys/class/nvme/*", /^(state|model|transport)$/],
  ["sys/class/nvme/*/diag", /./],
  ["sys/devices/system/cpu/*/cpuidle/*", /^(name|latency|time|usage|above)$/],
  ["sys/kernel/debug/zswap", /./],
  ["sys/block/*/device", /^io(request|done|err|tmo)_cnt$/],
];

/** Of each control group, in both versions. */
export const CGROUP: ReadonlySet<string> = new Set([
  ..."cgroup.controllers cpu.stat cpu.max cpu.weight cpu.pressure memory.pressure io.pressure".split(
    " ",
  ),
  ..."cpuacct.usage cpuacct.stat cpu.cfs_quota_us cpu.cfs_period_us cpu.shares".split(" "),
  ..."memory.current memory.max memory.high memory.swap.current memory.stat memory.events".split(
    " ",
  ),
  ..."memory.usage_in_bytes memory.limit_in_bytes memory.failcnt memory.oom_control".split(" "),
  ..."io.stat pids.current pids.max".split(" "),
  ..."io_service_bytes io_serviced io_service_bytes_recursive io_serviced_recursive"
    .split(" ")
    .map((name) => `blkio.throttle.${name}`),
]);
