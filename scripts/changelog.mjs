/**
 * Collects the fragments of changelog.d/ into CHANGELOG.md under a version, and deletes them:
 *
 *     npm run changelog -- 0.2.0
 *
 * A fragment is a file `<slug>.<feature|fix|change|breaking>.md` with a sentence or two, so that
 * changes made at the same time never meet in one file.
 */
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { projectRoot } from "./bootstrap.mjs";

const HEADINGS = { breaking: "Breaking", feature: "Added", change: "Changed", fix: "Fixed" };

/** @returns {{ name: string, kind: string, text: string }[]} in order of kind, then name */
export function readFragments(folder) {
  const kinds = Object.keys(HEADINGS);
  return readdirSync(folder)
    .filter((name) => name !== "README.md")
    .map((name) => {
      const kind = /^[a-z0-9-]+\.([a-z]+)\.md$/.exec(name)?.[1];
      if (!kind || !kinds.includes(kind)) {
        throw new Error(`changelog.d/${name}: name it <slug>.<${kinds.join("|")}>.md`);
      }
      return { name, kind, text: readFileSync(join(folder, name), "utf8").trim() };
    })
    .sort((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind) || (a.name < b.name ? -1 : 1));
}

/** The changelog with a section for the version put before the newest one. */
export function withVersion(changelog, version, date, fragments) {
  const sections = Object.entries(HEADINGS).flatMap(([kind, heading]) => {
    const lines = fragments
      .filter((fragment) => fragment.kind === kind)
      .map(({ text }) => `- ${text.replace(/\n/g, "\n  ")}`);
    return lines.length > 0 ? [`### ${heading}\n\n${lines.join("\n")}\n`] : [];
  });
  const section = `## ${version} (${date})\n\n${sections.join("\n")}`;
  const newest = changelog.search(/^## /m);
  return newest < 0
    ? `${changelog.trimEnd()}\n\n${section}`
    : `${changelog.slice(0, newest)}${section}\n${changelog.slice(newest)}`;
}

function main() {
  const version = process.argv[2] ?? "";
  if (!/^\d+\.\d+\.\d+$/.test(version)) {
    console.error("usage: npm run changelog -- VERSION");
    process.exit(2);
  }
  const folder = join(projectRoot, "changelog.d");
  const file = join(projectRoot, "CHANGELOG.md");
  const fragments = readFragments(folder);
  const date = new Date().toISOString().slice(0, 10);
  writeFileSync(file, withVersion(readFileSync(file, "utf8"), version, date, fragments));
  for (const { name } of fragments) rmSync(join(folder, name));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
