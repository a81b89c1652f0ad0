/** A DuckDB file open for writing, in a thread of its own: passes everything on to it. */
import { Worker } from "node:worker_threads";
import { UserError } from "../../util/errors.ts";
import type { BulkWriter, SqlEngine, SqlRow, SqlValue } from "../sql/engine.ts";
import type { QueryResult, StoreCapabilities } from "../store.ts";
import type { ColumnBatch } from "./column-batch.ts";
import { DUCKDB_CAPABILITIES, DUCKDB_DIALECT } from "./duckdb-dialect.ts";
import { PackingWriter } from "./packing-writer.ts";
import type { Call, OpenRequest, Reply, Request } from "./thread-messages.ts";

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

export class ThreadedEngine implements SqlEngine {
  readonly id = "duckdb";
  readonly dialect = DUCKDB_DIALECT;
  readonly capabilities: StoreCapabilities = DUCKDB_CAPABILITIES;
  readonly parallelQueries = 1;
  readonly writable = true;
  readonly location: string;
  private readonly worker: Worker;
  private readonly waiting = new Map<number, Waiting>();
  private readonly onClose: () => void;
  private nextId = 1;
  private closed = false;
  /** Why nothing will be answered any more. */
  private ended: Error | undefined;

  private constructor(request: OpenRequest, onClose: () => void) {
    this.location = request.path;
    this.onClose = onClose;
    this.worker = startThread(request);
    this.worker.on("message", (reply: Reply) => this.take(reply));
    this.worker.on("error", (error: Error) => this.fail(error));
    this.worker.on("exit", () => this.fail(new Error("the thread of the database has ended")));
  }

  /** @throws UserError when the file cannot be opened */
  static async open(request: OpenRequest, onClose: () => void): Promise<ThreadedEngine> {
    const engine = new ThreadedEngine(request, onClose);
    try {
      await engine.ask({ method: "open" });
    } catch (error) {
      await engine.worker.terminate();
      throw error;
    }
    return engine;
  }

  rows(sql: string, parameters: readonly string[] = []): Promise<SqlRow[]> {
    return this.ask({ method: "rows", sql, parameters }) as Promise<SqlRow[]>;
  }

  async numbers(sql: string, take: (columns: readonly Float64Array[]) => void): Promise<void> {
    const columns = (await this.ask({ method: "numbers", sql })) as Float64Array[];
    if (columns.length > 0) take(columns);
  }

  async execute(sql: string): Promise<void> {
    await this.ask({ method: "execute", sql });
  }

  async insert(
    table: string,
    columns: readonly string[],
    rows: readonly (readonly SqlValue[])[],
  ): Promise<void> {
    await this.ask({ method: "insert", table, columns, rows });
  }

  bulkWriter(originMs: number): Promise<BulkWriter> {
    const receiver = {
      append: (batch: ColumnBatch) => {
        const transfer = batch.blobs ? [...batch.columns, batch.blobs.bytes] : batch.columns;
        return this.ask({ method: "append", batch }, transfer) as Promise<readonly ArrayBuffer[]>;
      },
      finish: async () => {
        await this.ask({ method: "finish" });
      },
      abandon: () => {
        // What follows is answered after it; a thread that has ended has nothing to abandon.
        this.ask({ method: "abandon" }).catch(() => undefined);
      },
    };
    return Promise.resolve(new PackingWriter(receiver, originMs));
  }

  query(sql: string): Promise<QueryResult> {
    return this.ask({ method: "query", sql }) as Promise<QueryResult>;
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    try {
      await this.ask({ method: "close" });
    } finally {
      await this.worker.terminate();
      this.onClose();
    }
  }

  private ask(call: Call, transfer: readonly ArrayBuffer[] = []): Promise<unknown> {
    if (this.ended) return Promise.reject(this.ended);
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.worker.postMessage({ ...call, id } satisfies Request, [...transfer]);
    });
  }

  private take({ id, result, error }: Reply): void {
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    if (error) waiting?.reject(revived(error));
    else waiting?.resolve(result);
  }

  private fail(error: Error): void {
    this.ended ??= error;
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }
}

function revived({ message, stack, exitCode }: NonNullable<Reply["error"]>): Error {
  if (exitCode !== undefined) return new UserError(message, "", exitCode);
  const error = new Error(message);
  if (stack !== undefined) error.stack = stack;
  return error;
}

/** In a checkout the sources run as they are, by way of tsx; a package has them compiled. */
function startThread(workerData: OpenRequest): Worker {
  const isSource = import.meta.url.endsWith(".ts");
  const script = isSource ? "./database-thread-from-source.mjs" : "./database-thread.js";
  return new Worker(new URL(script, import.meta.url), { workerData });
}
