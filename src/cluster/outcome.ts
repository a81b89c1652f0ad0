/** What became of a step on one host. */
import { HostError } from "../target/ssh-failure.ts";

export interface Outcome<T> {
  readonly host: string;
  readonly ok: boolean;
  /** `ok`, or one word for what went wrong. */
  readonly code: string;
  /** For people, without the host. */
  readonly message: string;
  readonly details?: T;
}

export interface StepOptions<T> {
  readonly signal?: AbortSignal;
  readonly onBegin?: (host: string) => void;
  readonly onOutcome?: (outcome: Outcome<T>) => void;
}

/** Does a step for a host; what a host does wrong becomes an outcome, everything else is thrown. */
export async function attempt<T>(
  host: string,
  { onBegin, onOutcome }: StepOptions<T>,
  step: () => Promise<{ readonly message: string; readonly details: T; readonly ok?: boolean }>,
): Promise<Outcome<T>> {
  onBegin?.(host);
  let outcome: Outcome<T>;
  try {
    const { message, details, ok = true } = await step();
    outcome = { host, ok, code: ok ? "ok" : "failed", message, details };
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    outcome = { host, ok: false, code: error.code, message: error.message };
  }
  onOutcome?.(outcome);
  return outcome;
}
