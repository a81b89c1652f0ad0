/**
 * What collectors read, the recorder records: where a new collector reads another file, this test
 * tells what to add to the lists in recorder.sh, or to the exceptions here.
 */
import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { recorderScript } from "../../src/cli/recorder/recorder-script.ts";
import { collectors } from "../../src/collectors/all.ts";
import type { OpenCollector } from "../../src/collectors/collector.ts";
import { SampleRow } from "../../src/counter/sample-row.ts";
import { readInventory } from "../../src/inventory/inventory.ts";
import { type FileTree, mountTree, unmountTree } from "../../src/util/host-files.ts";
import { fixtureHosts, hostFolder } from "../hosts/fixture-host.ts";

/**
 * Read by a collector, and left out of a raw recording on purpose. Left out as well, because no list
 * of text files could hold it: performance data of JVMs (binary), how full file systems are (statfs),
 * what the program ethtool tells.
 */
const LEFT_OUT: readonly RegExp[] = [
  // The agent's own cost and rights: there is no agent.
  /^proc\/self\/(?!mount)/,
  // A line per socket, and with whom: long on large hosts, and nobody's business.
  /^proc\/net\/tcp6?$/,
  // Of processes, `stat` is recorded if anything: no arguments, no users.
  /^proc\/\d+\//,
  /^etc\/passwd$/,
  // Control groups further down: a host can have thousands, and each costs twenty files.
  /^sys\/fs\/cgroup\/([^/]+\/){4}/,
  // Where RHEL 6 mounts them.
  /^cgroup\//,
];

/** Written line by line, not by `head`: the root and control groups of it. */
const BY_ITSELF = /^proc\/self\/mounts$/;
/** Objects left out as a whole: several files of each CPU, for counters that few look at. */
const LEFT_OUT_OBJECTS: ReadonlySet<string> = new Set(["Processor Idle State"]);

/** They read something that is in no hurry beside what is in every sample; see `NOT_NOW`. */
const ONCE_IN_A_WHILE: ReadonlySet<string> = new Set(["NUMA Node Memory"]);

/** Read by the inventory alone. */
const NOT_IN_INVENTORY: readonly RegExp[] = [
  // Some words of it only.
  /^proc\/cmdline$/,
  // It identifies this very volume.
  /^sys\/block\/[^/]+\/dm\/uuid$/,
  // Limits of the group that the agent is in: where the recorder runs is not where the job does.
  /^sys\/fs\/cgroup\//,
];

/** A host, and what is read of it. */
class WatchedHost implements FileTree {
  readonly root = mountTree(this);
  readonly reread = new Set<string>();
  readonly onceRead = new Set<string>();
  private readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  file(path: string) {
    const real = this.real(path);
    if (!existsSync(real)) return undefined;
    const { reread, onceRead } = this;
    return {
      read(into: Uint8Array, offset: number, length: number, position: number) {
        reread.add(path);
        return readFileSync(real).copy(into, offset, position, position + length);
      },
      whole() {
        onceRead.add(path);
        return readFileSync(real);
      },
    };
  }

  list(path: string) {
    try {
      return readdirSync(this.real(path));
    } catch {
      return undefined;
    }
  }

  link(path: string) {
    return readlinkSync(this.real(path));
  }

  private real(path: string): string {
    return join(this.folder, path);
  }
}

/** Words of a list in the script, and of what it adds to it where a host is such. */
function words(name: string): string[] {
  const script = recorderScript();
  const list = new RegExp(`^${name}='([^']*)'`, "m").exec(script)?.[1];
  if (list === undefined) throw new Error(`recorder.sh has no list ${name}`);
  const more = [...script.matchAll(new RegExp(`\\b${name}="\\$${name} ([^"]*)"`, "g"))];
  return [list, ...more.map((match) => match[1]!)].join(" ").trim().split(/\s+/);
}

/** The paths that a list stands for. */
function globs(name: string): string[] {
  let folder = "";
  const paths: string[] = [];
  for (const word of words(name)) {
    if (word.endsWith(":")) folder = word.slice(0, -1);
    else paths.push(folder === "" ? word : `${folder}/${word}`);
  }
  return paths;
}

function pattern(glob: string): RegExp {
  const text = glob.replace(/[.+]/g, "\\$&").replace(/\*/g, "[^/]*").replace(/\[!/g, "[^");
  return new RegExp(`^${text}$`);
}

const listed = (name: string): RegExp[] => globs(name).map(pattern);
const groupFiles = globs("groups").flatMap((folder) =>
  words("group_files").map((file) => pattern(`${folder}${file}`)),
);
const every = listed("every");
const minute = [...listed("minute"), ...groupFiles, BY_ITSELF];

function missing(paths: Iterable<string>, lists: readonly RegExp[]): string[] {
  return [...paths].filter((path) => ![...lists, ...LEFT_OUT].some((list) => list.test(path)));
}

const HOSTS: readonly (readonly [name: string, folder: string])[] = [
  ["this host", "/"],
  ...fixtureHosts().map((name) => [name, join(hostFolder(name), "1")] as const),
];

describe.each(HOSTS)("recorder.sh, of %s,", (name, folder) => {
  const host = new WatchedHost(folder);
  const { root, reread, onceRead } = host;
  afterAll(() => unmountTree(root));

  const recorded = collectors.filter(({ object }) => !LEFT_OUT_OBJECTS.has(object.name));
  it.each(recorded.map((collector) => [collector.object.name, collector] as const))(
    "records what %s reads",
    (_name, collector) => {
      reread.clear();
      onceRead.clear();
      let seconds = 1000;
      let open: OpenCollector | undefined;
      const atOpen = new Set<string>();
      // A masked file is told by an error; what was read up to there counts all the same.
      const unlessMasked = (action: () => void) => {
        try {
          action();
        } catch {
          expect(folder).toMatch(/unfolded/);
        }
      };
      unlessMasked(() => {
        open = collector.open({
          procRoot: `${root}/proc`,
          sysRoot: `${root}/sys`,
          etcRoot: `${root}/etc`,
          clockTicksPerSecond: 100,
          pageSizeBytes: 4096,
          options: { allBlockDevices: true },
          monotonicSeconds: () => seconds++,
        });
      });
      // What is opened is read from then on, or was looked at once.
      for (const path of reread) atOpen.add(path);
      reread.clear();
      const row = new SampleRow();
      for (let i = 0; i < 2; i++) {
        row.begin();
        unlessMasked(() => open?.collect(row));
      }
      open?.close();
      const { cadence, name } = collector.object;
      const ofMinute = cadence !== "every-sample" || ONCE_IN_A_WHILE.has(name);
      expect(missing(reread, ofMinute ? [...every, ...minute] : every)).toEqual([]);
      expect(missing([...onceRead, ...atOpen], [...every, ...minute])).toEqual([]);
    },
  );

  it("records what the inventory reads", () => {
    reread.clear();
    onceRead.clear();
    const roots = {
      procRoot: `${root}/proc`,
      sysRoot: `${root}/sys`,
      etcRoot: `${root}/etc`,
      fileRoot: root,
    };
    expect(readInventory(roots).schema).toBe(1);
    // A container that masks nearly everything, and the oldest kernel, leave little to read.
    expect(onceRead.size).toBeGreaterThan(/^(container-|rhel5)/.test(name) ? 5 : 20);
    const once = [...every, ...listed("minute"), ...listed("once"), ...NOT_IN_INVENTORY];
    expect(missing(onceRead, once)).toEqual([]);
  });
});
