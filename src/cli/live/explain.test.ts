import { expect, it } from "vitest";
import { firstSentence, wrap } from "./explain.ts";

it("takes the first sentence", () => {
  expect(firstSentence("Reads per second. More.")).toBe("Reads per second");
  expect(firstSentence("Time, e.g. of a disk. More.")).toBe("Time, e.g. of a disk");
  expect(firstSentence("Avg. 3.5 of\n it")).toBe("Avg");
  expect(firstSentence("No end")).toBe("No end");
});

it("wraps at blanks and never loses a word", () => {
  const text = "one two three averyveryverylongword four";
  expect(wrap(text, 9)).toEqual(["one two", "three", "averyveryverylongword", "four"]);
  expect(wrap(text, 9).join(" ")).toBe(text);
});
