/**
 * Does something for each item, so many at a time at most. What is under way when the signal comes goes
 * on to its end; nothing new is begun then.
 */
export async function forEach<T>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (; next < items.length;) {
      if (signal?.aborted === true) return;
      await work(items[next++]!);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
}
