import { afterEach, beforeEach, expect, it } from "vitest";
import { FakeHost, Recording } from "../../test/support/fake-host.ts";
import { zswap } from "./zswap.ts";

let host: FakeHost;
beforeEach(() => {
  host = new FakeHost();
});
afterEach(() => host.remove());

it("tells from the kernel's debugging files why zswap refuses pages", () => {
  const put = (files: Record<string, number>) => {
    for (const [file, value] of Object.entries(files)) {
      host.write(`sys/kernel/debug/zswap/${file}`, `${value}\n`);
    }
  };
  put({ pool_total_size: 4096, stored_pages: 3, pool_limit_hit: 0, reject_compress_poor: 7 });
  const recording = new Recording(host, zswap).sample(10);
  put({ pool_total_size: 8192, stored_pages: 6, pool_limit_hit: 50, reject_compress_poor: 27 });
  recording.sample(10);
  expect(recording.values("", "Pool Bytes")).toEqual([8192]);
  expect(recording.values("", "Pages Stored")).toEqual([6]);
  expect(recording.value("", "Pool Limit Hits/sec")).toBe(5);
  expect(recording.value("", "Incompressible Pages Refused/sec")).toBe(2);
  expect(recording.open.object.counters).toHaveLength(4);
});

it("is not there where nobody may see them", () => {
  expect(zswap.open(host.context)).toBeUndefined();
});
