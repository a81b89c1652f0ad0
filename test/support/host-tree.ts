/**
 * A host of files in a temporary folder, for tests of the inventory: below it `proc`, `sys`, `etc`
 * and whatever else. Written as a map, or as one text in which `== path` begins a file, `== path ->
 * target` is a link, and `^@` stands for a NUL byte.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import type { RunTool } from "../../src/inventory/host-files.ts";
import {
  readInventory,
  type Inventory,
  type InventoryRoots,
} from "../../src/inventory/inventory.ts";

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

/** Reads the one-text form. Lines before the first `==` are comments. */
export function parseHostText(text: string): Record<string, string> {
  const files: Record<string, string> = {};
  let path = "";
  for (const line of text.split("\n")) {
    const heading = /^== (\S.*?)(?: -> (.+))?$/.exec(line);
    if (heading) {
      path = heading[1]!;
      files[path] = heading[2] === undefined ? "" : `->${heading[2]}`;
    } else if (path !== "") files[path] += `${line.replaceAll("^@", "\0")}\n`;
  }
  for (const [file, content] of Object.entries(files)) {
    if (content.startsWith("->")) files[file] = content.trimEnd();
    // What a process was started with ends with a NUL byte.
    else if (/\0\n*$/.test(content)) files[file] = content.replace(/\n+$/, "");
    else files[file] = content.replace(/\n\n+$/, "\n");
  }
  return files;
}

export function readHostText(path: string): Record<string, string> {
  return parseHostText(readFileSync(path, "utf8"));
}

/** Programs as files of the host: `tools/ethtool -k eth0` holds what that prints. */
export function toolsOf(files: HostFilesByPath): RunTool {
  return (program, args) => files[`tools/${[program, ...args].join(" ")}`] ?? "";
}
