import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { GridTimer } from "./grid-timer.ts";

/** How far the grid's clock is ahead of the faked timers: time that ticks took, or timers lost. */
let aheadMs = 0;

beforeEach(() => {
  aheadMs = 0;
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"], now: 0 });
});
afterEach(() => void vi.useRealTimers());

function grid(intervalMs: number, onTick: (tick: number) => void = () => {}) {
  const ticks: { at: number; late: number }[] = [];
  const now = () => Date.now() + aheadMs;
  const timer = new GridTimer({
    intervalMs,
    now,
    onTick: (late) => {
      ticks.push({ at: now(), late });
      onTick(ticks.length);
    },
  });
  return { ticks, timer };
}

describe("the sampling grid", () => {
  it("does not drift, though every tick takes time", () => {
    const { ticks } = grid(100, () => (aheadMs += 30));
    vi.advanceTimersByTime(700);
    expect(ticks.length).toBeGreaterThanOrEqual(10);
    expect(ticks.every(({ at, late }, i) => at === i * 100 && late === 0)).toBe(true);
  });

  it("stamps a late tick with its real lateness and goes back to the grid", () => {
    const { ticks } = grid(100, (tick) => tick === 2 && (aheadMs += 140));
    vi.advanceTimersByTime(300);
    expect(ticks.map(({ at }) => at)).toEqual([0, 100, 300, 400]);
    const late = grid(100);
    aheadMs += 55;
    vi.advanceTimersByTime(100);
    expect(late.ticks[1]).toEqual({ at: late.ticks[0]!.at + 155, late: 55 });
    vi.advanceTimersByTime(45);
    expect(late.ticks[2]).toEqual({ at: late.ticks[0]!.at + 200, late: 0 });
  });

  it("stops, also from inside a tick", () => {
    let stop = () => {};
    const { ticks, timer } = grid(100, (tick) => tick === 3 && stop());
    stop = () => timer.stop();
    vi.advanceTimersByTime(1000);
    expect(ticks.length).toBe(3);
  });
});
