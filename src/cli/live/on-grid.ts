/** Calls back on a grid of the monotonic clock, as the recorder samples. */
import { GridTimer } from "../../agent/grid-timer.ts";
import { monotonicMs } from "../../util/monotonic.ts";

/** Calls back `count` times, the first time after one interval; or until the signal. */
export function onGrid(
  intervalMs: number,
  count: number,
  interrupted: AbortSignal,
  callBack: () => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let calls = -1;
    const end = (): void => {
      timer.stop();
      resolve();
    };
    const timer = new GridTimer({
      intervalMs,
      now: monotonicMs,
      onTick: () => {
        calls++;
        // The grid begins with a call at once; the reading before it has just been taken.
        if (calls === 0) return;
        try {
          callBack();
        } catch (error) {
          timer.stop();
          reject(error instanceof Error ? error : new Error(String(error)));
          return;
        }
        if (calls >= count) end();
      },
    });
    interrupted.addEventListener("abort", end, { once: true });
    if (interrupted.aborted) end();
  });
}
