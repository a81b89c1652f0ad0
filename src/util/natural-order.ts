/**
 * Order of names for `sort`, numbers in them by value: `cpu2` before `cpu10`. Not `localeCompare`:
 * its collation data would stay in the agent's memory, 2 MB for a sort at the start.
 */
export function naturalOrder(a: string, b: string): number {
  const left = parts(a);
  const right = parts(b);
  for (let i = 0; i < left.length && i < right.length; i++) {
    const [x, y] = [left[i]!, right[i]!];
    // Parts take turns: text, number, text, ...
    const difference = i % 2 === 1 ? Number(x) - Number(y) : compare(x, y);
    if (difference !== 0) return difference;
  }
  return left.length - right.length || compare(a, b);
}

function parts(name: string): string[] {
  return name.split(/(\d+)/);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
