/** A full-screen terminal: only lines that changed are written, and everything is put back at the end. */
import type { ReadStream } from "node:tty";
import type { TextOutput } from "../context.ts";

const ENTER = "\u001b[?1049h\u001b[?25l";
const LEAVE = "\u001b[?25h\u001b[?1049l";
/** Terminals that know it show what comes in between at once; others ignore it. */
const BEGIN_FRAME = "\u001b[?2026h";
const END_FRAME = "\u001b[?2026l";

export class Terminal {
  private readonly out: TextOutput;
  private shown: string[] = [];

  constructor(out: TextOutput) {
    this.out = out;
    out.write(ENTER);
  }

  /** @param lines painted already, each no wider than the terminal */
  show(lines: readonly string[]): void {
    const changes = lines.flatMap((line, i) =>
      line === this.shown[i] ? [] : [`\u001b[${i + 1};1H${line}\u001b[K`],
    );
    if (lines.length < this.shown.length) changes.push(`\u001b[${lines.length + 1};1H\u001b[J`);
    this.shown = [...lines];
    if (changes.length > 0) this.out.write(BEGIN_FRAME + changes.join("") + END_FRAME);
  }

  /** After a resize nothing can be relied on. */
  clear(): void {
    this.shown = [];
    this.out.write("\u001b[2J");
  }

  leave(): void {
    this.out.write(LEAVE);
  }
}

/**
 * Calls back with each key as the terminal sends it: a character, or an escape sequence.
 *
 * @returns what gives the keyboard back
 */
export function onKeys(keyboard: ReadStream, onKey: (key: string) => void): () => void {
  const onData = (bytes: Buffer): void => {
    for (const [key] of bytes.toString().matchAll(/\u001b\[[\d;]*[A-Za-z~]|[^]/g)) onKey(key);
  };
  keyboard.setRawMode(true);
  keyboard.on("data", onData);
  keyboard.resume();
  return () => {
    keyboard.off("data", onData);
    keyboard.setRawMode(false);
    keyboard.pause();
  };
}
