/** CPU time that a guest's kernel has no account of: what its host took from it, without a word. */

/** @param before first line of /proc/stat and /proc/uptime, one after the other; `after` as well */
export function lostShare(before: string, after: string): number {
  const [from, to] = [parse(before), parse(after)];
  const elapsed = to.seconds - from.seconds;
  return elapsed > 0 ? 1 - (to.accountedSeconds - from.accountedSeconds) / elapsed : 0;
}

/** USER_HZ of every architecture that Debian has a kernel for. */
const TICKS_PER_SECOND = 100;
/** user nice system idle iowait irq softirq steal; guest time is in user already. */
const ACCOUNTS = 8;

function parse(text: string) {
  const [stat = "", uptime = ""] = text.trim().split("\n");
  const ticks = stat
    .trim()
    .split(/\s+/)
    .slice(1, 1 + ACCOUNTS)
    .map(Number);
  return {
    seconds: Number(uptime.split(" ")[0]),
    accountedSeconds: ticks.reduce((sum, tick) => sum + tick, 0) / TICKS_PER_SECOND,
  };
}
