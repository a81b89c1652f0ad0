import { describe, expect, it } from "vitest";
import { ByteScanner } from "../util/byte-scanner.ts";
import { buddyinfoTable } from "./buddyinfo.ts";
import { LoadAvg } from "./loadavg.ts";
import { meminfoTable } from "./meminfo.ts";
import { Pressure } from "./pressure.ts";
import { isSnmpGauge, snmpTable } from "./snmp.ts";
import { sockstatTable } from "./sockstat.ts";
import { softirqsTable } from "./softirqs.ts";
import { SoftnetStat } from "./softnet-stat.ts";
import { hundredths } from "./uptime.ts";
import { isVmstatCounter } from "./vmstat.ts";
import type { NumberTable } from "../util/number-table.ts";

const scanner = (text: string): ByteScanner => new ByteScanner().reset(Buffer.from(text, "latin1"));

function read(table: NumberTable, text: string): Record<string, number> {
  table.read(scanner(text));
  return Object.fromEntries(
    table.names.flatMap((name, i) => (name === undefined ? [] : [[name, table.values[i]!]])),
  );
}

describe("/proc/loadavg", () => {
  it("gives load in hundredths, and threads", () => {
    const load = new LoadAvg();
    load.read(scanner("12.05 0.11 100.50 3/1292 5472\n"));
    expect(load).toEqual({ load1: 1205, load5: 11, load15: 10050, runnable: 3, threads: 1292 });
  });
});

describe("/proc/uptime", () => {
  it("gives hundredths of a second", () => {
    const text = scanner("1243.07 2392.18\n");
    expect([hundredths(text), hundredths(text)]).toEqual([124307, 239218]);
  });
});

describe("/proc/pressure", () => {
  const some = "some avg10=4.92 avg60=2.75 avg300=0.86 total=14246230\n";
  const full = "full avg10=0.00 avg60=0.00 avg300=0.00 total=77\n";

  it.each([
    ["both lines", some + full, true, true],
    ["cpu before 5.13", some, true, false],
    ["irq", full, false, true],
    ["nothing", "", false, false],
    ["lines without numbers", "some\nfull\n", false, false],
  ])("tells what is there of %s", (_, text, isSome, isFull) => {
    const pressure = new Pressure();
    pressure.read(scanner(some + full));
    pressure.read(scanner(text));
    expect([pressure.some.isThere, pressure.full.isThere]).toEqual([isSome, isFull]);
  });

  it("gives microseconds, and averages in hundredths", () => {
    const pressure = new Pressure();
    pressure.read(scanner(some + full));
    expect(pressure.some).toEqual({
      isThere: true,
      totalUs: 14246230,
      avg10: 492,
      avg60: 275,
      avg300: 86,
    });
    expect(pressure.full.totalUs).toBe(77);
  });
});

describe("/proc/net/snmp", () => {
  it("names numbers after their section and the line above", () => {
    const text = "Tcp: MaxConn InSegs\nTcp: -1 42\nIcmpMsg: InType3\nIcmpMsg: 7\n";
    expect(read(snmpTable(), text)).toEqual({
      "Tcp.MaxConn": -1,
      "Tcp.InSegs": 42,
      "IcmpMsg.InType3": 7,
    });
  });

  it("names nothing where names and numbers do not pair up", () => {
    expect(read(snmpTable(), "Tcp: MaxConn InSegs\nTcp: 1\nUdp: 3 4\n")).toEqual({});
  });

  it("knows gauges", () => {
    expect(["Tcp.CurrEstab", "Tcp.InSegs"].map(isSnmpGauge)).toEqual([true, false]);
  });
});

describe("/proc/net/sockstat", () => {
  it("names numbers after the word before", () => {
    expect(read(sockstatTable(), "sockets: used 15\nTCP: inuse 1 orphan 0 tw 9\n")).toEqual({
      "sockets.used": 15,
      "TCP.inuse": 1,
      "TCP.orphan": 0,
      "TCP.tw": 9,
    });
  });
});

describe("/proc/meminfo", () => {
  it("names numbers after their line", () => {
    expect(read(meminfoTable(), "Active(anon):   12 kB\nHugePages_Total:       3\n")).toEqual({
      "Active(anon)": 12,
      HugePages_Total: 3,
    });
  });
});

describe("/proc/softirqs", () => {
  it("names numbers after kind and CPU", () => {
    const text =
      "                    CPU0       CPU2\n          HI:          1          2\n      NET_RX:         30         40\n";
    expect(read(softirqsTable(), text)).toEqual({
      "hi.0": 1,
      "hi.2": 2,
      "net_rx.0": 30,
      "net_rx.2": 40,
    });
  });
});

describe("/proc/net/softnet_stat", () => {
  const parse = (text: string): SoftnetStat => {
    const stat = new SoftnetStat();
    stat.read(scanner(text));
    return stat;
  };

  it("reads hexadecimal lines, and whose they are", () => {
    const stat = parse(
      "0000beef 00000001 0000000A 0 0 0 0 0 00000002 00000003 00000004 00000005 00000000 00000000 00000000\n" +
        "ffffffff 00000000 00000000 0 0 0 0 0 00000000 00000000 00000000 00000000 00000003 00000000 00000000\n",
    );
    expect([stat.count, stat.columns, ...stat.cpus]).toEqual([2, 15, 0, 3]);
    expect([...stat.values.subarray(0, 15)]).toEqual([
      0xbeef, 1, 10, 0, 0, 0, 0, 0, 2, 3, 4, 5, 0, 0, 0,
    ]);
    expect(stat.values[15]).toBe(0xffffffff);
  });

  it("numbers the lines of old kernels itself", () => {
    const stat = parse("00000001 0 0 0 0 0 0 0 0 0 0\n00000002 0 0 0 0 0 0 0 0 0 0\n");
    expect([stat.count, stat.columns, ...stat.cpus]).toEqual([2, 11, 0, 1]);
  });
});

describe("/proc/buddyinfo", () => {
  it("names numbers after node, zone and order", () => {
    expect(
      read(
        buddyinfoTable(),
        "Node 0, zone      DMA      0      3\nNode 1, zone   Normal     12      7\n",
      ),
    ).toEqual({
      "buddy.0.DMA.0": 0,
      "buddy.0.DMA.1": 3,
      "buddy.1.Normal.0": 12,
      "buddy.1.Normal.1": 7,
    });
  });
});

describe("/proc/vmstat", () => {
  it("tells counters from gauges", () => {
    const counters = [
      "pgfault",
      "nr_written",
      "nr_vmscan_write",
      "allocstall_dma",
      "workingset_refault_file",
      "numa_hit",
    ];
    const gauges = [
      "nr_dirty",
      "nr_unstable",
      "workingset_nodes",
      "nr_dirty_threshold",
      "something_new",
    ];
    expect(counters.filter((name) => !isVmstatCounter(name))).toEqual([]);
    expect(gauges.filter(isVmstatCounter)).toEqual([]);
  });
});
