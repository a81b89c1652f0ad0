/**
 * The thread that has a DuckDB file open for writing: DuckDB compresses as it appends, which takes
 * longer than reading and cooking a log. So both go on at the same time, each on a core of its own.
 * Answers requests from `threaded-engine.ts`, one after the other.
 */
import { parentPort, workerData, type MessagePort } from "node:worker_threads";
import { UserError } from "../../util/errors.ts";
import { allNumbers } from "../sql/all-numbers.ts";
import { BatchAppender } from "./batch-appender.ts";
import { DuckdbEngine } from "./duckdb-engine.ts";
import { openDatabase } from "./open-database.ts";
import type { Answer, OpenRequest, Reply, Request } from "./thread-messages.ts";

async function serve(port: MessagePort, { path, lockWaitMs }: OpenRequest): Promise<void> {
  let engine: DuckdbEngine | undefined;
  let appender: BatchAppender | undefined;

  const answer = async (request: Request): Promise<Answer> => {
    if (request.method === "open") {
      engine = new DuckdbEngine(await openDatabase(path, { mode: "write", lockWaitMs }));
      return {};
    }
    if (!engine) throw new Error("the database is not open");
    switch (request.method) {
      case "rows":
        return { result: await engine.rows(request.sql, request.parameters) };
      case "numbers": {
        const result = await allNumbers(engine, request.sql);
        return { result, transfer: result.map(({ buffer }) => buffer as ArrayBuffer) };
      }
      case "execute":
        await engine.execute(request.sql);
        return {};
      case "insert":
        await engine.insert(request.table, request.columns, request.rows);
        return {};
      case "query":
        return { result: await engine.query(request.sql) };
      case "append": {
        appender ??= new BatchAppender(engine.handle);
        appender.append(request.batch);
        const { columns } = request.batch;
        return { result: columns, transfer: columns };
      }
      case "finish":
        appender?.finish();
        appender = undefined;
        return {};
      case "abandon":
        appender?.abandon();
        appender = undefined;
        return {};
      case "close":
        await engine.close();
        return {};
    }
  };

  // One after the other, in the order of asking: a transaction spans requests.
  let last: Promise<void> = Promise.resolve();
  port.on("message", (request: Request) => {
    last = last.then(async () => {
      try {
        const { result, transfer = [] } = await answer(request);
        port.postMessage({ id: request.id, result } satisfies Reply, [...transfer]);
      } catch (error) {
        port.postMessage({ id: request.id, error: describe(error) } satisfies Reply);
      }
    });
  });
}

function describe(error: unknown): NonNullable<Reply["error"]> {
  const message = error instanceof Error ? error.message : String(error);
  return error instanceof UserError
    ? { message, exitCode: error.exitCode }
    : { message, ...(error instanceof Error && error.stack ? { stack: error.stack } : {}) };
}

if (parentPort) await serve(parentPort, workerData as OpenRequest);
