/**
 * The agent as one file that runs on Node 12.22 without any installed package: our own code only,
 * lowered to ES2019, with `require` of Node's own modules by the names that Node 12 knows (it has
 * no `node:` prefix).
 */
import { builtinModules } from "node:module";
import { defineConfig } from "rolldown";
import { withoutHelp } from "./scripts/without-help.ts";

/**
 * The bundle is a program of its own: a shell script whose second line hands the same file over to
 * Node, and JavaScript in which that line is a string and a comment. The settings can be given in no
 * other way, and keep the agent small (docs/agent.md): helper threads have little to do here, and
 * each of them keeps memory of its own.
 */
const NODE_OPTIONS =
  "--single-threaded --v8-pool-size=0 --max-semi-space-size=1 --no-memory-reducer " +
  "--max-old-space-size=1024 --expose-gc";
/** Else glibc keeps for good what the start needed and gave back. */
const ENVIRONMENT = "MALLOC_TRIM_THRESHOLD_=65536 MALLOC_TOP_PAD_=0";
const LAUNCHER = `#!/bin/sh
":" //; ${ENVIRONMENT} exec node ${NODE_OPTIONS} "$0" "$@"`;

export default defineConfig({
  input: "src/agent/main.ts",
  platform: "node",
  tsconfig: false,
  external: [...builtinModules, ...builtinModules.map((name) => `node:${name}`)],
  plugins: [withoutHelp()],
  transform: {
    // Not "node12": that keeps private methods, which Node has from 14.6 on.
    target: "es2019",
    // Class fields as plain assignments, without a helper.
    assumptions: { setPublicClassFields: true },
  },
  output: {
    file: `${process.env.AGENT_BUNDLE_FOLDER ?? "dist"}/agent.cjs`,
    format: "cjs",
    codeSplitting: false,
    dynamicImportInCjs: false,
    postBanner: LAUNCHER,
    comments: { legal: true, annotation: false, jsdoc: false },
    paths: (id) => (id.startsWith("node:") ? id.slice("node:".length) : id),
  },
});
