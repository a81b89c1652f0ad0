/** What can be wrong with a guest, and how that is done to it. Nothing when all is left out. */
export interface GuestFault {
  readonly memoryMib?: number;
  /** Added to every read and write of the data disk, by device-mapper. */
  readonly diskDelayMs?: number;
  /** What the data disk may move per second, each way, by the job's control group. */
  readonly diskBytesPerSecond?: number;
  /** A limit on the disk comes only so long after the job has begun. */
  readonly diskAfterSeconds?: number;
  /** Arguments of `tc qdisc ... netem`, for what the guest sends. */
  readonly netem?: string;
  /** What passes per second to the guest, by the lab's switch. */
  readonly linkMegabits?: number;
  /** Share of its CPU that the job may use, by its own control group. */
  readonly cpuQuota?: number;
  /** Share of a CPU that this host gives the guest: what a hypervisor takes away. */
  readonly cpuFromOutside?: number;
}

/** Lines of the guest's script that plant a fault; they run when all is prepared. */
export function plantingScript(fault: GuestFault): string {
  const disk: string[] = [];
  if (fault.diskDelayMs !== undefined) disk.push(`delay_disk data /dev/ubda ${fault.diskDelayMs}`);
  if (fault.diskBytesPerSecond !== undefined) {
    const bytes = fault.diskBytesPerSecond;
    disk.push(`echo "$(cat /sys/block/dm-0/dev) rbps=${bytes} wbps=${bytes}" >$job_group/io.max`);
  }
  const others: string[] = [];
  if (fault.netem !== undefined) {
    others.push(
      "modprobe -d /run/modules sch_netem",
      `tc qdisc add dev vec0 root netem ${fault.netem}`,
    );
  }
  if (fault.cpuQuota !== undefined) {
    others.push(`echo "${Math.round(fault.cpuQuota * 100_000)} 100000" >$job_group/cpu.max`);
  }
  const later = fault.diskAfterSeconds;
  const planted = later === undefined ? disk : [`(sleep ${later}; ${disk.join("; ")}) &`];
  return [...others, ...planted].join("\n");
}
