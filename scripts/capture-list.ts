/** What `capture-host.ts` copies: whatever a collector or the inventory reads. */

export const PROC: readonly string[] = [
  // The clock first, and what is rated against it right after.
  ..."uptime stat loadavg vmstat meminfo diskstats interrupts softirqs buddyinfo".split(" "),
  ..."pressure/cpu pressure/memory pressure/io pressure/irq".split(" "),
  ..."net/dev net/snmp net/netstat net/snmp6 net/sockstat net/sockstat6 net/softnet_stat".split(
    " ",
  ),
  ..."cpuinfo version swaps self/mounts".split(" "),
  ..."sys/kernel/hostname sys/kernel/osrelease sys/kernel/ostype sys/kernel/version".split(" "),
  ..."sys/kernel/random/boot_id sys/kernel/pid_max sys/kernel/threads-max".split(" "),
  ..."sys/kernel/numa_balancing sys/kernel/sched_autogroup_enabled sys/fs/file-max".split(" "),
  ..."sys/net/core/somaxconn sys/net/core/rmem_max sys/net/core/wmem_max".split(" "),
  ..."sys/net/core/netdev_max_backlog sys/net/core/default_qdisc".split(" "),
  ..."sys/net/ipv4/tcp_rmem sys/net/ipv4/tcp_wmem sys/net/ipv4/tcp_congestion_control".split(" "),
  ..."sys/net/ipv4/tcp_max_syn_backlog sys/net/ipv4/ip_local_port_range".split(" "),
].map((file) => `proc/${file}`);

/** No cmdline, no environ, no maps: they carry secrets. */
export const PID: readonly string[] = "stat status statm io comm cgroup schedstat".split(" ");

export const SYS: readonly string[] = [
  ..."online possible present smt/active".split(" ").map((file) => `devices/system/cpu/${file}`),
  ..."sys_vendor product_name bios_vendor chassis_asset_tag"
    .split(" ")
    .map((file) => `class/dmi/id/${file}`),
  "devices/system/clocksource/clocksource0/current_clocksource",
  "devices/system/clocksource/clocksource0/available_clocksource",
  "hypervisor/type",
  "fs/cgroup/cgroup.controllers",
].map((file) => `sys/${file}`);

export const BLOCK_DEVICE: readonly string[] = [
  ..."dev hidden inflight removable ro size stat dm/name md/level".split(" "),
  ..."device/model device/vendor device/type device/queue_depth device/uevent".split(" "),
  ..."rotational scheduler nr_requests logical_block_size physical_block_size"
    .split(" ")
    .map((f) => `queue/${f}`),
  ..."read_ahead_kb write_cache max_sectors_kb discard_max_bytes nomerges"
    .split(" ")
    .map((f) => `queue/${f}`),
];

export const SYS_NET: readonly string[] = [
  ..."carrier duplex flags ifindex iflink mtu operstate speed tx_queue_len type device/uevent".split(
    " ",
  ),
  ..."bonding/mode bonding/slaves bonding/active_slave bridge/bridge_id".split(" "),
];

export const ETC: readonly string[] = ["etc/os-release", "etc/passwd"];

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
