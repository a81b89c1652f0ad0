import { describe, expect, it } from "vitest";
import { parseCpuInfo } from "./cpuinfo.ts";

describe("parseCpuInfo", () => {
  it("counts cores by package and core id together", () => {
    const cpu = (n: number, physical: number, core: number) =>
      `processor\t: ${n}\nmodel name\t: X\nphysical id\t: ${physical}\ncore id\t: ${core}\ncpu MHz\t: 2300.000\n\n`;
    const info = parseCpuInfo(cpu(0, 0, 0) + cpu(1, 0, 0) + cpu(2, 1, 0) + cpu(3, 1, 0));
    expect(info).toMatchObject({
      logicalCpus: 4,
      sockets: 2,
      cores: 2,
      model: "X",
      currentMHz: 2300,
    });
  });

  it("reads ARM, which names neither model nor packages", () => {
    const info = parseCpuInfo(
      "processor\t: 0\nBogoMIPS\t: 243.75\nFeatures\t: fp asimd\nCPU implementer\t: 0x41\nCPU part\t: 0xd0c\n\n" +
        "processor\t: 1\nBogoMIPS\t: 243.75\nCPU implementer\t: 0x41\nCPU part\t: 0xd0c\n",
    );
    expect(info.logicalCpus).toBe(2);
    expect(info.model).toBe("ARM implementer 0x41 part 0xd0c");
    expect(info.sockets).toBeUndefined();
    expect(info.flags.has("asimd")).toBe(true);
  });

  it("reads POWER and s390", () => {
    expect(
      parseCpuInfo(
        "processor\t: 0\ncpu\t\t: POWER9, altivec supported\nclock\t\t: 2902.000000MHz\n",
      ),
    ).toMatchObject({ logicalCpus: 1, model: "POWER9, altivec supported", currentMHz: 2902 });
    expect(
      parseCpuInfo(
        "vendor_id       : IBM/S390\n# processors    : 2\nprocessor 0: version = 00\nprocessor 1: version = 00\n",
      ).logicalCpus,
    ).toBe(2);
  });

  it("makes nothing up for an empty file", () => {
    expect(parseCpuInfo("")).toEqual({ logicalCpus: 0, flags: new Set() });
  });
});
