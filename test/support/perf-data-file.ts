/** Files as HotSpot's `hsperfdata` are, for tests: format 2.0, in both byte orders. */
export interface PerfDataFile {
  readonly numbers: Readonly<Record<string, number>>;
  readonly texts: Readonly<Record<string, string>>;
  readonly order: "LE" | "BE";
}

export function perfDataFile({ numbers, texts, order }: PerfDataFile): Buffer {
  const int = (buffer: Buffer, value: number, at: number) =>
    order === "LE" ? buffer.writeInt32LE(value, at) : buffer.writeInt32BE(value, at);
  const entries = [
    ...Object.entries(texts).map(([name, text]) => {
      const data = Buffer.from(`${text}\0`, "latin1");
      return { name, data, type: "B", vector: data.length };
    }),
    ...Object.entries(numbers).map(([name, value]) => {
      const data = Buffer.alloc(8);
      if (order === "LE") data.writeBigInt64LE(BigInt(value));
      else data.writeBigInt64BE(BigInt(value));
      return { name, data, type: "J", vector: 0 };
    }),
  ].map(({ name, data, type, vector }) => {
    const dataAt = Math.ceil((20 + name.length + 1) / 8) * 8;
    const entry = Buffer.alloc(Math.ceil((dataAt + data.length) / 8) * 8);
    int(entry, entry.length, 0);
    int(entry, 20, 4);
    int(entry, vector, 8);
    entry[12] = type.charCodeAt(0);
    int(entry, dataAt, 16);
    entry.write(name, 20, "latin1");
    data.copy(entry, dataAt);
    return entry;
  });
  const prologue = Buffer.alloc(32);
  prologue.writeUInt32BE(0xcafec0c0, 0);
  prologue.set([order === "LE" ? 1 : 0, 2, 0, 1], 4);
  const content = Buffer.concat([prologue, ...entries]);
  int(content, content.length, 8);
  int(content, 32, 24);
  int(content, entries.length, 28);
  return content;
}
