const CHECK_INTERVAL_MS = 50;

/** Looks again and again until something is so. @returns whether it came to be in time */
export async function waitUntil(isSo: () => boolean, timeoutMs: number): Promise<boolean> {
  const endMs = performance.now() + timeoutMs;
  while (!isSo()) {
    if (performance.now() > endMs) return false;
    await new Promise((resolve) => setTimeout(resolve, CHECK_INTERVAL_MS));
  }
  return true;
}
