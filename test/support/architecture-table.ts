/** Reads the import table of ARCHITECTURE.md: what each folder of `src` may import. */
export interface Layer {
  /** `counter`, for `src/counter`. */
  readonly name: string;
  /** Layers it may import, itself included. */
  readonly imports: ReadonlySet<string>;
  /** Layers of which it may import types only. */
  readonly typeImports: ReadonlySet<string>;
}

/**
 * Rows look like ``| `src/store` | what it holds | counter, util, analysis (types only) |``; the last
 * cell is a list, `-`, `all`, or `all but cli`.
 */
export function readArchitectureTable(markdown: string): Map<string, Layer> {
  const rows = [...markdown.matchAll(/^\| *`src\/([a-z]+)` *\|[^|]*\|([^|]+)\|$/gm)];
  const names = rows.map((row) => row[1]!);
  const layers = new Map<string, Layer>();
  for (const row of rows) {
    const name = row[1]!;
    const imports = new Set([name]);
    const typeImports = new Set<string>();
    const cell = row[2]!.trim();
    const all = /^all(?: but ([a-z, ]+))?$/.exec(cell);
    if (all) {
      const but = new Set((all[1] ?? "").split(",").map((word) => word.trim()));
      for (const other of names) if (!but.has(other)) imports.add(other);
    } else if (cell !== "-") {
      for (const item of cell.split(",")) {
        const parsed = /^([a-z]+)(?: \(([a-z ]*types[a-z ]*)\))?$/.exec(item.trim());
        if (!parsed || !names.includes(parsed[1]!)) {
          throw new Error(`ARCHITECTURE.md: src/${name} may import "${item.trim()}"?`);
        }
        (parsed[2] ? typeImports : imports).add(parsed[1]!);
      }
    }
    layers.set(name, { name, imports, typeImports });
  }
  return layers;
}
