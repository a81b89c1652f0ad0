import { describe, expect, it } from "vitest";
import { CostPace } from "./cost-pace.ts";
import type { HostContext } from "./collector.ts";

/** Seconds at which something is read that takes so long, asked every second for three minutes. */
function readings(costSeconds: (reading: number) => number): number[] {
  let seconds = 0;
  const pace = new CostPace({ monotonicSeconds: () => seconds } as HostContext);
  const times: number[] = [];
  for (let sample = 0; sample < 180; sample++) {
    seconds = sample;
    if (pace.isDue) pace.read(() => (seconds += costSeconds(times.push(sample))));
  }
  return times;
}

describe("CostPace", () => {
  it("reads always what is cheap", () => {
    expect(readings(() => 0.0004)).toHaveLength(180);
  });

  it("reads less often what costs more, after three readings", () => {
    expect(readings(() => 0.003).slice(0, 6)).toEqual([0, 1, 2, 12, 22, 32]);
    expect(readings(() => 0.007)).toEqual([0, 1, 2, 62, 122]);
  });

  it("does not mind what was held up", () => {
    expect(readings((reading) => (reading % 3 === 1 ? 1 : 0.0001))).toHaveLength(180);
  });

  it("notices when it costs more, or less, than before", () => {
    const grown = readings((reading) => (reading < 60 ? 0.0001 : 0.003));
    expect(grown.slice(-3)).toEqual([151, 161, 171]);
    const shrunk = readings((reading) => (reading < 5 ? 0.003 : 0.0001));
    expect(shrunk.slice(-3)).toEqual([177, 178, 179]);
  });
});
