import { expect, test } from "vitest";
import { naturalOrder } from "./natural-order.ts";

test("numbers in names count by their value", () => {
  const names = ["cpu10", "cpu2", "sdb", "cpu", "sda1", "sda", "eth1.20", "eth1.3", "01", "1", "0"];
  expect(names.sort(naturalOrder)).toEqual([
    "0",
    "01",
    "1",
    "cpu",
    "cpu2",
    "cpu10",
    "eth1.3",
    "eth1.20",
    "sda",
    "sda1",
    "sdb",
  ]);
});

test("a name equals only itself", () => {
  expect(naturalOrder("node0", "node0")).toBe(0);
  expect(naturalOrder("node0", "node00")).not.toBe(0);
});
