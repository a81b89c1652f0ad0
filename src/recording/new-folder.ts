/** Where a new recording is put, and what may be wrong with that place. */
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { dirname } from "node:path";
import { systemErrorCode, UserError } from "../util/errors.ts";
import { isRecording } from "./recording.ts";

/** The one sentence for each way in which a folder can refuse. */
export function cannotWrite(folder: string, error: unknown): UserError {
  switch (systemErrorCode(error)) {
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return new UserError(
        `${folder} cannot be written: permission denied.`,
        "Give another folder with -o.",
      );
    case "ENOSPC":
    case "EDQUOT":
      return new UserError(
        `The disk of ${folder} is full.`,
        "Make room, or give a folder on another disk with -o.",
      );
    case "EFBIG":
      return new UserError(
        `A file in ${folder} has reached the size limit of this process.`,
        "Raise it (ulimit -f), or record with a smaller --segment-size.",
      );
    case "ENOENT":
      return new UserError(
        `${folder} is gone: it was deleted or moved while it was being written.`,
        "Record into a folder that stays.",
      );
    default: {
      const reason = error instanceof Error ? error.message : String(error);
      return new UserError(
        `${folder} cannot be written: ${reason}.`,
        "Give another folder with -o.",
      );
    }
  }
}

/** One by one: Node's own way of making all of them never ends where the kernel allows none (/proc). */
function makeFolders(folder: string): void {
  try {
    mkdirSync(folder);
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === "EEXIST") return;
    if (code !== "ENOENT" || existsSync(dirname(folder))) throw error;
    makeFolders(dirname(folder));
    mkdirSync(folder);
  }
}

/**
 * Makes the folder of a new recording.
 *
 * @throws UserError when it holds a recording already, is a file, or cannot be made
 */
export function makeRecordingFolder(folder: string): void {
  if (existsSync(folder) && isRecording(folder)) {
    throw new UserError(
      `${folder} already holds a recording.`,
      "Give another folder with -o; a recording is never written over.",
    );
  }
  try {
    makeFolders(folder);
    readdirSync(folder);
  } catch (error) {
    if (systemErrorCode(error) === "EEXIST" || systemErrorCode(error) === "ENOTDIR") {
      throw new UserError(`${folder} is a file.`, "Give a folder with -o.");
    }
    throw cannotWrite(folder, error);
  }
}
