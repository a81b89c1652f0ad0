/**
 * What the workstation knows of a run, in the folder that its recordings are collected into: settings
 * in `cluster-run.json`, and a file for each host, so that several commands may be at work at once and
 * any of them may die.
 */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { ClusterSettings } from "../config/cluster-file.ts";
import type { CommandResult } from "../counter/recording-identity.ts";
import { UserError } from "../util/errors.ts";

export const RUN_FILE = "cluster-run.json";
const HOSTS_FOLDER = ".hosts";

export interface RunDocument {
  readonly version: 1;
  readonly cluster: string;
  readonly run: string;
  readonly settings: ClusterSettings;
  /** When all recorders were to take their first sample, this machine's clock. */
  readonly startAtMs?: number;
  readonly command?: CommandResult;
  readonly marks: readonly { readonly timeMs: number; readonly name: string }[];
}

export interface ClockMeasurement {
  readonly when: "start" | "stop";
  /** This machine's clock. */
  readonly atMs: number;
  /** The host's clock less this machine's. */
  readonly offsetMs: number;
  readonly roundTripMs: number;
}

export interface CollectedFile {
  readonly bytes: number;
  readonly checksum: string;
}

export interface HostState {
  readonly host: string;
  readonly role: string;
  readonly recorder?: "node" | "sh";
  /** Folders of its recordings, `HOST`, `HOST~2`, as they were begun. */
  readonly parts: readonly string[];
  readonly clock: readonly ClockMeasurement[];
  /** `PART/FILE` to what has arrived and was verified. */
  readonly collected: Readonly<Record<string, CollectedFile>>;
  /** Nothing that was there when it was last asked is missing here. */
  readonly complete?: boolean;
  /** How its newest recording was when it was last asked. */
  readonly state?: string;
  /** The host is no longer in the cluster: what it gave is kept. */
  readonly vanished?: boolean;
}

export class ClusterRun {
  readonly folder: string;
  private current: RunDocument;

  private constructor(folder: string, document: RunDocument) {
    this.folder = folder;
    this.current = document;
  }

  /** Makes the folder, or takes up the run that is in it. */
  static create(folder: string, document: RunDocument): ClusterRun {
    if (existsSync(join(folder, RUN_FILE))) {
      const before = ClusterRun.open(folder);
      const { cluster, run } = before.document;
      if (cluster === document.cluster && run === document.run) {
        before.update({ settings: document.settings });
        return before;
      }
      throw new UserError(
        `${folder} holds the run ${cluster}/${run}.`,
        "Give another folder with -o.",
      );
    }
    mkdirSync(join(folder, HOSTS_FOLDER), { recursive: true });
    const made = new ClusterRun(folder, document);
    made.update({});
    return made;
  }

  /** @throws UserError when there is none, or it cannot be read */
  static open(folder: string): ClusterRun {
    const path = join(folder, RUN_FILE);
    if (!existsSync(path)) {
      throw new UserError(
        `${folder} is not the folder of a cluster's run: there is no ${RUN_FILE} in it.`,
        "Give the folder that perfmon cluster start named.",
      );
    }
    const document = readJson(path) as RunDocument | undefined;
    if (document?.version === 1) return new ClusterRun(folder, document);
    throw new UserError(
      `${path} cannot be read.`,
      "It was written by another perfmon, or is damaged.",
    );
  }

  get document(): RunDocument {
    return this.current;
  }

  get settings(): ClusterSettings {
    return this.current.settings;
  }

  update(changes: Partial<RunDocument>): void {
    // Another command may have written since.
    const path = join(this.folder, RUN_FILE);
    const before = existsSync(path) ? (readJson(path) as RunDocument | undefined) : undefined;
    this.current = { ...this.current, ...before, ...changes };
    writeJson(path, this.current);
  }

  /** Hosts that were begun or looked at, in order of their names. */
  hostNames(): string[] {
    return readdirSync(join(this.folder, HOSTS_FOLDER))
      .filter((name) => name.endsWith(".json"))
      .map((name) => name.slice(0, -5))
      .sort();
  }

  host(name: string): HostState {
    const known = readJson(this.hostPath(name)) as HostState | undefined;
    const role = this.settings.roles[name] ?? "worker";
    return known ?? { host: name, role, parts: [], clock: [], collected: {} };
  }

  updateHost(name: string, changes: Partial<HostState>): HostState {
    const next = { ...this.host(name), ...changes };
    writeJson(this.hostPath(name), next);
    return next;
  }

  private hostPath(name: string): string {
    return join(this.folder, HOSTS_FOLDER, `${name}.json`);
  }
}

/**
 * The folder of the run that is meant when none is named: this one, or the one below it that was begun
 * last.
 *
 * @throws UserError when there is none
 */
export function findRunFolder(folder: string): string {
  if (existsSync(join(folder, RUN_FILE))) return folder;
  const found = foldersIn(folder)
    .flatMap((path) => [path, ...foldersIn(path)])
    .filter((path) => existsSync(join(path, RUN_FILE)))
    .map((path) => ({ path, at: statSync(join(path, ".hosts")).birthtimeMs }))
    .sort((a, b) => b.at - a.at);
  if (found[0]) return found[0].path;
  throw new UserError(
    `There is no cluster's run in ${folder}.`,
    "Begin one with perfmon cluster start, or name its folder.",
  );
}

function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
      .map(({ name }) => join(folder, name));
  } catch {
    return [];
  }
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as unknown;
  } catch {
    return undefined;
  }
}

function writeJson(path: string, value: unknown): void {
  const fresh = `${path}.${process.pid}.new`;
  writeFileSync(fresh, `${JSON.stringify(value, undefined, 1)}\n`);
  renameSync(fresh, path);
}
