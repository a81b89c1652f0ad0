/**
 * `/proc/zoneinfo`: per memory zone its size, watermarks and statistics, in pages; since 4.8 those
 * of a NUMA node stand above those of its first zone. Text as of `zoneinfo_show_print` in the
 * kernel's `mm/vmstat.c`. After the numbers of a zone comes a paragraph per CPU (`pagesets`), which
 * is most of the file on large hosts and is passed over.
 */
import type { ByteScanner } from "../util/byte-scanner.ts";
import { NumberTable } from "../util/number-table.ts";

const NEWLINE = 10;
const CAPITAL_N = 78;

/** Before the names of numbers that are of the node, not of the zone. */
export const NODE_PREFIX = "node.";

/** A zone: names as in the file (`free`, `nr_mlock`), those of its node as `node.nr_dirty`. */
export class Zone {
  node = "";
  name = "";
  readonly numbers: NumberTable;
  private ofNode = false;

  constructor() {
    this.numbers = new NumberTable((words) => this.nameNumbers(words), "pagesets");
  }

  /** `Node 0, zone DMA`, `per-node stats`, `pages free 3840`, `nr_mlock 0`. */
  private nameNumbers(words: readonly string[]): (string | undefined)[] {
    if (words[0] === "Node" && words[2] === "zone") {
      this.node = words[1]!.replace(",", "");
      this.name = words[3] ?? "";
      this.ofNode = false;
    } else if (words[0] === "per-node") this.ofNode = true;
    else if (words[0] === "pages") this.ofNode = false;
    const prefix = this.ofNode ? NODE_PREFIX : "";
    const last = words[0] === "pages" ? 2 : 1;
    return words.map((_, i) => (i === last ? prefix + words[i - 1] : undefined));
  }
}

export class ZoneInfo {
  /** In the order of the file; those that have no memory (now) too. */
  readonly zones: Zone[] = [];
  /** Raised whenever zones or the names of their numbers have changed. */
  version = 0;
  /** Length of the text. */
  sizeBytes = 0;

  /** @throws when there are none */
  read(scanner: ByteScanner): void {
    const { zones } = this;
    const { end, bytes } = scanner;
    this.sizeBytes = end - scanner.position;
    let count = 0;
    for (let p = startOfZone(bytes, scanner.position, end); p < end; count++) {
      const next = startOfZone(bytes, p + 1, end);
      if (count === zones.length) zones.push(new Zone());
      const { numbers } = zones[count]!;
      const { names } = numbers;
      scanner.position = p;
      scanner.end = next;
      numbers.read(scanner);
      if (numbers.names !== names) this.version++;
      p = next;
    }
    scanner.position = scanner.end = end;
    if (count === 0) throw new Error("there are no zones in it");
    if (count < zones.length) {
      zones.length = count;
      this.version++;
    }
  }
}

/** Where the next line begins with `Node`: no other does with a capital N. */
function startOfZone(bytes: Uint8Array, from: number, end: number): number {
  for (let p = from; p < end; p++) {
    p = bytes.indexOf(CAPITAL_N, p);
    if (p < 0) return end;
    if (p === 0 || bytes[p - 1] === NEWLINE) return Math.min(p, end);
  }
  return end;
}
