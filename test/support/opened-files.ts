/** Which files a piece of code opens: Node's own functions are listened to while it runs. */
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

const LISTENED = ["openSync", "readFileSync", "existsSync"] as const;

/** @returns paths of the regular files below a folder that were opened, each once, sorted */
export function openedFiles(folder: string, run: () => void): string[] {
  const opened = new Set<string>();
  const originals = LISTENED.map((name) => [name, fs[name]] as const);
  const note = (path: unknown): void => {
    const text = String(path);
    if (!text.startsWith(`${folder}/`)) return;
    if (fs.statSync(text, { throwIfNoEntry: false })?.isFile()) opened.add(text);
  };
  for (const [name, original] of originals) {
    const listening = (path: unknown, ...rest: unknown[]): unknown => {
      note(path);
      return Reflect.apply(original, fs, [path, ...rest]);
    };
    Object.assign(fs, { [name]: listening });
  }
  syncBuiltinESMExports();
  try {
    run();
  } finally {
    for (const [name, original] of originals) Object.assign(fs, { [name]: original });
    syncBuiltinESMExports();
  }
  return [...opened].sort();
}
