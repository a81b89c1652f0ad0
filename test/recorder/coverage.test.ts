/**
 * What collectors read, the recorder records: where a new collector reads another file, this test
 * tells what to add to the lists in recorder.sh, or to the exceptions here.
 */
import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { collectors } from "../../src/collectors/all.ts";
import { recorderScript } from "../../src/cli/recorder/recorder-script.ts";
import { readInventory } from "../../src/inventory/inventory.ts";
import { SampleRow } from "../../src/counter/sample-row.ts";
import { type FileTree, mountTree, unmountTree } from "../../src/util/host-files.ts";

/** Read by a collector, and left out of a raw recording on purpose. */
const LEFT_OUT: readonly RegExp[] = [
  // The agent's own cost: there is no agent.
  /^proc\/self\//,
  // Of processes, `stat` is recorded if anything.
  /^proc\/\d+\//,
];

/** This machine, and what is read of it. */
const reread = new Set<string>();
const onceRead = new Set<string>();
const machine: FileTree = {
  file: (path) => {
    if (!existsSync(`/${path}`)) return undefined;
    return {
      read(into, offset, length, position) {
        reread.add(path);
        return readFileSync(`/${path}`).copy(into, offset, position, position + length);
      },
      whole() {
        onceRead.add(path);
        return readFileSync(`/${path}`);
      },
    };
  },
  list: (path) => (existsSync(`/${path}`) ? readdirSync(`/${path}`) : undefined),
  link: (path) => readlinkSync(`/${path}`),
};
const root = mountTree(machine);
afterAll(() => unmountTree(root));

/** A list of the script, as patterns of paths below `root`. */
function listed(name: string, below: string): RegExp[] {
  const text = new RegExp(`^${name}=(?:"[^"]*")?'([^']*)'`, "m").exec(recorderScript())?.[1];
  if (text === undefined) throw new Error(`recorder.sh has no list ${name}`);
  return text
    .trim()
    .split(/\s+/)
    .map((glob) => new RegExp(`^${below}/${glob.replace(/\./g, "\\.").replace(/\*/g, "[^/]*")}$`));
}

function missing(paths: Iterable<string>, lists: readonly RegExp[]): string[] {
  return [...paths].filter((path) => ![...lists, ...LEFT_OUT].some((list) => list.test(path)));
}

describe("recorder.sh", () => {
  const every = listed("every", "proc");
  const minute = [...listed("minute", "proc"), ...listed("minute_sys", "sys")];

  it.each(collectors.map((collector) => [collector.object.name, collector] as const))(
    "records what %s reads",
    (_, collector) => {
      reread.clear();
      onceRead.clear();
      let seconds = 1000;
      const open = collector.open({
        procRoot: `${root}/proc`,
        sysRoot: `${root}/sys`,
        etcRoot: `${root}/etc`,
        clockTicksPerSecond: 100,
        pageSizeBytes: 4096,
        options: { allBlockDevices: true },
        monotonicSeconds: () => seconds++,
      });
      const row = new SampleRow();
      for (let i = 0; i < 2; i++) {
        row.begin();
        open?.collect(row);
      }
      open?.close();
      const isSlow = collector.object.cadence !== "every-sample";
      expect(missing(reread, isSlow ? [...every, ...minute] : every)).toEqual([]);
      expect(missing(onceRead, [...every, ...minute, /^etc\//])).toEqual([]);
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
    const once = [
      ...[listed("once", "proc"), listed("minute_sys", "sys"), listed("once_sys", "sys")].flat(),
      ...listed("once_etc", "etc"),
      // Some words of it only.
      /^proc\/cmdline$/,
      // It identifies this very volume.
      /^sys\/block\/[^/]+\/dm\/uuid$/,
      // Groups of cgroup v1 and groups below the first: where the recorder runs is not where the job does.
      /^sys\/fs\/cgroup\//,
    ];
    expect(onceRead.size).toBeGreaterThan(40);
    expect(missing(onceRead, once)).toEqual([]);
  });
});
