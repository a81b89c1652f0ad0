/** A file that is there only when it is whole; or standard output. */
import { closeSync, openSync, renameSync, statSync, unlinkSync, writeSync } from "node:fs";
import { once } from "node:events";
import type { ByteSink } from "../../formats/export-format.ts";
import { UserError, systemErrorCode } from "../../util/errors.ts";
import type { TextOutput } from "../context.ts";

export interface Sink extends ByteSink {
  /** Puts the file into its place. */
  close(): void;
  /** Takes away what was written so far. */
  discard(): void;
}

/** @throws UserError when the file cannot be made */
export function fileSink(path: string): Sink {
  // A device or a pipe (/dev/stdout) takes bytes as they come; it must not be replaced.
  const special = statSync(path, { throwIfNoEntry: false })?.isFile() === false;
  const part = special ? path : `${path}.part`;
  const attempt = <T>(action: () => T): T => {
    try {
      return action();
    } catch (error) {
      throw cannotWriteFile(path, error);
    }
  };
  const fd = attempt(() => openSync(part, "w"));
  return {
    write: (bytes) =>
      attempt(() => {
        const buffer = Buffer.from(bytes);
        for (let offset = 0; offset < buffer.length;) offset += writeSync(fd, buffer, offset);
      }),
    close: () =>
      attempt(() => {
        closeSync(fd);
        if (!special) renameSync(part, path);
      }),
    discard: () => {
      closeSync(fd);
      if (!special) unlinkSync(part);
    },
  };
}

/** Waits for a reader that is slower than we are. */
export function outputSink(output: TextOutput): Sink {
  return {
    write: (bytes) => {
      const { stream } = output;
      output.write(typeof bytes === "string" ? bytes : Buffer.from(bytes).toString("latin1"));
      if (stream?.writableNeedDrain) return once(stream, "drain").then(() => undefined);
    },
    close: () => undefined,
    discard: () => undefined,
  };
}

function cannotWriteFile(path: string, error: unknown): UserError {
  const code = systemErrorCode(error);
  const why: Readonly<Record<string, string>> = {
    EACCES: "permission denied",
    EPERM: "permission denied",
    EROFS: "the file system is read-only",
    ENOENT: "there is no such folder",
    ENOTDIR: "there is no such folder",
    EISDIR: "it is a folder",
    ENOSPC: "the disk is full",
    EDQUOT: "the disk quota is used up",
  };
  const reason = why[code ?? ""] ?? (error instanceof Error ? error.message : String(error));
  return new UserError(`${path} cannot be written: ${reason}.`, "Name another file.");
}
