/**
 * Files that several collectors need are opened once per host and read once per sample: reading
 * /proc/net/netstat costs more than all the parsing of a sample.
 */
import { join } from "node:path";
import type { SampleRow } from "../counter/sample-row.ts";
import { ByteScanner } from "../util/byte-scanner.ts";
import { type LineTaker, type ReadManner, RereadFile } from "../util/reread-file.ts";
import type { Collector, HostContext, OpenCollector } from "./collector.ts";

/** A parser with its results inside, which takes the text at once. */
export interface TextParser {
  read(scanner: ByteScanner): void;
}

/** A parser of files that may be many megabytes: takes stretches of whole lines. */
interface LineParser extends LineTaker {
  begin(): void;
  end(sizeBytes: number): void;
}

export type Parser = TextParser | LineParser;

/** One file of /proc, its parser, and who uses them. */
export class SharedSource<P extends Parser> {
  readonly parser: P;
  private readonly file: RereadFile;
  private readonly forget: () => void;
  private readRow: SampleRow | undefined;
  private readSample = 0;
  users = 0;

  constructor(file: RereadFile, parser: P, forget: () => void) {
    this.file = file;
    this.parser = parser;
    this.forget = forget;
  }

  get path(): string {
    return this.file.path;
  }

  /** Reads the file, unless it was read for this sample before. */
  refresh(row: SampleRow): P {
    if (this.readRow !== row || this.readSample !== row.sample) {
      this.readNow();
      this.readRow = row;
      this.readSample = row.sample;
    }
    return this.parser;
  }

  readNow(): P {
    const { file } = this;
    const parser: Parser = this.parser;
    const content = "read" in parser ? file.scan(scanner) : scanner;
    try {
      if ("read" in parser) parser.read(content);
      else {
        parser.begin();
        parser.end(file.scanLines(content, parser));
      }
    } catch (error) {
      if (error instanceof Error && !error.message.includes(file.path))
        error.message = `${file.path}: ${error.message}`;
      throw error;
    }
    return this.parser;
  }

  /** Closes the file when its last user lets go of it. */
  release(): void {
    const claim = claims.indexOf(this);
    if (claim >= 0) claims.splice(claim, 1);
    this.users--;
    if (this.users > 0) return;
    this.forget();
    this.file.close();
  }
}

const scanner = new ByteScanner();
/** What the collector that is being opened has opened. */
let claims: SharedSource<Parser>[] = [];
const opened = new WeakMap<HostContext, Map<string, SharedSource<Parser>>>();

/**
 * Opens a file of /proc for one more user, and reads it once.
 *
 * @param path below the host's `/proc`: `net/snmp`; always with the same kind of parser
 * @returns `undefined` when there is no such file
 * @throws the system's error when it is there and cannot be opened or read
 */
export function openShared<P extends Parser>(
  host: HostContext,
  path: string,
  manner: ReadManner,
  makeParser: () => P,
): SharedSource<P> | undefined {
  const sources = opened.get(host) ?? new Map<string, SharedSource<Parser>>();
  opened.set(host, sources);
  let source = sources.get(path) as SharedSource<P> | undefined;
  if (!source) {
    const file = RereadFile.openIfPresent(join(host.procRoot, path), manner);
    if (!file) return undefined;
    source = new SharedSource(file, makeParser(), () => sources.delete(path));
    try {
      source.readNow();
    } catch (error) {
      file.close();
      throw error;
    }
    sources.set(path, source);
  }
  source.users++;
  claims.push(source);
  return source;
}

/** Opens a collector; when it cannot be, what it had opened by then is let go of. */
export function openCollector(collector: Collector, host: HostContext): OpenCollector | undefined {
  claims = [];
  try {
    return collector.open(host);
  } catch (error) {
    for (const source of claims.slice()) source.release();
    throw error;
  } finally {
    claims = [];
  }
}
