/**
 * Takes the elements of named arrays out of a JSON document that comes in pieces, so that a document of any length is read with the
 * memory of one element.
 */

/** The longest element that is kept: a statistic of 1,024 CPUs and 2,000 interrupts has about 60 MB. */
const LONGEST_ELEMENT = 128 * 1024 * 1024;
/** What lies outside the arrays is a few lines. */
const LONGEST_OUTSIDE = 256 * 1024;

const QUOTE = 34;
const BACKSLASH = 92;
const OPEN_ARRAY = 91;
const CLOSE_ARRAY = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

export interface JsonElement {
  /** Name of the array. */
  readonly array: string;
  readonly text: string;
}

export class JsonElements {
  /** Everything but the elements. */
  outside = "";
  /** An element was longer than can be: it is lost. */
  tooLong = 0;
  private readonly arrays: RegExp;
  private array: string | undefined;
  private inString = false;
  private escaped = false;
  /** Of brackets inside the element; 0 between elements. */
  private depth = 0;
  private pieces: string[] = [];
  private length = 0;

  /** @param names of the arrays whose elements are wanted; an array inside such an element is part of it */
  constructor(names: readonly string[]) {
    this.arrays = new RegExp(`"(${names.join("|")})"\\s*:\\s*$`);
  }

  /** @returns the elements that end in this piece of the document */
  push(piece: string): JsonElement[] {
    const elements: JsonElement[] = [];
    let start = 0;
    for (let i = 0; i < piece.length; i++) {
      const code = piece.charCodeAt(i);
      if (this.inString) {
        if (this.escaped) this.escaped = false;
        else if (code === BACKSLASH) this.escaped = true;
        else if (code === QUOTE) this.inString = false;
        continue;
      }
      if (code === QUOTE) {
        this.inString = true;
      } else if (this.array === undefined) {
        if (code === OPEN_ARRAY) {
          this.keepOutside(piece.slice(start, i));
          this.array = this.arrays.exec(this.outside.slice(-200))?.[1];
          this.keepOutside("[");
          start = i + 1;
        }
      } else if (code === OPEN_OBJECT || code === OPEN_ARRAY) {
        if (this.depth++ === 0) start = i;
      } else if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) {
        if (this.depth === 0) {
          this.array = undefined;
          start = i;
        } else if (--this.depth === 0) {
          this.keep(piece.slice(start, i + 1));
          const text = this.finish();
          if (text !== undefined) elements.push({ array: this.array, text });
          start = i + 1;
        }
      }
    }
    if (this.array === undefined) this.keepOutside(`${piece.slice(start)}\n`);
    else if (this.depth > 0) this.keep(`${piece.slice(start)}\n`);
    return elements;
  }

  private keepOutside(text: string): void {
    if (this.outside.length < LONGEST_OUTSIDE) this.outside += text;
  }

  private keep(text: string): void {
    this.length += text.length;
    if (this.length <= LONGEST_ELEMENT) this.pieces.push(text);
    else this.pieces = [];
  }

  private finish(): string | undefined {
    const fits = this.length <= LONGEST_ELEMENT;
    const text = fits ? this.pieces.join("") : undefined;
    if (!fits) this.tooLong++;
    this.pieces = [];
    this.length = 0;
    return text;
  }
}
