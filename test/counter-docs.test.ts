import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { counterDocs } from "../scripts/counter-docs.ts";
import { collectors } from "../src/collectors/all.ts";

const folder = fileURLToPath(new URL("../docs/counters", import.meta.url));

describe("docs/counters", () => {
  const pages = counterDocs();

  it("are what the declarations say (stale? npm run docs)", () => {
    expect(readdirSync(folder).sort()).toEqual([...pages.keys()].sort());
    for (const [file, text] of pages) expect(readFileSync(`${folder}/${file}`, "utf8")).toBe(text);
  });

  it("have a page per object, on which every counter is explained", () => {
    expect(pages.size).toBe(collectors.length + 1);
    for (const { object } of collectors) {
      const page = [...pages.values()].find((text) => text.startsWith(`# ${object.name}\n`));
      expect(page, object.name).toBeDefined();
      const headings = page!.match(/^## .*$/gm);
      expect(headings).toHaveLength(object.counters.length);
    }
  });
});
