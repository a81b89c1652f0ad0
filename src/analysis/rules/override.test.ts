import { describe, expect, it } from "vitest";
import { UserError } from "../../util/errors.ts";
import { RULES } from "./index.ts";
import { limitsOfRule, parseOverrides } from "./override.ts";

const parse = (document: unknown) => parseOverrides(JSON.stringify(document), "own.json");

describe("parseOverrides", () => {
  it("changes what is named, and nothing else", () => {
    const { rules, thresholds } = parse({
      thresholds: { "missing-from": 15 },
      rules: {
        "disk-saturated": { limits: { diskUse: 90 }, severity: "info" },
        "disk-throttled": { limits: { diskUse: 20 } },
        "cpu-more-waiting": { limits: { ratioAtLeast: 3 } },
        "disk-ceiling-dropped": { limits: { while: 50 } },
        "cpu-kernel-time": { off: true },
      },
    });
    expect(thresholds).toEqual({ "missing-from": 15 });
    expect(rules).toHaveLength(RULES.length - 1);
    const rule = (id: string) => rules.find((one) => one.id === id)!;
    const before = (id: string) => RULES.find((one) => one.id === id)!;
    expect(limitsOfRule(rule("disk-saturated"))).toEqual({ diskUse: 90, diskStall: 20 });
    expect(rule("disk-saturated").severity).toBe("info");
    expect(rule("disk-throttled")).toMatchObject({
      conditions: [{}, { measure: "diskUse", below: 20 }, {}],
    });
    expect(limitsOfRule(rule("cpu-more-waiting"))).toEqual({
      ...limitsOfRule(before("cpu-more-waiting")),
      ratioAtLeast: 3,
    });
    expect(rule("disk-ceiling-dropped")).toMatchObject({
      while: { atLeast: 50 },
      ratioAtMost: 0.6,
    });
    expect(rules.filter((one) => RULES.includes(one))).toHaveLength(RULES.length - 5);
  });

  it.each([
    ["[]", /not an object/],
    ["{", /not JSON/],
    ['{"rule":{}}', /has no "rule"/],
    ['{"rules":{"disk-full":{}}}', /rules has no "disk-full"/],
    ['{"rules":{"disk-saturated":{"limits":{"cpuUse":1}}}}', /limits has no "cpuUse"/],
    ['{"rules":{"disk-saturated":{"limits":{"diskUse":"90"}}}}', /diskUse is not a number/],
    ['{"rules":{"disk-saturated":{"severity":"grave"}}}', /severity is none of/],
    ['{"rules":{"disk-saturated":{"off":1}}}', /neither true nor false/],
    ['{"thresholds":{"missing-from":-1}}', /missing-from is not a number/],
  ])("says what is wrong with %s", (text, message) => {
    expect(() => parseOverrides(text, "own.json")).toThrow(UserError);
    expect(() => parseOverrides(text, "own.json")).toThrow(message);
  });
});
