/**
 * Pseudo-random numbers for resampling: xoshiro128** 1.1 (Blackman and Vigna, "Scrambled linear
 * pseudorandom number generators", ACM TOMS 47, 2021). Seeded, so that an analysis gives the same
 * bytes every time.
 */
export interface Random {
  /** The next 32 bits, unsigned. */
  next(): number;
  /** A whole number, 0 to `below` − 1; `below` is far smaller than 2^32, so that bias is negligible. */
  integer(below: number): number;
}

/** @param state four 32-bit words, not all zero */
export function xoshiro128(state: readonly [number, number, number, number]): Random {
  let [a, b, c, d] = state;
  const next = () => {
    const product = Math.imul(b, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = (d << 11) | (d >>> 21);
    return result;
  };
  return { next, integer: (below) => Math.floor((next() / 2 ** 32) * below) };
}

/** A generator whose numbers depend on nothing but the text: FNV-1a hashes of it are the state. */
export function randomFromText(text: string): Random {
  const word = (salt: number) => {
    let hash = 0x811c9dc5 ^ salt;
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    return hash >>> 0;
  };
  return xoshiro128([word(1) | 1, word(2), word(3), word(4)]);
}
