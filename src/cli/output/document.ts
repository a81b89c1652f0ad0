/** A file that is written at once: there when it is whole, else not. */
import { fileSink } from "../export/file-sink.ts";

/**
 * @returns its size in bytes
 * @throws UserError when it cannot be written
 */
export async function writeDocument(path: string, text: string): Promise<number> {
  const bytes = Buffer.from(text);
  const sink = fileSink(path);
  try {
    await sink.write(bytes);
  } catch (error) {
    sink.discard();
    throw error;
  }
  sink.close();
  return bytes.length;
}
