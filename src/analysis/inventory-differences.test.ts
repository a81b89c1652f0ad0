import { describe, expect, it } from "vitest";
import { inventoryDifferences } from "./inventory-differences.ts";
import type { HostDescription } from "./source.ts";

const host = (inventory: Record<string, unknown>): HostDescription => ({
  id: 1,
  name: "h",
  role: "",
  intervalMs: 1000,
  inventory,
  fromMs: 0,
  toMs: 0,
  samples: 0,
});

describe("inventoryDifferences", () => {
  it("ranks by relevance, the bottleneck's resource first", () => {
    const differences = inventoryDifferences(
      [host({ cpu: { logicalCpus: 8 }, memory: { totalBytes: 64e9 }, odd: "a" })],
      [host({ cpu: { logicalCpus: 4 }, memory: { totalBytes: 16e9 }, odd: "b" })],
      "memory",
    );
    expect(differences).toEqual([
      {
        key: "memory.totalBytes",
        baseline: "64000000000",
        candidate: "16000000000",
        relevance: "high",
      },
      { key: "cpu.logicalCpus", baseline: "8", candidate: "4", relevance: "high" },
      { key: "odd", baseline: "a", candidate: "b", relevance: "low" },
    ]);
  });

  it("ignores identity, rounding of sizes, and how many hosts there are", () => {
    const a = { hostname: "a", boot: { id: "x", timeMs: 1 }, memory: { totalBytes: 16_000_000 } };
    const b = { hostname: "b", boot: { id: "y", timeMs: 2 }, memory: { totalBytes: 16_100_000 } };
    expect(inventoryDifferences([host(a)], [host(b), host(b)], "cpu")).toEqual([]);
  });

  it("counts the hosts of each kind where a cluster is mixed, and shows what one side lacks", () => {
    const differences = inventoryDifferences(
      [host({ kernel: { release: "6.1" } }), host({ kernel: { release: "6.1" } })],
      [
        host({ kernel: { release: "6.1" }, cgroup: { cpuLimit: 2 } }),
        host({ kernel: { release: "5.10" } }),
      ],
      "cpu",
    );
    expect(differences).toEqual([
      { key: "cgroup.cpuLimit", baseline: null, candidate: "2", relevance: "high" },
      {
        key: "kernel.release",
        baseline: "6.1",
        candidate: "5.10 (1 host), 6.1 (1 host)",
        relevance: "medium",
      },
    ]);
  });
});
