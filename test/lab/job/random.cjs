/** Numbers that are the same for the same seed: xorshift32 (Marsaglia, 2003). */
"use strict";

/** @returns {() => number} unsigned 32-bit numbers */
exports.randomNumbers = (seed) => {
  let state = (seed * 2654435761) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state;
  };
};
