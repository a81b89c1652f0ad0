import { describe, expect, it } from "vitest";
import { crc32 } from "./crc32.ts";

describe("crc32", () => {
  it("gives the check value of the catalogue of CRC algorithms", () => {
    expect(crc32(Buffer.from("123456789"))).toBe(0xcbf43926);
  });

  it("continues from a seed and honours a range", () => {
    const bytes = Buffer.from("xx123456789yy");
    const first = crc32(bytes, 2, 6);
    expect(crc32(bytes, 6, 11, first)).toBe(0xcbf43926);
  });
});
