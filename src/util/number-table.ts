/**
 * Text whose words stay the same while its numbers change, as most files of /proc are: learned
 * once, then read without making a string. Every word is compared with what was learned, byte by
 * byte, so a number can never land under another one's name; when words change, it learns anew.
 */
import type { ByteScanner } from "./byte-scanner.ts";

/** Stands for a number in the learned words; words are parted by one blank. */
const NUMBER = 0;
const BLANK = 32;
const MINUS = 45;
const ZERO = 48;

/**
 * Names the numbers of a line.
 *
 * @param words the line's words, numbers included
 * @param before the words of the line before it
 * @returns per word the name of the number that it is; `undefined` where it is not one to keep
 */
export type LineNaming = (
  words: readonly string[],
  before: readonly string[],
) => readonly (string | undefined)[];

export class NumberTable {
  /** Per number its name, in order of the text. Another array whenever the words have changed. */
  names: readonly (string | undefined)[] = [];
  /** Per number its value; doubles, exact up to 2^53. */
  values = new Float64Array(0);
  private words = new Uint8Array(0);
  /** What was learned ends with `lastWord`, not with the text. */
  private isCut = false;
  private readonly naming: LineNaming;
  private readonly lastWord: string | undefined;

  /** @param lastWord a line that begins with it ends the table; what comes after is not looked at */
  constructor(naming: LineNaming, lastWord?: string) {
    this.naming = naming;
    this.lastWord = lastWord;
  }

  /** Reads the text that a scanner stands before. */
  read(scanner: ByteScanner): void {
    const start = scanner.position;
    if (this.fill(scanner.bytes, start, scanner.end)) return;
    this.learn(scanner.text(start, scanner.end));
    this.fill(scanner.bytes, start, scanner.end);
  }

  /** Whether the text has the learned words; if so, its numbers are in `values`. */
  private fill(bytes: Uint8Array, start: number, end: number): boolean {
    const { words, values } = this;
    const wordsEnd = words.length;
    if (wordsEnd === 0) return false;
    let p = start;
    let w = 0;
    let n = 0;
    while (w < wordsEnd) {
      while (p < end && bytes[p]! <= BLANK) p++;
      if (words[w] === NUMBER) {
        const negative = p < end && bytes[p] === MINUS;
        if (negative) p++;
        const first = p;
        let value = 0;
        for (; p < end; p++) {
          const digit = bytes[p]! - ZERO;
          if (digit < 0 || digit > 9) break;
          value = value * 10 + digit;
        }
        if (p === first) return false;
        values[n++] = negative ? -value : value;
        w++;
      } else {
        do {
          if (p >= end || bytes[p] !== words[w]) return false;
          p++;
          w++;
        } while (w < wordsEnd && words[w]! > BLANK);
      }
      if (p < end && bytes[p]! > BLANK) return false;
      w++;
    }
    if (this.isCut) return true;
    while (p < end && bytes[p]! <= BLANK) p++;
    return p === end;
  }

  private learn(text: string): void {
    const learned: string[] = [];
    const names: (string | undefined)[] = [];
    let before: string[] = [];
    this.isCut = false;
    for (const line of text.split("\n")) {
      const words = line.split(/[\x00-\x20]+/).filter((word) => word !== "");
      if (this.lastWord !== undefined && words[0] === this.lastWord) {
        learned.push(this.lastWord);
        this.isCut = true;
        break;
      }
      const lineNames = this.naming(words, before);
      words.forEach((word, i) => {
        const isNumber = /^-?\d+$/.test(word);
        learned.push(isNumber ? "\0" : word);
        if (isNumber) names.push(lineNames[i]);
      });
      before = words;
    }
    this.words = Uint8Array.from(Buffer.from(learned.join(" "), "latin1"));
    this.names = names;
    this.values = new Float64Array(names.length);
  }
}
