import { afterEach, describe, expect, it } from "vitest";
import { localTime } from "./local-time.ts";
import { limitedRunner } from "./run-tool.ts";

const { TZ } = process.env;
afterEach(() => {
  if (TZ === undefined) delete process.env["TZ"];
  else process.env["TZ"] = TZ;
});

describe("localTime", () => {
  it.each([
    ["Asia/Kolkata", "UTC+05:30"],
    ["America/Caracas", "UTC-04:00"],
    ["UTC", "UTC+00:00"],
  ])("is the same by date and by V8 in %s", (zone, utcOffset) => {
    process.env["TZ"] = zone;
    const seconds = ({ stamp }: { readonly stamp: string }) =>
      Date.UTC(
        ...(/^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)$/.exec(stamp)!.slice(1).map(Number) as [
          number,
          number,
        ]),
      ) / 1000;
    const byDate = localTime(limitedRunner());
    const byClock = localTime(() => "");
    expect([byDate.utcOffset, byClock.utcOffset]).toEqual([utcOffset, utcOffset]);
    const later = seconds(byClock) - seconds(byDate);
    expect(later).toBeGreaterThanOrEqual(0);
    expect(later).toBeLessThan(60);
  });
});
