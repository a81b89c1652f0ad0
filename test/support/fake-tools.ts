/** Programs that answer what a test says, at once or when told to. */
import type { Answer, Command, Tools, ToolSession } from "../../src/collectors/tools/tools.ts";

export class FakeTools implements Tools, ToolSession {
  /** What was run, a line per run: commands parted by ` ; `. */
  readonly runs: string[] = [];
  /** Answers come when `answer` is called, not at once. */
  slow = false;
  stuck = false;
  private readonly output: (command: string) => string | undefined;
  private pending: (() => void) | undefined;

  /** @param output what a command line prints; `undefined` where it, and all after it, does not end */
  constructor(output: (command: string) => string | undefined) {
    this.output = output;
  }

  get busy(): boolean {
    return this.pending !== undefined;
  }

  has(program: string): boolean {
    return program !== "missing";
  }

  open(): ToolSession {
    return this;
  }

  run(commands: readonly Command[], done: (answers: readonly Answer[]) => void): void {
    const lines = commands.map((command) => command.join(" "));
    this.runs.push(lines.join(" ; "));
    const finish = (): void => {
      let hangs = false;
      const answers = lines.map((line) => {
        const text = hangs ? undefined : this.output(line);
        if (text === undefined) hangs = true;
        return text === undefined ? undefined : Buffer.from(text, "latin1");
      });
      this.pending = undefined;
      done(answers);
    };
    if (this.slow) this.pending = finish;
    else finish();
  }

  /** Lets what is under way end. */
  answer(): void {
    this.pending?.();
  }

  close(): void {
    this.pending = undefined;
  }
}
