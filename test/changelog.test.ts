import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readFragments, withVersion } from "../scripts/changelog.mjs";
import { projectRoot } from "./support/source-files.ts";

describe("changelog.d", () => {
  it("holds fragments with good names and a text", () => {
    const fragments = readFragments(join(projectRoot, "changelog.d"));
    expect(fragments.filter(({ text }) => text.length < 10)).toEqual([]);
  });

  it("becomes a section, breaking changes first, before the newest one", () => {
    const folder = mkdtempSync(join(tmpdir(), "perfmon-changelog-"));
    writeFileSync(join(folder, "b.fix.md"), "Fixed b.\n");
    writeFileSync(join(folder, "a.breaking.md"), "Broke a,\nfor good.\n");
    const fragments = readFragments(folder);
    rmSync(folder, { recursive: true });
    expect(
      withVersion("# Changelog\n\n## 0.1.0 (2026-01-01)\n", "0.2.0", "2026-02-02", fragments),
    ).toBe(
      "# Changelog\n\n## 0.2.0 (2026-02-02)\n\n### Breaking\n\n- Broke a,\n  for good.\n\n### Fixed\n\n- Fixed b.\n\n## 0.1.0 (2026-01-01)\n",
    );
  });

  it("refuses a fragment that nobody would find", () => {
    const folder = mkdtempSync(join(tmpdir(), "perfmon-changelog-"));
    writeFileSync(join(folder, "b.txt"), "x");
    expect(() => readFragments(folder)).toThrow(/b\.txt/);
    rmSync(folder, { recursive: true });
  });
});
