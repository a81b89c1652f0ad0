/** What `threaded-engine.ts` and `database-thread.ts` say to each other. */
import type { SqlValue } from "../sql/engine.ts";
import type { ColumnBatch } from "./column-batch.ts";

/** Given to the thread when it starts. */
export interface OpenRequest {
  readonly path: string;
  readonly lockWaitMs: number;
}

export type Call =
  | { readonly method: "open" | "finish" | "abandon" | "close" }
  | { readonly method: "rows"; readonly sql: string; readonly parameters: readonly string[] }
  | { readonly method: "numbers" | "execute" | "query"; readonly sql: string }
  | {
      readonly method: "insert";
      readonly table: string;
      readonly columns: readonly string[];
      readonly rows: readonly (readonly SqlValue[])[];
    }
  | { readonly method: "append"; readonly batch: ColumnBatch };

export type Request = Call & { readonly id: number };

/** A result, and the buffers of it that pass over instead of being copied. */
export interface Answer {
  readonly result?: unknown;
  readonly transfer?: readonly ArrayBuffer[];
}

export interface Reply {
  readonly id: number;
  readonly result?: unknown;
  /** With an exit code where it was a `UserError`. */
  readonly error?: {
    readonly message: string;
    readonly stack?: string;
    readonly exitCode?: number;
  };
}
