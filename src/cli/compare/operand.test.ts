import { describe, expect, it } from "vitest";
import { UsageError, UserError } from "../../util/errors.ts";
import { parseOperand, resolveWindow } from "./operand.ts";

const noFile = () => false;
const at = (time: string) => Date.parse(`2026-11-23T${time}Z`);
const run = {
  cluster: "cloud",
  run: "one",
  fromMs: at("10:00:00"),
  toMs: at("11:00:00"),
  events: [
    { host: "h", timeMs: at("10:10:00"), kind: "mark", text: "map" },
    { host: "h", timeMs: at("10:20:00"), kind: "gap", text: "x" },
    { host: "h", timeMs: at("10:30:00"), kind: "mark", text: "reduce" },
  ],
};

function windowOf(text: string): [string | undefined, string | undefined] {
  const { narrowing } = parseOperand(`x@${text}`, noFile);
  const { fromMs, toMs } = resolveWindow(narrowing!, run);
  const clock = (ms: number | undefined) => ms && new Date(ms).toISOString().slice(11, 19);
  return [clock(fromMs) as string | undefined, clock(toMs) as string | undefined];
}

describe("operands of compare", () => {
  it("are names without a window, also of folders with an @", () => {
    expect(parseOperand("cloud/one", noFile)).toEqual({ name: "cloud/one" });
    expect(parseOperand("./a@b", () => true)).toEqual({ name: "./a@b" });
    expect(parseOperand("a@b/c@map", noFile)).toEqual({
      name: "a@b/c",
      narrowing: { kind: "mark", name: "map" },
    });
  });

  it.each([
    ["10:15..10:30", "10:15:00", "10:30:00"],
    ["+60s..+5m", "10:01:00", "10:05:00"],
    ["+0s..+60s", "10:00:00", "10:01:00"],
    ["10:15:30..", "10:15:30", undefined],
    ["..10:30", undefined, "10:30:00"],
    ["2026-11-23T10:40..2026-11-23T11:50+01:00", "10:40:00", "10:50:00"],
    ["map", "10:10:00", "10:30:00"],
    ["reduce", "10:30:00", undefined],
  ])("narrow: %s", (text, from, to) => {
    expect(windowOf(text)).toEqual([from, to]);
  });

  it("finds a time after midnight in a run that goes over it", () => {
    const night = { ...run, fromMs: at("23:30:00"), toMs: at("23:30:00") + 3_600_000 };
    const narrowing = parseOperand("x@23:50..00:10", noFile).narrowing!;
    const { fromMs, toMs } = resolveWindow(narrowing, night);
    expect([fromMs, toMs]).toEqual([at("23:50:00"), at("00:10:00") + 86_400_000]);
    const late = parseOperand("x@00:05..", noFile).narrowing!;
    expect(resolveWindow(late, night).fromMs).toBe(at("00:05:00") + 86_400_000);
  });

  it.each(["x@", "@a", "x@10..11", "x@26:00..27:00", "x@+5y..", "x@10:61.."])(
    "refuse %s",
    (text) => {
      expect(() => parseOperand(text, noFile)).toThrow(UsageError);
    },
  );

  it.each([
    ["12:00..12:30", /outside of cloud\/one/],
    ["+2h..", /outside/],
    ["+20s..+10s", /ends before it begins/],
    ["sort", /no mark "sort"[^]*map, reduce/],
  ])("tell what is wrong with %s", (text, message) => {
    expect(() => windowOf(text)).toThrow(UserError);
    expect(() => windowOf(text)).toThrow(message);
  });
});
