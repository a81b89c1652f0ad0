/** `perfmon start`: a recorder that outlives the terminal. */
import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, rmdirSync, rmSync } from "node:fs";
import { setPriority } from "node:os";
import { dirname, join, resolve } from "node:path";
import { localTime } from "../../agent/local-time.ts";
import { optionLines, parseRecordOptions, type RecordOptions } from "../../agent/options.ts";
import { defaultFolder } from "../../agent/recording-folder.ts";
import { limitedRunner } from "../../agent/run-tool.ts";
import { readManifest, type Manifest } from "../../recording/manifest.ts";
import { cannotWrite, makeRecordingFolder } from "../../recording/new-folder.ts";
import { RECORDER_LOG, recordingStatus } from "../../recording/recording-status.ts";
import { EXIT, UsageError, UserError } from "../../util/errors.ts";
import { formatDuration } from "../../util/quantity.ts";
import type { CliContext } from "../context.ts";
import { agentFile, programFile } from "../recorder/agent-file.ts";
import { waitUntil } from "./wait-until.ts";

/** What holds unless it is said otherwise: nobody may come back to stop it. */
const LIMITS = { for: "24h", "max-size": "1GB", "min-free": "200MB" } as const;
/** The recorded work goes before the recorder's. */
const NICE = 5;
const START_TIMEOUT_MS = 30_000;

export function startHelp(): string {
  const options = optionLines().filter((line) => !line.includes("-q, --quiet"));
  return `Usage: perfmon start [options]

Records this host in the background, as \`perfmon record\` does: the recorder goes on when the terminal
is closed. \`perfmon status\`, \`mark\` and \`stop\` find it by its folder. It stops by itself: after
--for (default: ${LIMITS.for}), when the folder is larger than --max-size (${LIMITS["max-size"]}), and when the disk has less
room than --min-free (${LIMITS["min-free"]}).

Options:
${options.join("\n")}

Examples:
  perfmon start -o before
  perfmon start --cluster cloud --run tuesday --for 8h
  perfmon mark reduce; perfmon status; perfmon stop

Exit codes: 0 it records, 1 failed, 2 usage.
`;
}

export async function startRecording(context: CliContext): Promise<void> {
  const argv = context.argv.slice(1);
  const options = parseRecordOptions(argv);
  if (options === "help") return context.stdout.write(startHelp());
  if (options.command.length > 0) {
    throw new UsageError(
      "start takes no COMMAND: it returns at once.",
      "To record while a command runs: perfmon record -- COMMAND.",
    );
  }
  const folder = resolve(
    options.output ?? defaultFolder(options, localTime(limitedRunner()).stamp),
  );
  const manifest = await launch(folder, options, argv);
  const { host, cluster, run, intervalMs } = manifest;
  const { atMs = 0 } = options;
  const from = atMs > Date.now() ? ` from ${new Date(atMs).toISOString()} on` : "";
  context.stderr.write(
    `Recording ${host} as ${cluster}/${run} every ${formatDuration(intervalMs)}${from}, in the background.\n` +
      `Next: perfmon mark NAME ${folder}; perfmon stop ${folder}\n`,
  );
  context.stdout.write(`${folder}\n`);
  context.exitCode = EXIT.done;
}

/** Starts the recorder and waits for its first sample, so that what is wrong is said here. */
async function launch(
  folder: string,
  options: RecordOptions,
  argv: readonly string[],
): Promise<Manifest> {
  makeRecordingFolder(folder);
  const log = join(folder, RECORDER_LOG);
  const [program, ...args] = recorderCommand(folder, options, argv);
  let fd: number;
  try {
    fd = openSync(log, "a", 0o600);
  } catch (error) {
    throw cannotWrite(folder, error);
  }
  const child = spawn(program, args, {
    // A session of its own: what ends the terminal's does not end it.
    detached: true,
    stdio: ["ignore", fd, fd],
    cwd: "/",
    env: { ...process.env, PATH: `${dirname(process.execPath)}:${process.env["PATH"] ?? ""}` },
  });
  closeSync(fd);
  let ended = false;
  child.once("error", () => (ended = true));
  child.once("exit", () => (ended = true));
  lowerPriority(child.pid);
  const waits = options.atMs !== undefined && options.atMs > Date.now();
  await waitUntil(() => ended || isUnderWay(folder, waits), START_TIMEOUT_MS);
  child.unref();
  const manifest = readManifest(folder);
  if (!ended && manifest) return manifest;
  if (manifest?.ended !== undefined && (options.forMs ?? Infinity) > START_TIMEOUT_MS) {
    throw new UserError(
      `The recorder has ended at once: ${manifest.ended}.`,
      "Make room, record elsewhere (-o), or set the limit with --max-size or --min-free.",
    );
  }
  if (manifest?.finishedMs !== undefined) return manifest;
  const said = readFileSync(log, "utf8")
    .trim()
    .replace(/^perfmon: /, "");
  if (!manifest) {
    rmSync(log, { force: true });
    removeIfEmpty(folder);
  }
  throw new UserError(
    said || "The recorder did not start.",
    ended ? "" : "It may still do so: perfmon status.",
  );
}

function recorderCommand(
  folder: string,
  { output, format, source, forMs, maxBytes, minFreeBytes }: RecordOptions,
  argv: readonly string[],
): [string, ...string[]] {
  const limits = [
    ...(forMs === undefined ? ["--for", LIMITS.for] : []),
    ...(maxBytes === undefined ? ["--max-size", LIMITS["max-size"]] : []),
    ...(minFreeBytes === undefined ? ["--min-free", LIMITS["min-free"]] : []),
  ];
  // The last -o counts, and it is a full path: the recorder works elsewhere.
  const args = [...argv, ...(output === folder ? [] : ["-o", folder]), ...limits];
  // The agent is smaller; text logs and tools are the installed program's.
  if (format === "log" && source === "kernel") return [agentFile(), ...args];
  return [process.execPath, programFile(), "record", ...args];
}

function isUnderWay(folder: string, waits: boolean): boolean {
  if (!readManifest(folder)) return false;
  return waits || recordingStatus(folder).lastSampleMs !== undefined;
}

function lowerPriority(pid: number | undefined): void {
  try {
    if (pid !== undefined) setPriority(pid, NICE);
  } catch {
    // It has ended already.
  }
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Something else is in it.
  }
}
