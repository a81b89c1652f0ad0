/** Keys of an inventory, and those that its documentation has. */

/**
 * Keys in the first columns of the tables: `cpu.model` in backticks, `.vendor` beside it is
 * `cpu.vendor`. Words in capitals stand for names: `disks.NAME.model`.
 */
export function documentedKeys(markdown: string): Set<string> {
  const keys = new Set<string>();
  for (const line of markdown.split("\n")) {
    const cell = /^\|([^|]*)\|/.exec(line)?.[1];
    if (cell === undefined) continue;
    let prefix = "";
    for (const [, key = ""] of cell.matchAll(/`([\w.]+)`/g)) {
      const full = key.startsWith(".") ? prefix + key : key;
      if (!key.startsWith(".")) prefix = key.slice(0, Math.max(0, key.lastIndexOf(".")));
      keys.add(full);
    }
  }
  return keys;
}

/** Keys of all values, with names as the documentation has them: `disks.NAME.model`. */
export function keysOf(inventory: unknown, documented: ReadonlySet<string>): string[] {
  const keys: string[] = [];
  const walk = (value: unknown, key: string) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      keys.push(key);
      return;
    }
    for (const [name, inner] of Object.entries(value)) {
      const prefix = key === "" ? "" : `${key}.`;
      const placeholder = [...documented]
        .map((known) => (known.startsWith(prefix) ? known.slice(prefix.length).split(".")[0]! : ""))
        .find((word) => /^[A-Z]+$/.test(word));
      walk(inner, prefix + (placeholder ?? name));
    }
  };
  walk(inventory, "");
  return keys;
}
