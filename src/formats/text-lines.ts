/** Lines of a text file in any of the encodings that Windows writes, without reading it whole. */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { TextDecoder } from "node:util";
import { UsageError, UserError, systemErrorCode } from "../util/errors.ts";

export interface TextLine {
  readonly text: string;
  /** False for a last line without a line end: its writer may still be at work, or was killed. */
  readonly ended: boolean;
  /** Share of the file that has been read, 0 to 1. */
  readonly fraction: number;
}

const CHUNK_BYTES = 1024 * 1024;
/** Longer than the head of any log: 100,000 columns of 200 characters. */
const MAX_LINE_CHARACTERS = 64 * 1024 * 1024;

/**
 * Lines end with CR LF or LF, which are left out. Without a byte order mark, what is valid UTF-8 in the
 * first megabyte is taken for that, and else for Windows-1252.
 *
 * @param encoding a label of the Encoding Standard (`windows-1251`), for files that do not tell
 * @throws UserError when the file cannot be read or is no text
 */
export function* textLines(path: string, encoding?: string): Generator<TextLine> {
  const fd = open(path);
  try {
    const { size } = fstatSync(fd);
    const bytes = Buffer.allocUnsafe(CHUNK_BYTES);
    let decoder: TextDecoder | undefined;
    let rest = "";
    let offset = 0;
    for (;;) {
      const count = readSync(fd, bytes, 0, bytes.length, null);
      const chunk = bytes.subarray(0, count);
      decoder ??= decoderOf(encoding ?? detectEncoding(chunk), path);
      offset += count;
      const fraction = size > 0 ? Math.min(1, offset / size) : 1;
      rest += decoder.decode(chunk, { stream: count > 0 });
      let start = 0;
      for (let end; (end = rest.indexOf("\n", start)) >= 0; start = end + 1) {
        const stop = end > start && rest[end - 1] === "\r" ? end - 1 : end;
        yield { text: rest.slice(start, stop), ended: true, fraction };
      }
      rest = rest.slice(start);
      if (rest.length > MAX_LINE_CHARACTERS) {
        throw new UserError(`${path} is not a text log: it has a line of more than 64 MB.`);
      }
      if (count === 0) break;
    }
    if (rest !== "") yield { text: rest.replace(/\r$/, ""), ended: false, fraction: 1 };
  } finally {
    closeSync(fd);
  }
}

function open(path: string): number {
  try {
    return openSync(path, "r");
  } catch (error) {
    throw cannotRead(path, error);
  }
}

export function cannotRead(path: string, error: unknown): UserError {
  const code = systemErrorCode(error);
  const why =
    code === "ENOENT"
      ? "there is no such file"
      : code === "EACCES"
        ? "permission denied"
        : code === "EISDIR"
          ? "it is a folder"
          : String(code ?? error);
  return new UserError(`${path} cannot be read: ${why}.`, "Check the path of the file.");
}

export function decoderOf(encoding: string, path: string): TextDecoder {
  try {
    return new TextDecoder(encoding);
  } catch {
    throw new UsageError(
      `"${encoding}" is not an encoding that ${path} can be read with.`,
      "Give a name such as utf-8, utf-16le, windows-1251 or windows-1252.",
    );
  }
}

export function detectEncoding(start: Buffer): string {
  if (start[0] === 0xff && start[1] === 0xfe) return "utf-16le";
  if (start[0] === 0xfe && start[1] === 0xff) return "utf-16be";
  try {
    // As the start of a stream: a character that is cut off at the end is no error.
    new TextDecoder("utf-8", { fatal: true }).decode(start, { stream: true });
    return "utf-8";
  } catch {
    return "windows-1252";
  }
}
