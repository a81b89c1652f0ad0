/** The one-file agent: needs nothing but Node's own modules and no newer syntax than ES2019. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { builtinModules } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { transformSync } from "rolldown/utils";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { collectors } from "../src/collectors/all.ts";
import { projectRoot } from "./support/source-files.ts";

let folder = "";
let bundle = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "perfmon-bundle-"));
  const built = spawnSync(
    join(projectRoot, "node_modules", ".bin", "rolldown"),
    ["-c", "rolldown.config.ts", "--logLevel", "warn"],
    { cwd: projectRoot, encoding: "utf8", env: { ...process.env, AGENT_BUNDLE_FOLDER: folder } },
  );
  expect(built.status, built.stderr).toBe(0);
  bundle = readFileSync(join(folder, "agent.cjs"), "utf8");
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the agent bundle", () => {
  it("requires only Node's own modules, by the names that Node 12 knows", () => {
    const required = [...bundle.matchAll(/\brequire\("([^"]+)"\)/g)].map((match) => match[1]!);
    expect(required).toContain("fs");
    expect(required.filter((name) => !builtinModules.includes(name))).toEqual([]);
    expect(bundle).not.toMatch(/^import\s|\bimport\(|\bimport\.meta\b/m);
  });

  it("is one file of our own code", () => {
    const modules = [...bundle.matchAll(/^\/\/ (?!#)(\S+\.[cm]?[jt]s)$/gm)].map(
      (match) => match[1]!,
    );
    expect(modules.length).toBeGreaterThan(10);
    // rolldown's and oxc's own small helpers start with \0.
    expect(modules.filter((name) => !/^(src\/|\\0)/.test(name))).toEqual([]);
  });

  it("has no syntax newer than ES2019", () => {
    // Lowering what is lowered already changes nothing; both sides go through the same printer.
    expect(lowered(bundle, "es2019")).toBe(lowered(bundle, "esnext"));
    expect(lowered("a?.b", "es2019")).not.toBe(lowered("a?.b", "esnext"));
    // Of its text, not of what is packed in it.
    const code = bundle.replace(/"[A-Za-z0-9+/=]{1000,}"/g, '""');
    expect(code.length).toBeLessThan(bundle.length);
    expect(code).not.toMatch(/\d_\d{3}\b(?!["'\w])|\d+n\b/);
  });

  it("is Latin-1: one character beyond, and V8 keeps its text with two bytes each", () => {
    expect(bundle).not.toMatch(/[^\x00-\xff]/);
  });

  it("has no explanations of counters, which it never shows", () => {
    const explained = collectors.flatMap(({ object }) => [object, ...object.counters]);
    const kept = explained.filter(({ help }) => bundle.includes(help.slice(0, 40)));
    expect(kept.map(({ name }) => name)).toEqual([]);
  });

  it("starts, and shows its help", () => {
    const help = spawnSync(process.execPath, [join(folder, "agent.cjs"), "--help"], {
      encoding: "utf8",
      env: { PATH: process.env["PATH"] },
      cwd: folder,
    });
    expect(help.stderr).toBe("");
    expect(help.status).toBe(0);
    expect(help.stdout).toContain("record");
  });
});

function lowered(code: string, target: string): string {
  const result = transformSync("bundle.cjs", code, { target, lang: "js", sourceType: "script" });
  expect(result.errors).toEqual([]);
  return result.code;
}
