/** Which recording this is: the facts that the log, its manifest and every store agree on. */
export interface RecordingIdentity {
  /** UUID made when the recording starts. */
  readonly id: string;
  readonly host: string;
  readonly cluster: string;
  readonly run: string;
  readonly role: string;
  readonly intervalMs: number;
}

export interface CommandResult {
  /** Program name only: arguments may carry passwords. */
  readonly program: string;
  readonly startedMs: number;
  readonly durationSeconds: number;
  readonly exitCode: number;
  readonly signal?: string;
}
