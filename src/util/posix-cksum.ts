/** The checksum of `cksum` (POSIX): CRC-32 with the highest bit first, and the length after the bytes. */
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24;
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x80000000 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
  return crc >>> 0;
});

export class PosixCksum {
  private crc = 0;
  private bytes = 0;

  update(piece: Uint8Array): this {
    let { crc } = this;
    for (const byte of piece) crc = (crc << 8) ^ TABLE[((crc >>> 24) ^ byte) & 0xff]!;
    this.crc = crc;
    this.bytes += piece.length;
    return this;
  }

  /** `CRC:LENGTH`, in decimals. */
  digest(): string {
    let { crc } = this;
    for (let rest = this.bytes; rest > 0; rest = Math.floor(rest / 256)) {
      crc = (crc << 8) ^ TABLE[((crc >>> 24) ^ (rest & 0xff)) & 0xff]!;
    }
    return `${~crc >>> 0}:${this.bytes}`;
  }
}
