import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ProcTree, readings } from "../../test/support/proc-tree.ts";
import { SampleRow } from "../counter/sample-row.ts";
import type { OpenCollector } from "./collector.ts";
import { energyMeter } from "./energy-meter.ts";
import { hardwareSensor } from "./hardware-sensor.ts";
import { hugePagePool } from "./huge-page-pool.ts";
import { kernelTables } from "./kernel-tables.ts";
import { memoryErrors } from "./memory-errors.ts";
import { pciDevice } from "./pci-device.ts";
import { scsiDevice } from "./scsi-device.ts";
import { transparentHugePages } from "./transparent-huge-pages.ts";
import { zram } from "./zram.ts";

let tree: ProcTree;
let row: SampleRow;
beforeEach(() => {
  tree = new ProcTree();
  row = new SampleRow();
});
afterEach(() => tree.remove());

const sys = (path: string, text: string | number): void =>
  tree.write(`../sys/${path}`, `${text}\n`);
const sysPath = (path: string): string => join(tree.context.sysRoot, path);

function sample(open: OpenCollector): Record<string, Record<string, number>> {
  row.begin();
  open.collect(row);
  return readings(row);
}

describe("Energy Meter", () => {
  const package0 = "class/powercap/intel-rapl:0";

  it("goes on over the meter's own wrap, from what the first reading found", () => {
    sys(`${package0}/name`, "package-0");
    sys(`${package0}/max_energy_range_uj`, 999);
    sys(`${package0}/constraint_0_power_limit_uw`, 125_000_000);
    sys(`${package0}/energy_uj`, 900);
    sys("class/powercap/intel-rapl:0:0/name", "dram");
    sys("class/powercap/intel-rapl:0:0/energy_uj", 5);
    sys("class/powercap/intel-rapl-mmio:0/name", "package-0");
    sys("class/powercap/intel-rapl-mmio:0/energy_uj", 7);
    const open = energyMeter.open(tree.context)!;
    const energies = [900, 990, 10, 10, 999, 0].map((energy) => {
      sys(`${package0}/energy_uj`, energy);
      return sample(open)["package-0"]!["energy_uj"];
    });
    expect(energies).toEqual([900, 990, 1010, 1010, 1999, 2000]);
    expect(row.units.map(({ instance }) => instance)).toEqual([
      { name: "package-0", attributes: { zone: "intel-rapl:0", limitWatts: "125" } },
      { name: "dram", parent: "package-0", attributes: { zone: "intel-rapl:0:0" } },
    ]);
    open.close();
  });
});

describe("Hardware Sensor", () => {
  it("names sensors by chip and label, tells two of a name apart, and knows each kind", () => {
    for (const [chip, input] of [
      ["hwmon0", 41000],
      ["hwmon1", 43000],
    ] as const) {
      sys(`class/hwmon/${chip}/name`, "coretemp");
      sys(`class/hwmon/${chip}/temp1_input`, input);
      sys(`class/hwmon/${chip}/temp1_label`, "Core 0");
      sys(`class/hwmon/${chip}/temp1_crit`, 100000);
    }
    sys("class/hwmon/hwmon2/device/name", "it8728");
    sys("class/hwmon/hwmon2/device/fan2_input", 1200);
    sys("class/hwmon/hwmon2/device/temp3_input", -5000);
    sys("class/hwmon/hwmon2/device/in0_input", 1008);
    sys("class/hwmon/hwmon3/name", "power_meter");
    sys("class/hwmon/hwmon3/power1_average", 210_000_000);
    sys("class/hwmon/hwmon3/power1_input", 1);
    sys("class/thermal/thermal_zone0/type", "x86_pkg_temp");
    sys("class/thermal/thermal_zone0/temp", 44000);
    const open = hardwareSensor.open(tree.context)!;
    expect(sample(open)).toEqual({
      "Core 0:hwmon0:temp1": { temperature: 41000 },
      "Core 0:hwmon1:temp1": { temperature: 43000 },
      fan2: { fan: 1200 },
      in0: { voltage: 1008 },
      temp3: { temperature: -5000 },
      power1: { power: 210_000_000 },
      x86_pkg_temp: { temperature: 44000 },
    });
    expect(row.units[0]!.instance).toEqual({
      name: "Core 0:hwmon0:temp1",
      parent: "coretemp",
      attributes: { device: "hwmon0", sensor: "temp1", crit: "100" },
    });
    open.close();
  });

  it("leaves out a sensor that does not answer, and looks for others after a while", () => {
    sys("class/hwmon/hwmon0/name", "nct");
    sys("class/hwmon/hwmon0/fan1_input", 900);
    sys("class/hwmon/hwmon0/fan2_input", 1000);
    const open = hardwareSensor.open(tree.context)!;
    expect(Object.keys(sample(open))).toEqual(["fan1", "fan2"]);
    // As a driver that returns an error: nothing comes.
    tree.write("../sys/class/hwmon/hwmon0/fan2_input", "");
    expect(Object.keys(sample(open))).toEqual(["fan1"]);
    rmSync(sysPath("class/hwmon/hwmon0/fan2_input"));
    sys("class/hwmon/hwmon0/fan3_input", 1100);
    tree.seconds += 60;
    sample(open);
    expect(sample(open)).toEqual({ fan1: { fan: 900 }, fan3: { fan: 1100 } });
    expect(row.units.map(({ instance }) => instance.name)).toEqual(["fan1", "fan3"]);
    open.close();
  });

  it("says when something else than numbers is there, or none of them answers", () => {
    sys("class/hwmon/hwmon0/name", "nct");
    sys("class/hwmon/hwmon0/fan1_input", 900);
    sys("class/hwmon/hwmon0/fan2_input", 1000);
    const open = hardwareSensor.open(tree.context)!;
    tree.write("../sys/class/hwmon/hwmon0/fan2_input", "x\n");
    expect(() => sample(open)).toThrow(/fan2_input holds no 1 numbers/);
    expect(row.units.filter((unit) => row.isRead(unit))).toHaveLength(1);
    for (const fan of [1, 2]) tree.write(`../sys/class/hwmon/hwmon0/fan${fan}_input`, "");
    expect(() => sample(open)).toThrow(/fan1_input is empty/);
    open.close();
  });
});

describe("errors of hardware", () => {
  it("are counted per memory controller and module", () => {
    const mc = "devices/system/edac/mc/mc0";
    sys(`${mc}/mc_name`, "Skylake Socket#0 IMC#0");
    for (const [file, value] of Object.entries({ ce_count: 7, ue_count: 0 }))
      sys(`${mc}/${file}`, value);
    sys(`${mc}/dimm3/dimm_ce_count`, 7);
    sys(`${mc}/dimm3/dimm_ue_count`, 0);
    sys(`${mc}/dimm3/dimm_label`, "CPU_SrcID#0_MC#0_Chan#0_DIMM#0");
    const open = memoryErrors.open(tree.context)!;
    expect(sample(open)).toEqual({
      mc0: { ce_count: 7, ue_count: 0 },
      dimm3: { dimm_ce_count: 7, dimm_ue_count: 0 },
    });
    expect(row.units[1]!.instance).toMatchObject({ parent: "mc0", name: "dimm3" });
    open.close();
  });

  it("are read in the hexadecimal numbers of SCSI disks", () => {
    const device = "devices/pci0000:00/host0/target0:0:0/0:0:0:0";
    const counts = { iorequest_cnt: "0x22f8", iodone_cnt: "0x22f7", ioerr_cnt: "0x1A" };
    for (const [file, value] of Object.entries(counts)) sys(`${device}/${file}`, value);
    sys(`${device}/model`, "ST8000NM0055  ");
    mkdirSync(dirname(sysPath("block/sda/device")), { recursive: true });
    symlinkSync(sysPath(device), sysPath("block/sda/device"));
    sys("block/nvme0n1/device/state", "live");
    const open = scsiDevice.open(tree.context)!;
    expect(sample(open)).toEqual({
      sda: { iorequest_cnt: 0x22f8, iodone_cnt: 0x22f7, ioerr_cnt: 26 },
    });
    expect(open.object.counters.map(({ name }) => name)).not.toContain("Command Timeouts");
    expect(row.units[0]!.instance.attributes).toEqual({
      address: "0:0:0:0",
      model: "ST8000NM0055",
    });
    open.close();
  });

  it("are the last number of the lists of PCI Express devices", () => {
    const device = "bus/pci/devices/0000:00:1c.0";
    sys(`${device}/aer_dev_correctable`, "RxErr 2\nBadTLP 40\nRollover 0\nTOTAL_ERR_COR 41");
    sys(`${device}/aer_dev_nonfatal`, "Undefined 0\nTOTAL_ERR_NONFATAL 3");
    sys(`${device}/aer_dev_fatal`, "Undefined 0\nTOTAL_ERR_FATAL 0");
    for (const [kind, value] of Object.entries({ cor: 50, nonfatal: 4, fatal: 1 })) {
      sys(`${device}/aer_rootport_total_err_${kind}`, value);
    }
    sys("bus/pci/devices/0000:00:00.0/class", "0x060000");
    const open = pciDevice.open(tree.context)!;
    expect(sample(open)).toEqual({
      "0000:00:1c.0": {
        correctable: 41,
        nonfatal: 3,
        fatal: 0,
        port_correctable: 50,
        port_nonfatal: 4,
        port_fatal: 1,
      },
    });
    open.close();
  });
});

describe("Zram", () => {
  it("records what this kernel's files have", () => {
    sys("block/zram0/mm_stat", "  4096000   1024000  1200000        0  1300000       12        3");
    sys("block/zram0/io_stat", "       0        1        2     3000");
    const open = zram.open(tree.context)!;
    expect(sample(open)["zram0"]).toEqual({
      orig_data_size: 4096000,
      compr_data_size: 1024000,
      mem_used_total: 1200000,
      mem_limit: 0,
      mem_used_max: 1300000,
      same_pages: 12,
      pages_compacted: 3,
      failed_reads: 0,
      failed_writes: 1,
      invalid_io: 2,
      notify_free: 3000,
    });
    const names = open.object.counters.map(({ name }) => name);
    expect([names.includes("Incompressible Pages"), names.includes("Failed Writes")]).toEqual([
      false,
      true,
    ]);
    open.close();
  });
});

describe("huge pages", () => {
  it("are counted per size of the pools", () => {
    const counts = { nr_hugepages: 10, free_hugepages: 4, resv_hugepages: 3, surplus_hugepages: 0 };
    for (const [file, count] of Object.entries(counts)) {
      sys(`kernel/mm/hugepages/hugepages-1048576kB/${file}`, count);
    }
    const open = hugePagePool.open(tree.context)!;
    expect(sample(open)).toEqual({ "1048576kB": counts });
    open.close();
  });

  it("are counted per size that is enabled, by itself or as all", () => {
    const root = "kernel/mm/transparent_hugepage";
    sys(`${root}/enabled`, "always [madvise] never");
    for (const [size, enabled] of [
      ["64kB", "always inherit madvise [never]"],
      ["2048kB", "always [inherit] madvise never"],
    ]) {
      sys(`${root}/hugepages-${size}/enabled`, enabled!);
      sys(`${root}/hugepages-${size}/stats/anon_fault_alloc`, 12);
      sys(`${root}/hugepages-${size}/stats/nr_anon`, 5);
    }
    const open = transparentHugePages.open(tree.context)!;
    expect(sample(open)).toEqual({ "2048kB": { anon_fault_alloc: 12, nr_anon: 5 } });
    open.close();
  });
});

describe("Kernel Tables", () => {
  it("takes the numbers that mean something", () => {
    tree.write("sys/fs/file-nr", "1201\t0\t2466177\n");
    tree.write("sys/fs/inode-state", "455919\t11\t0\t0\t0\t0\t0\n");
    tree.write("sys/fs/dentry-state", "613409\t611647\t45\t0\t51169\t0\n");
    tree.write("sys/kernel/hung_task_detect_count", "2\n");
    const open = kernelTables.open(tree.context)!;
    expect(sample(open)[""]).toEqual({
      file_nr: 1201,
      file_max: 2466177,
      nr_inodes: 455919,
      nr_free_inodes: 11,
      nr_dentry: 613409,
      nr_unused_dentry: 611647,
      nr_negative_dentry: 51169,
      hung_task_detect_count: 2,
    });
    open.close();
  });

  it("are not there where there is nothing of them", () => {
    for (const collector of [
      kernelTables,
      zram,
      pciDevice,
      scsiDevice,
      memoryErrors,
      energyMeter,
      hardwareSensor,
    ]) {
      expect(collector.open(tree.context)).toBeUndefined();
    }
  });
});
