/**
 * The inventory of every fixture host, against a golden file; and the documentation, which must name
 * every key that there is, and none that there is not. After a wanted change:
 * `npx vitest run test/inventory -u`, and read the difference.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readInventory, type Inventory } from "../../src/inventory/inventory.ts";
import { FixtureHost, fixtureHosts } from "../hosts/fixture-host.ts";
import { inventoryOf, readHostText, toolsOf } from "../support/host-tree.ts";
import { documentedKeys, keysOf } from "../support/inventory-keys.ts";
import { projectRoot } from "../support/source-files.ts";

const FIXTURES = join(import.meta.dirname, "fixtures");

/** Hosts made by hand for the inventory, and those that the collectors are tested with. */
const byHand = readdirSync(FIXTURES).map((name) => name.replace(/\.host$/, ""));

/** Of every host once: the trees are made and removed by the test that is first. */
const read = new Map<string, Inventory>();

function fixtureInventory(name: string): Inventory {
  const known = read.get(name);
  if (known) return known;
  const files = readHostText(join(FIXTURES, `${name}.host`));
  const inventory = inventoryOf(files, toolsOf(files));
  read.set(name, inventory);
  return inventory;
}

function capturedInventory(name: string): Inventory {
  const known = read.get(name);
  if (known) return known;
  const host = new FixtureHost(name);
  try {
    const inventory = readInventory({ ...host.context, fileRoot: host.folder });
    read.set(name, inventory);
    return inventory;
  } finally {
    host.remove();
  }
}

describe("the inventory of", () => {
  it.each(byHand)("%s", async (name) => {
    const text = `${JSON.stringify(fixtureInventory(name), undefined, 2)}\n`;
    await expect(text).toMatchFileSnapshot(`golden/${name}.json`);
  });

  it.each(fixtureHosts())("%s, a host of the collectors", async (name) => {
    const text = `${JSON.stringify(capturedInventory(name), undefined, 2)}\n`;
    await expect(text).toMatchFileSnapshot(`golden/${name}.json`);
  });
});

describe("what is left out", () => {
  it.each(byHand)("of %s: secrets, serial numbers, addresses, ids", (name) => {
    const { boot: _, ...inventory } = fixtureInventory(name);
    const text = JSON.stringify(inventory);
    for (const planted of [/hunter2/, /SERIAL77/, /AKIA/, /AveryPrivateId/i, /user=svc|username/]) {
      expect(text).not.toMatch(planted);
    }
    expect(text).not.toMatch(/\b\d{1,3}(\.\d{1,3}){3}\b(?<!0\.0\.0\.0)/);
    expect(text).not.toMatch(/\b([0-9a-f]{2}[:-]){5}[0-9a-f]{2}\b/i);
    expect(text).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/i);
    expect(text).not.toMatch(/[0-9a-f]{32}/i);
  });

  it("was planted", () => {
    const planted = byHand
      .map((name) => readFileSync(join(FIXTURES, `${name}.host`), "utf8"))
      .join("");
    for (const word of ["hunter2", "SERIAL77", "AKIA", "52:54:00", "10.20.30."]) {
      expect(planted.split(word).length).toBeGreaterThan(1);
    }
  });
});

describe("docs/inventory.md", () => {
  const documented = documentedKeys(readFileSync(join(projectRoot, "docs/inventory.md"), "utf8"));
  const seenKeys = () =>
    new Set(
      [...byHand.map(fixtureInventory), ...fixtureHosts().map(capturedInventory)].flatMap(
        (inventory) => keysOf(inventory, documented),
      ),
    );

  it("has every key that an inventory has", () => {
    const seen = seenKeys();
    expect([...seen].filter((key) => !documented.has(key)).sort()).toEqual([]);
    expect(seen.size).toBeGreaterThan(150);
  });

  it("has no key that no fixture host shows", () => {
    const seen = seenKeys();
    expect([...documented].filter((key) => !seen.has(key)).sort()).toEqual([]);
  });
});
