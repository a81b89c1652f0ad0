/**
 * A fixture host in one text file, `host.txt`, in place of the folders `1` and `2`: as the hosts of
 * the inventory (`test/support/host-tree.ts`), with paths that begin with the snapshot's number.
 */
import { existsSync, mkdirSync, readFileSync, readdirSync, readlinkSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

export const HOST_TEXT = "host.txt";

/** Writes what is in a host's text as folders and files. Does nothing where the host is folders. */
export function unfoldHost(folder: string, to: string): boolean {
  const file = join(folder, HOST_TEXT);
  if (!existsSync(file)) return false;
  for (const [path, text] of Object.entries(readHostText(file))) {
    const target = join(to, path);
    mkdirSync(dirname(target), { recursive: true });
    if (text.startsWith("->")) symlinkSync(text.slice(2), target);
    else writeFileSync(target, text, "latin1");
  }
  for (const name of ["1", "2"]) mkdirSync(join(to, name), { recursive: true });
  if (!existsSync(join(to, "gone.txt"))) writeFileSync(join(to, "gone.txt"), "");
  return true;
}

/** The text of a host that is folders, as `scripts/capture-host.ts` makes them. */
export function foldHost(folder: string, comment: string): string {
  const parts = [`${comment}\n`];
  for (const path of filesBelow(folder)) {
    if (!/^([12]\/|gone\.txt$)/.test(path)) continue;
    const link = linkTarget(join(folder, path));
    if (link !== undefined) parts.push(`\n== ${path} -> ${link}\n`);
    else {
      const text = readFileSync(join(folder, path), "latin1").replace(/\0/g, "^@");
      parts.push(`\n== ${path}\n${text === "" || text.endsWith("\n") ? text : `${text}\n`}`);
    }
  }
  return parts.join("");
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

function linkTarget(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

/** Reads the one-text form. Lines before the first `==` are comments. */
function parseHostText(text: string): Record<string, string> {
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
    else files[file] = content === "\n" ? "" : content.replace(/\n\n+$/, "\n");
  }
  return files;
}

export function readHostText(path: string): Record<string, string> {
  return parseHostText(readFileSync(path, "utf8"));
}
