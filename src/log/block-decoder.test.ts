import { describe, expect, it } from "vitest";
import { gaugeFields } from "../counter/declaration.ts";
import { SampleRow } from "../counter/sample-row.ts";
import { decodeBlock } from "./block-decoder.ts";
import { BlockMemory } from "./block-memory.ts";
import type { BlockHeader } from "./block.ts";
import { ByteWriter } from "./byte-writer.ts";
import { SampleEncoder } from "./sample-encoder.ts";

describe("a block with series that come in the middle of it", () => {
  it("reads as well in memory of a larger block before it", () => {
    const object = {
      name: "P",
      groups: [{ id: "g", fields: gaugeFields(["a"]) }],
      counters: [],
    };
    const row = new SampleRow();
    row.add(object, 0, { name: "first" });
    const encoder = new SampleEncoder(row);
    const header = { objects: encoder.objects, units: encoder.entries() } as unknown as BlockHeader;
    const out = new ByteWriter();
    for (let sample = 0; sample < 4; sample++) {
      row.begin();
      if (sample > 0) row.add(object, 0, { name: `later${sample}` });
      for (const unit of row.units) {
        row.values[unit.slot] = 100 * sample + unit.id;
        row.read(unit);
      }
      encoder.encode(row, { monotonicUs: sample, wallMs: sample }, out);
    }
    const memory = new BlockMemory();
    memory.give(new Float64Array(10_000).fill(7));
    const { units } = decodeBlock(header, out.view(), 4, memory);
    expect(units.map(({ instance, columns }) => [instance.name, [...columns[0]!]])).toEqual([
      ["first", [1, 101, 201, 301]],
      ["later1", [102, 202, 302]],
      ["later2", [203, 303]],
      ["later3", [304]],
    ]);
  });
});
