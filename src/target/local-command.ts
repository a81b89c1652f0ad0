/** Programs of this machine that a cluster needs: those that list hosts, and the recorded command. */
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { UserError } from "../util/errors.ts";

const LIST_TIMEOUT_MS = 60_000;

/** What a shell command prints. @throws UserError when it fails */
export async function commandOutput(command: string): Promise<string> {
  const child = spawn("sh", ["-c", command], { stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (bytes: Buffer) => (stdout += bytes.toString("utf8")));
  child.stderr.on("data", (bytes: Buffer) => (stderr += bytes.toString("utf8")));
  const timer = setTimeout(() => child.kill("SIGKILL"), LIST_TIMEOUT_MS);
  const code = await new Promise<number | null>((resolve) => {
    child.once("error", () => resolve(null));
    child.once("close", resolve);
  });
  clearTimeout(timer);
  if (code === 0) return stdout;
  const said = stderr.trim().split("\n").pop() ?? "";
  throw new UserError(
    `The command that lists hosts failed (exit code ${code ?? "none"})${said === "" ? "" : `: ${said}`}.`,
    `It was: ${command}`,
  );
}

export interface CommandOutcome {
  readonly exitCode: number;
  readonly signal?: NodeJS.Signals;
}

/** Runs a program with our own input and output; the first signal is passed on. */
export function runCommand(argv: readonly string[], signal: AbortSignal): Promise<CommandOutcome> {
  const [file = "", ...args] = argv;
  const child = spawn(file, args, { stdio: "inherit" });
  const pass = () => child.kill("SIGTERM");
  signal.addEventListener("abort", pass, { once: true });
  return new Promise((resolve, reject) => {
    child.once("error", (error: NodeJS.ErrnoException) => {
      const missing = error.code === "ENOENT";
      const what = missing
        ? `There is no program ${file}.`
        : `${file} cannot be run (${error.code}).`;
      reject(new UserError(what, "Check the COMMAND after --.", missing ? 127 : 126));
    });
    child.once("exit", (code, ended) => {
      signal.removeEventListener("abort", pass);
      const exitCode = code ?? 128 + (ended ? constants.signals[ended] : 0);
      resolve(ended ? { exitCode, signal: ended } : { exitCode });
    });
  });
}
