/**
 * Writes `src/log/header-dictionary.ts` and what it says for people: every object as most hosts record
 * it, which is as a fixture host does, or as declared where none has such a thing. A dictionary that
 * logs were kept with is never changed, because they cannot be read without it (test/lab/recordings
 * are such): a better one gets the next number and stands beside it. What it lacks is written whole.
 *
 * usage: tsx scripts/generate-header-dictionary.ts && npm run format
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { deflateRawSync } from "node:zlib";
import { Sampler } from "../src/agent/sampler.ts";
import { collectors } from "../src/collectors/all.ts";
import { recordedObject } from "../src/counter/recorded.ts";
import { denseText } from "../src/log/dense-object.ts";
import { FixtureHost } from "../test/hosts/fixture-host.ts";
import { idleAgent } from "../test/support/fake-host.ts";
import { projectRoot } from "../test/support/source-files.ts";

/** Deflate looks back so far, and the object's own text takes its place as it goes on. */
const MAX_ENTRY_BYTES = 16_384;

/** A host as there are many; ones that have what that one lacks, such as run-queue delay per CPU. */
const known = ["debian12-6.18", "rhel8-4.18"].flatMap((name) => {
  const host = new FixtureHost(name);
  const { objects } = new Sampler(collectors, { ...host.context, agent: idleAgent() });
  host.remove();
  return objects;
});

/** As the host knows the object that has most of it: less is told in fewer bytes than more. */
const entries = collectors.map(({ object }) => {
  const texts = known.filter(({ name }) => name === object.name).map(denseText);
  const fullest = texts.sort((a, b) => b.length - a.length)[0];
  return fullest ?? denseText(recordedObject(object));
});
/** The rest of a header: keys, and what a process has. */
const rest = JSON.stringify({
  recording: { id: "", host: "", cluster: "", run: "", role: "worker", intervalMs: 1000 },
  segment: 1,
  block: 0,
  start: { wallMs: 1, monotonicMs: 1 },
  units: [
    [1, 0, 0, "_Total"],
    [
      2,
      1,
      0,
      ":1",
      "",
      { role: "", kernelThread: "no", startTime: "", uid: "0", user: "root", cgroup: "/" },
    ],
  ],
});

for (const entry of [rest, ...entries]) {
  if (entry.length > MAX_ENTRY_BYTES) throw new Error(`too long: ${entry.slice(0, 40)}`);
  if (/[^\x20-\x7e]/.test(entry)) throw new Error(`not ASCII: ${entry.slice(0, 40)}`);
}
const packed = deflateRawSync(entries.join("\n"), { level: 9 }).toString("base64");
writeFileSync(
  join(projectRoot, "src", "log", "header-dictionary.ts"),
  `/** Dictionary number 1 of block headers. Written by scripts/generate-header-dictionary.ts. */
import { inflateRawSync } from "node:zlib";

/**
 * Objects as most hosts record them, one per line: docs/header-dictionary-1.txt, deflated, because an
 * agent keeps its own text in memory. Frozen: logs cannot be read without it.
 */
const PACKED =
  ${JSON.stringify(packed)};

export function headerDictionary(): readonly string[] {
  return inflateRawSync(Buffer.from(PACKED, "base64")).toString("latin1").split("\\n");
}

/** What a header's rest looks like; belongs to dictionary number 1 as well. */
export const restDictionary = ${JSON.stringify(rest)};
`,
);
writeFileSync(
  join(projectRoot, "docs", "header-dictionary-1.txt"),
  [...entries, rest].map((entry) => `${entry}\n`).join(""),
);
console.log(`${entries.length} objects, ${entries.join("").length} bytes`);
