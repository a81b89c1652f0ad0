/**
 * The options of `perfmon record`: one table from which the parser and the help both come. The
 * agent parses them itself, because it runs without any package on Node 12, which has no parser.
 */
import { UsageError } from "../util/errors.ts";
import { parseDuration, parseSize } from "../util/quantity.ts";

export interface RecordOptions {
  readonly output?: string;
  readonly intervalMs: number;
  readonly forMs?: number;
  /** When to take the first sample, wall clock, milliseconds since 1970. */
  readonly atMs?: number;
  /** Of the folder, when to stop. */
  readonly maxBytes?: number;
  /** Room on its disk, when to stop. */
  readonly minFreeBytes?: number;
  readonly cluster: string;
  readonly run?: string;
  readonly role: string;
  readonly host?: string;
  /** Names or globs of counter objects; empty means all. */
  readonly objects: readonly string[];
  readonly allDevices: boolean;
  /** Control groups that are recorded at most. */
  readonly maxControlGroups: number;
  /** Proportional set sizes of processes, too. */
  readonly pss: boolean;
  readonly segmentBytes: number;
  readonly segmentMs: number;
  readonly keepSegments: number;
  /** `log` for a counter log. */
  readonly format: string;
  /** `kernel` for our own collectors. */
  readonly source: string;
  /** Of `--source tools`; empty means the usual ones. */
  readonly tools: readonly string[];
  readonly quiet: boolean;
  /** The program to record around, with its arguments. */
  readonly command: readonly string[];
}

interface OptionSpec {
  readonly flags: string;
  readonly value?: string;
  readonly help: string;
}

const OPTIONS: Readonly<Record<string, OptionSpec>> = {
  output: {
    flags: "-o, --output",
    value: "DIR",
    help: "folder to write (default: made from host and time)",
  },
  interval: { flags: "-i, --interval", value: "TIME", help: "time between samples (default: 1s)" },
  for: { flags: "--for", value: "TIME", help: "stop after this time" },
  at: {
    flags: "--at",
    value: "WHEN",
    help: "take the first sample then: 2026-11-23T22:00:00Z, or seconds since 1970",
  },
  "max-size": { flags: "--max-size", value: "SIZE", help: "stop when the folder is larger" },
  "min-free": {
    flags: "--min-free",
    value: "SIZE",
    help: "stop when the disk has less room than this",
  },
  cluster: {
    flags: "--cluster",
    value: "NAME",
    help: "cluster this host belongs to (default: local)",
  },
  run: { flags: "--run", value: "NAME", help: "name of the run (default: the time it starts)" },
  role: {
    flags: "--role",
    value: "ROLE",
    help: "the host's role in the cluster (default: worker)",
  },
  host: { flags: "--host", value: "NAME", help: "name to record (default: the host's own)" },
  objects: {
    flags: "--objects",
    value: "LIST",
    help: "counter objects, comma-separated, * allowed (default: all)",
  },
  "all-devices": { flags: "--all-devices", help: "loop, ram and zram devices too" },
  "control-groups": {
    flags: "--control-groups",
    value: "N",
    help: "record at most N control groups (default: 200)",
  },
  pss: {
    flags: "--pss",
    help: "memory of processes with shared pages divided (a millisecond each, every 10 s)",
  },
  "segment-size": {
    flags: "--segment-size",
    value: "SIZE",
    help: "begin a new file after this size (default: 64MB)",
  },
  "segment-time": {
    flags: "--segment-time",
    value: "TIME",
    help: "begin a new file after this time (default: 1h)",
  },
  "keep-segments": {
    flags: "--keep-segments",
    value: "N",
    help: "circular: keep only the newest N files (default: all)",
  },
  format: {
    flags: "--format",
    value: "FORMAT",
    help: "log, or text: csv, tsv (default: log; text not in the agent)",
  },
  source: {
    flags: "--source",
    value: "SOURCE",
    help: "kernel, or tools: what iostat, top, sar, ... print (not in the agent)",
  },
  tools: {
    flags: "--tools",
    value: "LIST",
    help: "with --source tools: which ones, comma-separated",
  },
  quiet: { flags: "-q, --quiet", help: "say nothing but errors" },
  help: { flags: "-h, --help", help: "show this help" },
};

/** One line for each option. */
export function optionLines(): string[] {
  return Object.values(OPTIONS).map(({ flags, value, help }) => {
    const left = `${flags.startsWith("--") ? "    " : ""}${flags}${value ? ` ${value}` : ""}`;
    return `  ${left.padEnd(26)} ${help}`;
  });
}

/** The help of `perfmon record`. */
export function recordHelp(): string {
  return `Usage: perfmon record [options] [-- COMMAND ...]

Records this host's performance counters into a folder: until Ctrl-C, for a time, or while COMMAND
runs. With COMMAND its exit code is kept, signals are passed on, and its duration is recorded.

Options:
${optionLines().join("\n")}

Examples:
  perfmon record --for 5m -o before
  perfmon record -i 500ms --cluster cloud --run tuesday -- hadoop jar terasort.jar
  perfmon record --objects Processor,PhysicalDisk,Pressure --keep-segments 24
  perfmon record --source tools --tools iostat,top,free --for 5m

Exit codes: 0 done, 1 failed, 2 usage; with COMMAND, the command's own.
`;
}

/** @returns the options, or "help" when that was asked for. @throws UsageError */
export function parseRecordOptions(argv: readonly string[]): RecordOptions | "help" {
  const given = new Map<string, string>();
  let command: readonly string[] = [];
  for (let i = 0; i < argv.length; i++) {
    const argument = argv[i]!;
    if (argument === "--") {
      command = argv.slice(i + 1);
      if (command.length === 0) throw usage("There is no COMMAND after --.");
      break;
    }
    if (!argument.startsWith("-")) {
      throw usage(`"${argument}" is not an option; a COMMAND stands after --.`);
    }
    const { name, spec, attached } = lookUp(argument);
    if (!spec.value) {
      if (attached !== undefined) throw usage(`--${name} takes no value.`);
      given.set(name, "");
    } else if (attached !== undefined) given.set(name, attached);
    else {
      const value = argv[++i];
      if (value === undefined || value === "--") throw usage(`--${name} needs a value.`);
      given.set(name, value);
    }
  }
  return given.has("help") ? "help" : toOptions(given, command);
}

function lookUp(argument: string): { name: string; spec: OptionSpec; attached?: string } {
  const equals = argument.startsWith("--") ? argument.indexOf("=") : -1;
  const flag = equals < 0 ? argument : argument.slice(0, equals);
  for (const [name, spec] of Object.entries(OPTIONS)) {
    if (!spec.flags.split(", ").includes(flag)) continue;
    return { name, spec, ...(equals < 0 ? undefined : { attached: argument.slice(equals + 1) }) };
  }
  throw usage(`There is no option ${flag}.`);
}

function toOptions(given: ReadonlyMap<string, string>, command: readonly string[]): RecordOptions {
  const output = given.get("output");
  const forTime = given.get("for");
  const at = given.get("at");
  const maxSize = given.get("max-size");
  const minFree = given.get("min-free");
  const run = given.get("run");
  const host = given.get("host");
  const intervalMs = parseDuration(given.get("interval") ?? "1s");
  if (intervalMs < 10) throw usage("The interval must be at least 10ms.");
  return {
    ...(output === undefined ? undefined : { output }),
    ...(forTime === undefined ? undefined : { forMs: parseDuration(forTime) }),
    ...(at === undefined ? undefined : { atMs: parseInstant(at) }),
    ...(maxSize === undefined ? undefined : { maxBytes: parseSize(maxSize) }),
    ...(minFree === undefined ? undefined : { minFreeBytes: parseSize(minFree) }),
    ...(run === undefined ? undefined : { run: checkName(run, "run") }),
    ...(host === undefined ? undefined : { host: checkName(host, "host") }),
    intervalMs,
    cluster: checkName(given.get("cluster") ?? "local", "cluster"),
    role: checkName(given.get("role") ?? "worker", "role"),
    objects: listOf(given.get("objects")),
    allDevices: given.has("all-devices"),
    maxControlGroups: wholeNumber(given.get("control-groups") ?? "200", "control-groups"),
    pss: given.has("pss"),
    segmentBytes: parseSize(given.get("segment-size") ?? "64MB"),
    segmentMs: parseDuration(given.get("segment-time") ?? "1h"),
    keepSegments: wholeNumber(given.get("keep-segments") ?? "0", "keep-segments"),
    format: given.get("format") ?? "log",
    source: given.get("source") ?? "kernel",
    tools: listOf(given.get("tools")),
    quiet: given.has("quiet"),
    command,
  };
}

function listOf(text = ""): readonly string[] {
  return text
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}

/**
 * Names become `cluster/run` and `cluster/run@window` on the command line.
 *
 * @throws UsageError
 */
export function checkName(text: string, what: string): string {
  if (!/^[^\s/@\\*][^/@\\*]*$/.test(text)) {
    throw usage(`"${text}" cannot be the name of a ${what}: it must not hold / \\ @ *.`);
  }
  return text;
}

/** A planned start lies near: who waits longer has mistyped it. */
const LONGEST_WAIT_MS = 7 * 86_400_000;

function parseInstant(text: string): number {
  const seconds = /^\d{1,11}(\.\d{1,9})?$/.test(text);
  const ms = seconds ? Number(text) * 1000 : Date.parse(text);
  if (!Number.isFinite(ms)) {
    throw usage(`--at ${text} is no time: write 2026-11-23T22:00:00Z or seconds since 1970.`);
  }
  if (ms > Date.now() + LONGEST_WAIT_MS) throw usage(`--at ${text} is more than a week away.`);
  return ms;
}

function wholeNumber(text: string, option: string): number {
  if (!/^\d+$/.test(text)) throw usage(`--${option} needs a whole number, not "${text}".`);
  return Number(text);
}

function usage(what: string): UsageError {
  return new UsageError(what, "See perfmon record --help.");
}
