import { hostname } from "node:os";
import { describe, expect, it } from "vitest";
import { inventoryOf as host } from "../../test/support/host-tree.ts";
import { readInventory } from "./inventory.ts";

describe("readInventory of a server", () => {
  const cpuBlock = (n: number, socket: number, core: number) =>
    `processor\t: ${n}\nvendor_id\t: GenuineIntel\nmodel name\t: Intel(R) Xeon(R) CPU E5-2680 v4 @ 2.40GHz\n` +
    `cpu MHz\t\t: 1197.500\ncache size\t: 35840 KB\nphysical id\t: ${socket}\ncore id\t\t: ${core}\nflags\t\t: fpu sse2\n\n`;
  const server = () =>
    host({
      "proc/cpuinfo": [0, 1, 2, 3, 4, 5, 6, 7]
        .map((n) => cpuBlock(n, n % 2, (n >> 1) % 2))
        .join(""),
      "proc/meminfo": "MemTotal:       65864056 kB\nMemFree: 1 kB\nSwapTotal:       8388604 kB\n",
      "proc/swaps":
        "Filename\tType\tSize\tUsed\tPriority\n/swapfile file 4194300 0 -3\n/dev/dm-1 partition 4194304 0 -2\n",
      "proc/sys/kernel/hostname": "worker-3\n",
      "proc/sys/kernel/osrelease": "5.14.0-362.el9.x86_64\n",
      "proc/sys/kernel/arch": "x86_64\n",
      "proc/sys/kernel/random/boot_id": "3d9a3e9e-5f5c-4b52-9e0e-1f0f6ad4e3f1\n",
      "proc/sys/vm/swappiness": "10\n",
      "proc/sys/net/ipv4/tcp_rmem": "4096\t131072\t6291456\n",
      "proc/cmdline": "root=/dev/mapper/x mitigations=off token=hunter2 quiet\n",
      "proc/stat": "cpu  1 2 3\nbtime 1700000000\n",
      "proc/self/status": "Name:\tnode\nUid:\t1000\t1000\t1000\t1000\n",
      "proc/self/cgroup": "0::/user.slice/job.scope\n",
      "proc/1/cgroup": "0::/init.scope\n",
      "sys/fs/cgroup/user.slice/cpu.max": "400000 100000\n",
      "sys/fs/cgroup/user.slice/memory.max": "max\n",
      "sys/fs/cgroup/user.slice/job.scope/cpu.max": "max 100000\n",
      "sys/fs/cgroup/user.slice/job.scope/memory.max": "1073741824\n",
      "sys/devices/system/cpu/cpu0/cpufreq/cpuinfo_max_freq": "3300000\n",
      "sys/devices/system/cpu/cpu0/cpufreq/scaling_governor": "powersave\n",
      "sys/devices/system/cpu/smt/active": "1\n",
      "sys/devices/system/node/node0/cpulist": "0-3\n",
      "sys/devices/system/node/node1/cpulist": "4-7\n",
      "sys/devices/system/clocksource/clocksource0/current_clocksource": "tsc\n",
      "sys/class/dmi/id/sys_vendor": "Dell Inc.\n",
      "sys/class/dmi/id/product_name": "PowerEdge R740\n",
      "sys/class/dmi/id/product_serial": "SERIAL77\n",
      "sys/block/sda/size": "3907029168\n",
      "sys/block/sda/queue/rotational": "1\n",
      "sys/block/sda/queue/scheduler": "none [mq-deadline] kyber\n",
      "sys/block/sda/device/model": "ST2000NX0423    \n",
      "sys/block/sda/device/vendor": "ATA     \n",
      "sys/block/sda/device/queue_depth": "32\n",
      "sys/block/dm-0/size": "2048\n",
      "sys/block/dm-0/dm/name": "vg-root\n",
      "sys/block/dm-0/dm/uuid": "LVM-SERIAL77abc\n",
      "sys/block/dm-0/slaves/sda/size": "1\n",
      "sys/block/loop0/size": "100\n",
      "sys/block/sdb/size": "0\n",
      "sys/class/net/lo/ifindex": "1\n",
      "sys/class/net/eno1/ifindex": "2\n",
      "sys/class/net/eno1/address": "52:54:00:12:34:56\n",
      "sys/class/net/eno1/speed": "25000\n",
      "sys/class/net/eno1/duplex": "full\n",
      "sys/class/net/eno1/mtu": "9000\n",
      "sys/class/net/eno1/operstate": "up\n",
      "sys/class/net/eno1/device/driver": "->../../../../bus/pci/drivers/i40e",
      "sys/class/net/veth12ab/ifindex": "7\n",
      "sys/class/net/bonding_masters": "bond0\n",
      "sys/class/net/bond0/ifindex": "5\n",
      "sys/class/net/bond0/speed": "-1\n",
      "sys/class/net/bond0/operstate": "up\n",
      "sys/class/net/bond0/uevent": "DEVTYPE=bond\nINTERFACE=bond0\n",
      "etc/os-release":
        'NAME="Rocky Linux"\nID="rocky"\nVERSION_ID=9.3\nPRETTY_NAME="Rocky Linux 9.3 (Blue Onyx)"\n',
      "etc/localtime": "->../usr/share/zoneinfo/Europe/Berlin",
    });

  it("gives hardware, kernel and limits under stable keys", () => {
    expect(server()).toEqual({
      schema: 1,
      hostname: "worker-3",
      cpu: {
        model: "Intel(R) Xeon(R) CPU E5-2680 v4 @ 2.40GHz",
        vendor: "GenuineIntel",
        sockets: 2,
        cores: 4,
        logicalCpus: 8,
        numaNodes: 2,
        simultaneousMultithreading: true,
        nominalMHz: 2400,
        maxMHz: 3300,
        cacheBytes: 35840 * 1024,
        frequencyGovernor: "powersave",
        flags: ["fpu", "sse2"],
      },
      memory: {
        totalBytes: 65864056 * 1024,
        nodes: { node0: { cpus: "0-3" }, node1: { cpus: "4-7" } },
      },
      swap: {
        totalBytes: 8388604 * 1024,
        areas: ["/dev/dm-1", "/swapfile"],
        devices: {
          "/dev/dm-1": { type: "partition", sizeBytes: 4194304 * 1024, priority: -2 },
          "/swapfile": { type: "file", sizeBytes: 4194300 * 1024, priority: -3 },
        },
      },
      kernel: {
        release: "5.14.0-362.el9.x86_64",
        architecture: "x86_64",
        commandLine: "root=/dev/mapper/x mitigations=off token=(redacted) quiet",
      },
      distribution: { id: "rocky", version: "9.3", name: "Rocky Linux 9.3 (Blue Onyx)" },
      virtualization: { hypervisor: false, vendor: "Dell Inc.", product: "PowerEdge R740" },
      disks: {
        "dm-0": {
          kind: "dm",
          sizeBytes: 1048576,
          mapperName: "vg-root",
          mapperKind: "LVM",
          restsOn: ["sda"],
        },
        sda: {
          kind: "scsi",
          sizeBytes: 3907029168 * 512,
          rotational: true,
          model: "ST2000NX0423",
          vendor: "ATA",
          scheduler: "mq-deadline",
          queueDepth: 32,
        },
      },
      fileSystems: {},
      interfaces: {
        bond0: { state: "up", virtual: true, type: "bond" },
        eno1: {
          speedMbps: 25000,
          duplex: "full",
          mtuBytes: 9000,
          driver: "i40e",
          state: "up",
          virtual: false,
        },
      },
      boot: { id: "3d9a3e9e-5f5c-4b52-9e0e-1f0f6ad4e3f1", timeMs: 1700000000000 },
      timeZone: "Europe/Berlin",
      clockSource: "tsc",
      pressureStallInformation: false,
      privilege: { uid: 1000, root: false },
      cgroup: { version: "v2", cpuLimit: 4, memoryLimitBytes: 1073741824 },
      limits: {},
      settings: {
        "vm.swappiness": "10",
        "net.ipv4.tcp_rmem": "4096 131072 6291456",
        cmdline: "mitigations=off",
      },
    });
  });

  it("holds no serial number, hardware address or secret of the boot line", () => {
    const text = JSON.stringify(server());
    for (const secret of ["SERIAL77", "52:54:00", "hunter2"]) expect(text).not.toContain(secret);
  });
});

describe("readInventory elsewhere", () => {
  it("gives what little an empty tree has, and throws nothing", () => {
    expect(host({ "proc/version": "" })).toEqual({
      schema: 1,
      cpu: { logicalCpus: 0 },
      memory: {},
      swap: {},
      kernel: {},
      distribution: {},
      virtualization: { hypervisor: false },
      disks: {},
      fileSystems: {},
      interfaces: {},
      boot: {},
      pressureStallInformation: false,
      privilege: { root: false },
      limits: {},
      settings: {},
    });
  });

  it("loses no more than a part when that fails", () => {
    const inventory = host(
      {
        "proc/meminfo": "MemTotal: 1024 kB\n",
        "sys/class/net/eth0/ifindex": "2\n",
        "sys/class/net/eth0/device/driver": "->../drivers/ena",
      },
      () => {
        throw new Error("no such tool at 10.0.0.7");
      },
    );
    expect(inventory.memory).toEqual({ totalBytes: 1048576 });
    expect(inventory.interfaces).toEqual({});
    expect(inventory.notes).toEqual(["interfaces: no such tool at (address)"]);
  });

  it("is JSON of this very machine", () => {
    const inventory = readInventory({
      procRoot: "/proc",
      sysRoot: "/sys",
      etcRoot: "/etc",
      fileRoot: "",
    });
    expect(inventory.hostname).toBe(hostname());
    expect(inventory.cpu.logicalCpus).toBeGreaterThan(0);
    expect(inventory.memory.totalBytes).toBeGreaterThan(2 ** 26);
    expect(inventory.boot.timeMs).toBeGreaterThan(1e12);
    expect(inventory.privilege.uid).toBe(process.geteuid?.());
    expect(JSON.parse(JSON.stringify(inventory))).toEqual(inventory);
  });
});

describe("virtualization", () => {
  const kind = (files: Record<string, string>) => host(files).virtualization;
  const flags = "processor : 0\nflags : fpu hypervisor\n";

  it("knows hypervisors by clock source, DMI and CPU", () => {
    const clocks = "sys/devices/system/clocksource/clocksource0/available_clocksource";
    expect(kind({ "proc/cpuinfo": flags, [clocks]: "tsc kvm-clock\n" })).toEqual({
      hypervisor: true,
      kind: "kvm",
    });
    expect(
      kind({ "proc/cpuinfo": "processor\t: 0\nvendor_id\t: User Mode Linux\nmodel name\t: UML\n" }),
    ).toEqual({
      hypervisor: true,
      kind: "uml",
    });
    expect(kind({ "sys/hypervisor/type": "xen\n" }).kind).toBe("xen");
    const dmi = (vendor: string, product: string, cpuinfo = flags) =>
      kind({
        "proc/cpuinfo": cpuinfo,
        "sys/class/dmi/id/sys_vendor": vendor,
        "sys/class/dmi/id/product_name": product,
      });
    expect(dmi("VMware, Inc.", "VMware7,1").kind).toBe("vmware");
    expect(dmi("Microsoft Corporation", "Virtual Machine").kind).toBe("hyper-v");
    expect(dmi("Amazon EC2", "m5.xlarge").kind).toBe("kvm");
    expect(dmi("Amazon EC2", "m5.metal", "processor : 0\nflags : fpu\n")).toEqual({
      hypervisor: false,
      vendor: "Amazon EC2",
      product: "m5.metal",
      cloud: "aws",
      instanceType: "m5.metal",
    });
  });

  it("takes hints of a container from cgroups and mounts", () => {
    expect(kind({ "proc/1/cgroup": "0::/kubepods.slice/pod1/x\n" }).container).toBe("kubernetes");
    expect(kind({ "proc/1/cgroup": "4:memory:/docker/0123\n" }).container).toBe("docker");
    expect(
      kind({
        "proc/1/cgroup": "0::/\n",
        "proc/self/mountinfo":
          "600 500 0:50 / / rw,relatime - overlay overlay rw\n" +
          "601 600 254:1 /var/lib/docker/containers/ab/hostname /etc/hostname rw - ext4 /dev/vda1 rw\n",
      }).container,
    ).toBe("docker");
    expect(kind({ "proc/1/cgroup": "0::/init.scope\n" }).container).toBeUndefined();
  });
});

describe("cgroup version 1", () => {
  it("finds the tightest limit up the tree and knows what no limit looks like", () => {
    const inventory = host({
      "proc/self/cgroup": "4:memory:/a/b\n3:cpu,cpuacct:/a\n0::/x\n",
      "sys/fs/cgroup/memory/a/b/memory.limit_in_bytes": "9223372036854771712\n",
      "sys/fs/cgroup/memory/a/memory.limit_in_bytes": "536870912\n",
      "sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_quota_us": "50000\n",
      "sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_period_us": "100000\n",
      "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "-1\n",
      "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "100000\n",
    });
    expect(inventory.cgroup).toEqual({ version: "v1", cpuLimit: 0.5, memoryLimitBytes: 536870912 });
  });
});
