/** Reads a file of a tool's text: the lines, also of a compressed file, and the reports in them. */
import { createReadStream, statSync, type ReadStream } from "node:fs";
import { basename } from "node:path";
import type { TextDecoder } from "node:util";
import { createGunzip } from "node:zlib";
import { HEAD_LINES, recognizeTool, tools } from "../../toolout/all.ts";
import type { Tool, ToolBanner, ToolParser, ToolReport } from "../../toolout/tool-report.ts";
import { UsageError, UserError, systemErrorCode } from "../../util/errors.ts";
import { cannotRead, decoderOf, detectEncoding } from "../text-lines.ts";

/** JSON may be one line; nothing else is longer. */
const MAX_LINE_CHARACTERS = 128 * 1024 * 1024;

export interface ToolFile {
  readonly path: string;
  /** The path's last part. */
  readonly name: string;
  readonly tool: Tool;
  /** Its first lines. */
  readonly head: readonly string[];
  /** When it was last written, milliseconds since 1970. */
  readonly modifiedMs: number;
  readonly sizeBytes: number;
  readonly encoding: string | undefined;
}

/** One step of reading: what a chunk of the file completed. */
export interface ReportBatch {
  readonly reports: readonly {
    readonly report: ToolReport;
    /** Of the run of the tool that printed the report; a file may hold several. */
    readonly banner: ToolBanner;
  }[];
  readonly parser: ToolParser;
  /** Bytes of the file that were read since the batch before. */
  readonly bytes: number;
}

/**
 * @param forced id of the tool, instead of finding it out
 * @throws UserError when the file cannot be read, or is not the text of a tool that is known
 */
export async function openToolFile(
  path: string,
  options: { readonly forced?: string; readonly encoding?: string } = {},
): Promise<ToolFile> {
  const head: string[] = [];
  for await (const { lines } of readLines(path, options.encoding)) {
    head.push(...lines.slice(0, HEAD_LINES - head.length));
    if (head.length >= HEAD_LINES) break;
  }
  const { mtimeMs, size } = statSync(path);
  const tool = options.forced === undefined ? recognizeTool(head) : toolNamed(options.forced);
  if (!tool) throw notAToolsText(path, head);
  const { encoding } = options;
  return {
    path,
    name: basename(path),
    tool,
    head,
    modifiedMs: mtimeMs,
    sizeBytes: size,
    encoding,
  };
}

/** All reports of the file, in the order in which they stand there. */
export async function* readReports(file: ToolFile): AsyncGenerator<ReportBatch> {
  const parser = file.tool.parser();
  for await (const { lines, bytes } of readLines(file.path, file.encoding)) {
    const reports = lines.flatMap((line) => {
      // The line that completes a report may be the banner of the next run.
      const before = parser.banner;
      return parser.push(line).map((report) => ({ report, banner: before }));
    });
    yield { reports, parser, bytes };
  }
  const reports = parser.end().map((report) => ({ report, banner: parser.banner }));
  yield { reports, parser, bytes: 0 };
}

function toolNamed(id: string): Tool {
  const tool = tools.find((candidate) => candidate.id === id);
  if (tool) return tool;
  throw new UsageError(
    `There is no tool "${id}" whose text is understood.`,
    `There are: ${toolNames()}.`,
  );
}

function toolNames(): string {
  return tools
    .map(({ id }) => id)
    .sort()
    .join(", ");
}

function notAToolsText(path: string, head: readonly string[]): UserError {
  const first = head.find((line) => line.trim() !== "");
  const begins = first === undefined ? "it is empty" : `it begins with "${first.slice(0, 60)}"`;
  return new UserError(
    `${path} is not the output of a tool that is known: ${begins}.`,
    `Known are ${toolNames()}; --tool says which it is. Of a binary file of sar (sa24) import what sadf -j prints.`,
  );
}

interface LineBatch {
  readonly lines: readonly string[];
  readonly bytes: number;
}

/** A last line without an end is left out: whoever wrote it was stopped in the middle. */
async function* readLines(path: string, encoding?: string): AsyncGenerator<LineBatch> {
  try {
    const zipped = await isGzip(path);
    const file = createReadStream(path, { highWaterMark: 256 * 1024 });
    try {
      yield* linesOf(file, zipped ? gunzip(file) : file, path, encoding);
    } finally {
      file.destroy();
    }
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw cannotRead(path, systemErrorCode(error) === "Z_DATA_ERROR" ? "it is damaged" : error);
  }
}

async function* linesOf(
  file: ReadStream,
  text: AsyncIterable<Buffer>,
  path: string,
  encoding?: string,
): AsyncGenerator<LineBatch> {
  let bytes = 0;
  let decoder: TextDecoder | undefined;
  let rest = "";
  for await (const chunk of text) {
    decoder ??= decoderOf(encoding ?? detectEncoding(chunk), path);
    rest += decoder.decode(chunk, { stream: true });
    const lines = rest.split("\n");
    rest = lines.pop()!;
    if (rest.length > MAX_LINE_CHARACTERS) {
      throw new UserError(`${path} is not a tool's text: it has a line of more than 128 MB.`);
    }
    yield {
      lines: lines.map((line) => (line.endsWith("\r") ? line.slice(0, -1) : line)),
      bytes: file.bytesRead - bytes,
    };
    bytes = file.bytesRead;
  }
  // JSON has brackets to tell that it is whole.
  if (/[\]}]\s*$/.test(rest)) yield { lines: [rest], bytes: 0 };
  // ifstat -S writes its samples over each other.
  else if (rest.includes("\r")) yield { lines: [rest.slice(0, rest.lastIndexOf("\r"))], bytes: 0 };
}

async function isGzip(path: string): Promise<boolean> {
  for await (const chunk of createReadStream(path, { end: 1 })) {
    const [first, second] = chunk as Buffer;
    return first === 0x1f && second === 0x8b;
  }
  return false;
}

/** A file whose end is missing yields what is there. */
function gunzip(file: ReadStream): AsyncIterable<Buffer> {
  const unzip = createGunzip({ finishFlush: 2 });
  file.on("error", (error) => unzip.destroy(error));
  return file.pipe(unzip);
}
