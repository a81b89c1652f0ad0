import { describe, expect, it } from "vitest";
import { ByteScanner } from "../util/byte-scanner.ts";
import { ethtoolTable, withoutQueue } from "./ethtool-statistics.ts";

describe("ethtoolTable", () => {
  it("reads names of one and of many words, and those that repeat", () => {
    const table = ethtoolTable();
    const text =
      "NIC statistics:\n     rx_drops: 12\n  Tx Queue#: 0\n    drv dropped tx total: 3\n" +
      "  Tx Queue#: 1\n    drv dropped tx total: 4\n     [0]: rx_discards: 5\n";
    table.read(new ByteScanner().reset(Buffer.from(text)));
    expect(table.names.map((name, i) => [name, table.values[i]])).toEqual([
      ["rx_drops", 12],
      ["Tx Queue#", 0],
      ["drv dropped tx total", 3],
      ["Tx Queue#", 1],
      ["drv dropped tx total", 4],
      ["[0]: rx_discards", 5],
    ]);
  });
});

describe("withoutQueue", () => {
  it.each([
    ["rx_queue_3_drops", "rx_queue_#_drops"],
    ["rx12_xdp_drops", "rx#_xdp_drops"],
    ["queue_3_rx_page_alloc_fail", "queue_#_rx_page_alloc_fail"],
    ["tx-3.tx_bytes", "tx-#.tx_bytes"],
    ["[3]: rx_discards", "[#]: rx_discards"],
    ["rx_queue_drop_cnt[3]", "rx_queue_drop_cnt[#]"],
    ["ch0_poll", "ch#_poll"],
    // No queues: priorities, sizes, layers.
    ["rx_prio3_discards", "rx_prio3_discards"],
    ["rx_l3_csum_err", "rx_l3_csum_err"],
    ["rx_65_to_127_bytes_phy", "rx_65_to_127_bytes_phy"],
  ])("%s is %s", (name, expected) => {
    expect(withoutQueue(name)).toBe(expected);
  });
});
