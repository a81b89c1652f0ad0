/**
 * Writes `src/log/header-dictionary.ts` from the declarations and a fixture host. A released
 * dictionary is never changed, because logs cannot be read without it: a better one gets the next
 * number and stands beside it.
 *
 * usage: tsx scripts/generate-header-dictionary.ts && npm run format
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Sampler } from "../src/agent/sampler.ts";
import { collectors } from "../src/collectors/all.ts";
import { headerText } from "../src/log/header-codec.ts";
import { FixtureHost } from "../test/hosts/fixture-host.ts";
import { idleAgent } from "../test/support/fake-host.ts";
import { projectRoot } from "../test/support/source-files.ts";

const host = new FixtureHost("debian12-6.18");
const { objects } = new Sampler(collectors, { ...host.context, agent: idleAgent() });
const recording = { id: "", host: "", cluster: "", run: "", role: "", intervalMs: 1000 };
const start = { wallMs: 0, monotonicMs: 0 };
const text = headerText({ objects, recording, segment: 1, block: 0, start, units: [] });
host.remove();

// Deflate looks back 32 KiB at most, and the header's own text takes its place as it goes on.
const dictionary = text.slice(0, text.indexOf(',"recording":'));
if (dictionary.length > 32_000) throw new Error(`too long: ${dictionary.length} bytes`);
const pieces = dictionary.split(/(?<=\]\],)(?=\["[A-Z])/);
const lines = pieces.map((piece) => `  ${JSON.stringify(piece)},`);
writeFileSync(
  join(projectRoot, "src", "log", "header-dictionary.ts"),
  `/**
 * What most block headers hold: the preset dictionary number 1 of their compression. Frozen: logs
 * cannot be read without it. Written by scripts/generate-header-dictionary.ts.
 */
export const headerDictionary = Buffer.from(
  [
${lines.map((line) => `  ${line}`).join("\n")}
  ].join(""),
  "latin1",
);
`,
);
