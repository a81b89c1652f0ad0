import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Sampler } from "../src/agent/sampler.ts";
import { collectors } from "../src/collectors/all.ts";
import { cookedObject } from "../src/counter/cooked-object.ts";
import type { BlockHeader } from "../src/log/block.ts";
import { decodeHeader, encodeHeader } from "../src/log/header-codec.ts";
import { headerDictionary, restDictionary } from "../src/log/header-dictionary.ts";
import { crc32 } from "../src/util/crc32.ts";
import { fixtureHosts, FixtureHost } from "./hosts/fixture-host.ts";
import { projectRoot } from "./support/source-files.ts";

function headerOf(hostName: string): BlockHeader {
  const host = new FixtureHost(hostName);
  const { objects } = new Sampler(collectors, host.context);
  host.remove();
  return {
    recording: { id: "i", host: "h", cluster: "c", run: "r", role: "worker", intervalMs: 1000 },
    segment: 3,
    block: 7,
    start: { wallMs: 1_700_000_000_123, monotonicMs: 4567.891 },
    objects,
    units: [[1, 0, 0, "sda1", "sda", { kind: "partition" }]],
  };
}

describe.each(fixtureHosts())("the header of fixture host %s", (name) => {
  it("comes back as it was", () => {
    const header = headerOf(name);
    expect(header.objects.length).toBeGreaterThan(5);
    expect(decodeHeader(encodeHeader(header))).toEqual(header);
  });

  it("is small, also on a kernel that the dictionary was not made on", () => {
    expect(encodeHeader(headerOf(name)).length).toBeLessThan(1500);
  });
});

it("has a dictionary that the documentation shows", () => {
  const shown = readFileSync(join(projectRoot, "docs", "header-dictionary-1.txt"), "utf8");
  expect(shown).toBe([...headerDictionary(), restDictionary, ""].join("\n"));
});

it("has a dictionary that never changes, or old logs could not be read", () => {
  const bytes = Buffer.from([...headerDictionary(), restDictionary].join(""));
  expect([headerDictionary().length, bytes.length, crc32(bytes, 0, bytes.length)]).toEqual([
    47, 61_674, 1_051_807_164,
  ]);
});

it("keeps objects whose readings are values, and refuses those with other fields", () => {
  const counter = { name: "Disk Reads/sec", type: "rate", unit: "count/s" } as const;
  const object = cookedObject("PhysicalDisk", counter);
  const header = { ...headerOf(fixtureHosts()[0]!), objects: [object], units: [] };
  expect(decodeHeader(encodeHeader(header))).toEqual(header);
  const fields = object.groups[0]!.fields.slice(1);
  const wrong = { ...object, groups: [{ id: "x", fields }] };
  expect(() => decodeHeader(encodeHeader({ ...header, objects: [wrong] }))).toThrow(/fields of/);
});

it("refuses what is not a header", () => {
  expect(() => decodeHeader(Buffer.from("no deflate stream"))).toThrow(/dictionary entry/);
  const header = headerOf(fixtureHosts()[0]!);
  const wrong = { ...header, units: [[1, 99, 0, ""]] } as unknown as BlockHeader;
  expect(() => decodeHeader(encodeHeader(wrong))).toThrow(/unknown object/);
});
