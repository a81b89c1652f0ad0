/** The monotonic clock. On Linux it counts from boot (CLOCK_MONOTONIC), the same for all processes. */
export function monotonicMs(): number {
  // Not perf_hooks: loading it costs the agent memory, and its clock starts with the process.
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1000 + nanoseconds / 1e6;
}
