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

  it("lets the size of the memory and what the hypervisor takes move a little", () => {
    const side = (tcpMem: string, stealPercent: number) =>
      host({ settings: { "net.ipv4.tcp_mem": tcpMem }, virtualization: { stealPercent } });
    const differences = (tcpMem: string, stealPercent: number) =>
      inventoryDifferences([side("287901 383868 575802", 0)], [side(tcpMem, stealPercent)], "cpu");
    expect(differences("287950 383900 575900", 0.8)).toEqual([]);
    expect(differences("287901 383868 999999", 7).map(({ key }) => key)).toEqual([
      "virtualization.stealPercent",
      "settings.net.ipv4.tcp_mem",
    ]);
  });

  it("shows of lists what only one side has", () => {
    const side = (flags: string[], options: string[]) =>
      host({ cpu: { flags }, fileSystems: { "/": { type: "xfs", options } } });
    expect(
      inventoryDifferences(
        [side(["aes", "avx2", "avx512f", "sse2"], ["rw", "noatime"])],
        [side(["sse2", "avx2", "aes"], ["rw", "relatime"])],
        "disk",
      ),
    ).toEqual([
      {
        key: "fileSystems./.options",
        baseline: "noatime",
        candidate: "relatime",
        relevance: "high",
      },
      { key: "cpu.flags", baseline: "avx512f", candidate: "none of these", relevance: "medium" },
    ]);
  });

  it("says in one line what a disk is that only one side has", () => {
    const sda = { kind: "scsi", model: "ST8000", sizeBytes: 8e12, scheduler: "mq-deadline" };
    const nvme = { kind: "nvme", model: "PM1725", sizeBytes: 16e11, scheduler: "none" };
    expect(
      inventoryDifferences(
        [host({ disks: { sda } })],
        [host({ disks: { sda, nvme0n1: nvme } })],
        "disk",
      ),
    ).toEqual([
      {
        key: "disks.nvme0n1",
        baseline: null,
        candidate: "nvme, PM1725, 1600000000000",
        relevance: "high",
      },
    ]);
  });

  it("compares disks as a kind where no name is the same on both sides", () => {
    const disk = (kind: string, scheduler: string) => ({ kind, scheduler, readOnly: false });
    expect(
      inventoryDifferences(
        [host({ disks: { sda: disk("scsi", "none"), sdb: disk("scsi", "none") } })],
        [host({ disks: { nvme0n1: disk("nvme", "none"), nvme1n1: disk("nvme", "kyber") } })],
        "disk",
      ),
    ).toEqual([
      { key: "disks.*.kind", baseline: "scsi", candidate: "nvme", relevance: "high" },
      {
        key: "disks.*.scheduler",
        baseline: "none",
        candidate: "kyber, none",
        relevance: "high",
      },
    ]);
  });
});
