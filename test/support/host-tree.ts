/**
 * A host of files in a temporary folder, for tests of the inventory: below it `proc`, `sys`, `etc`
 * and whatever else. Written as a map, or as one text in which `== path` begins a file, `== path ->
 * target` is a link, and `^@` stands for a NUL byte.
 */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import type { RunTool } from "../../src/inventory/host-files.ts";
import {
  readInventory,
  type Inventory,
  type InventoryRoots,
} from "../../src/inventory/inventory.ts";

export { readHostText } from "../hosts/host-text.ts";

/** By path; a value that begins with `->` is a symbolic link. */
export type HostFilesByPath = Readonly<Record<string, string>>;

/** Makes the folder, which is removed after the test. @returns its path */
export function makeHostTree(files: HostFilesByPath): string {
  const root = mkdtempSync(join(tmpdir(), "perfmon-host-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    if (text.startsWith("->")) symlinkSync(text.slice(2), file);
    else writeFileSync(file, text);
  }
  return root;
}

export function rootsIn(root: string): InventoryRoots {
  return {
    procRoot: join(root, "proc"),
    sysRoot: join(root, "sys"),
    etcRoot: join(root, "etc"),
    fileRoot: root,
  };
}

/** The inventory of such a host. */
export function inventoryOf(files: HostFilesByPath, runTool?: RunTool): Inventory {
  return readInventory(rootsIn(makeHostTree(files)), runTool);
}

/** Programs as files of the host: `tools/ethtool -k eth0` holds what that prints. */
export function toolsOf(files: HostFilesByPath): RunTool {
  return (program, args) => files[`tools/${[program, ...args].join(" ")}`] ?? "";
}
