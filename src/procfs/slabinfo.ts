/**
 * `/proc/slabinfo`, version 2: a line per cache of kernel objects. Only root may read it.
 * `name active_objs num_objs objsize objperslab pagesperslab : tunables 0 0 0 : slabdata active num 0`
 */
import type { ByteScanner } from "../util/byte-scanner.ts";

/** Numbers kept per cache: objects in use, objects there is room for, pages that they take. */
export const SLAB_WIDTH = 3;

const HASH = 35;
const LETTER_S = 115;
const NUMBERS = 5;

export interface SlabCacheLine {
  readonly name: string;
  readonly objectBytes: number;
}

export class SlabInfo {
  /** In the order of the file; another object for a line that has become another cache's. */
  readonly caches: SlabCacheLine[] = [];
  values = new Float64Array(256 * SLAB_WIDTH);
  sizeBytes = 0;
  private count = 0;
  /** Per cache a hash of its name, so that no string is made of one that is known. */
  private hashes = new Int32Array(256);
  private readonly numbers = new Float64Array(NUMBERS);

  begin(): void {
    this.count = 0;
  }

  takeLines(scanner: ByteScanner): void {
    while (!scanner.atEnd) {
      if (!isHeader(scanner)) this.readCache(scanner);
      scanner.nextLine();
    }
  }

  /** @throws when there was no cache in it */
  end(sizeBytes: number): void {
    if (this.count === 0) throw new Error("there are no caches in it");
    this.sizeBytes = sizeBytes;
    this.caches.length = this.count;
  }

  private readCache(scanner: ByteScanner): void {
    const { bytes, position: start } = scanner;
    scanner.skipWord();
    const end = scanner.position;
    if (end === start) return;
    const { numbers } = this;
    for (let i = 0; i < NUMBERS; i++) {
      scanner.skipBlanks();
      const { position } = scanner;
      numbers[i] = scanner.integer();
      // Not a cache.
      if (scanner.position === position) return;
    }
    const index = this.count++;
    if (index === this.hashes.length) this.grow();
    let hash = 0x811c9dc5;
    for (let p = start; p < end; p++) hash = Math.imul(hash ^ bytes[p]!, 0x01000193);
    const objectBytes = numbers[2]!;
    const known = this.caches[index];
    if (!known || this.hashes[index] !== hash || known.objectBytes !== objectBytes) {
      this.caches[index] = { name: scanner.text(start, end), objectBytes };
      this.hashes[index] = hash;
    }
    const slabs = slabsOf(scanner);
    const first = index * SLAB_WIDTH;
    this.values[first] = numbers[0]!;
    this.values[first + 1] = numbers[1]!;
    this.values[first + 2] = slabs * numbers[4]!;
  }

  private grow(): void {
    const values = new Float64Array(this.values.length * 2);
    values.set(this.values);
    this.values = values;
    const hashes = new Int32Array(this.hashes.length * 2);
    hashes.set(this.hashes);
    this.hashes = hashes;
  }
}

/** `slabinfo - version: 2.1`, `# name ...`. */
function isHeader({ bytes, position: p }: ByteScanner): boolean {
  return bytes[p] === HASH || (bytes[p] === LETTER_S && bytes[p + 8] === 32 && bytes[p + 9] === 45);
}

/** The second number after `slabdata`: slabs, in use or not. */
function slabsOf(scanner: ByteScanner): number {
  // `:`, `tunables`, three numbers, `:`, `slabdata`, the slabs that are in use.
  for (let word = 0; word < 8; word++) scanner.skipWord();
  return scanner.integer();
}
