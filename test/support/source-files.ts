/** The project's own source files, read as text: what tests about the code itself look at. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const projectRoot = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

export interface SourceFile {
  /** From the project's root: `src/counter/cook.ts`. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly Import[];
}

export interface Import {
  /** As written: `./cook.ts`, `node:fs`. */
  readonly specifier: string;
  /** From the project's root, for a relative import. */
  readonly target: string | undefined;
  readonly typesOnly: boolean;
}

const IMPORT =
  /^\s*(?:import|export)\s+(type\s+)?(?:[^"';]*?\sfrom\s+)?"([^"]+)"|\bimport\(\s*"([^"]+)"\s*,?\s*\)/gm;

export function sourceFiles(folder: string, extension = ".ts"): SourceFile[] {
  return readdirSync(join(projectRoot, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(extension))
    .map((entry) => sourceFile(join(entry.parentPath, entry.name)))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

function sourceFile(absolute: string): SourceFile {
  const text = readFileSync(absolute, "utf8");
  return { path: relative(projectRoot, absolute), text, imports: importsOf(text, absolute) };
}

/** Static and dynamic imports and re-exports. `typeof import("x")` counts as a type import. */
export function importsOf(text: string, absolute: string): Import[] {
  const code = withoutComments(text);
  return [...code.matchAll(IMPORT)].map((match) => {
    const specifier = match[2] ?? match[3]!;
    const before = code.slice(Math.max(0, match.index - 10), match.index);
    const typesOnly =
      match[1] !== undefined || (match[3] !== undefined && /(typeof|:)\s*$/.test(before));
    const target = specifier.startsWith(".")
      ? relative(projectRoot, resolve(dirname(absolute), specifier))
      : undefined;
    return { specifier, target, typesOnly };
  });
}

/** Code without its comments; strings are left as they are. */
export function withoutComments(text: string): string {
  return text.replace(
    /("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`)|\/\*[\s\S]*?\*\/|(?<![:\\])\/\/[^\n]*/g,
    (_all, text: string | undefined) => text ?? "",
  );
}
