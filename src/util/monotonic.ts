/** The monotonic clock. On Linux it counts from boot (CLOCK_MONOTONIC), the same for all processes. */
export function monotonicMs(): number {
  // Not perf_hooks: loading it costs the agent memory, and its clock starts with the process.
  const time = process.hrtime();
  // Not taken apart by iteration: this runs thirty times per sample, and that would make two objects more.
  return time[0] * 1000 + time[1] / 1e6;
}
