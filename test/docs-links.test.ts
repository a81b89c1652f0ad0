import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { projectRoot } from "./support/source-files.ts";

const pages = [
  ...readdirSync(projectRoot).filter((name) => name.endsWith(".md")),
  ...readdirSync(join(projectRoot, "docs"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => join("docs", name)),
];

describe("documentation", () => {
  it.each(pages)("%s links to pages that exist", (page) => {
    const text = readFileSync(join(projectRoot, page), "utf8").replace(/^```[^]*?^```/gm, "");
    const targets = [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map((match) => match[1]!);
    const missing = targets.filter(
      (target) => !existsSync(join(projectRoot, dirname(page), target)),
    );
    expect(missing).toEqual([]);
  });

  it("is linked from the README, page by page", () => {
    const readme = readFileSync(join(projectRoot, "README.md"), "utf8");
    const top = pages.filter((page) => /^docs\/[^/]+\.md$/.test(page));
    expect(top.length).toBeGreaterThan(2);
    expect(top.filter((page) => !readme.includes(`(${page})`))).toEqual([]);
  });
});
