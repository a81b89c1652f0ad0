/** The architecture itself: layers as ARCHITECTURE.md has them, names, sizes, where effects are. */
import { readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readArchitectureTable } from "./support/architecture-table.ts";
import {
  importsOf,
  projectRoot,
  sourceFiles,
  withoutComments,
  type SourceFile,
} from "./support/source-files.ts";

const layers = readArchitectureTable(readFileSync(join(projectRoot, "ARCHITECTURE.md"), "utf8"));
const all = sourceFiles("src");
const production = all.filter((file) => !file.path.endsWith(".test.ts"));
const layerOf = (path: string) => /^src\/([^/]+)\//.exec(path)?.[1];

/** Layers that the one-file agent for Node 12.22 is made of. */
const AGENT_LAYERS = [...(layers.get("agent")?.imports ?? [])].filter((name) => name !== "config");

describe("architecture", () => {
  it("has a row for every folder of src", () => {
    expect(layers.size).toBeGreaterThan(15);
    const folders = new Set(all.map((file) => layerOf(file.path)));
    expect([...folders].filter((folder) => !layers.has(folder ?? ""))).toEqual([]);
  });

  it("imports only what the table allows", () => {
    const wrong: string[] = [];
    let checked = 0;
    for (const file of production) {
      const layer = layers.get(layerOf(file.path) ?? "");
      for (const { target, typesOnly } of file.imports) {
        if (target === undefined) continue;
        checked++;
        const to = layerOf(target);
        if (to && layer?.imports.has(to)) continue;
        if (to && typesOnly && layer?.typeImports.has(to)) continue;
        wrong.push(`${file.path} imports ${target}${typesOnly ? " (types)" : ""}`);
      }
    }
    expect(checked).toBeGreaterThan(20);
    expect(wrong).toEqual([]);
  });

  it("uses installed packages only where they are declared, and none in the agent", () => {
    const manifest = JSON.parse(readFileSync(join(projectRoot, "package.json"), "utf8")) as {
      dependencies: Record<string, string>;
      optionalDependencies?: Record<string, string>;
      devDependencies: Record<string, string>;
    };
    const declared = { ...manifest.dependencies, ...manifest.optionalDependencies };
    // PGlite stands for PostgreSQL in tests; its store is loaded on demand.
    const onDemand = new Set(["@electric-sql/pglite"]);
    const wrong = production.flatMap((file) =>
      file.imports
        .filter(({ target, typesOnly }) => target === undefined && !typesOnly)
        .map(({ specifier }) => specifier)
        .filter((specifier) => !specifier.startsWith("node:"))
        .filter((specifier) => {
          const name = packageName(specifier);
          const known = Object.hasOwn(declared, name) || onDemand.has(name);
          return !known || AGENT_LAYERS.includes(layerOf(file.path) ?? "");
        })
        .map((specifier) => `${file.path} imports ${specifier}`),
    );
    expect(wrong).toEqual([]);
  });

  it("names Node's modules with their prefix", () => {
    const wrong = all.flatMap((file) =>
      file.imports
        .filter(({ specifier }) => builtinModules.includes(specifier))
        .map(({ specifier }) => `${file.path} imports ${specifier}`),
    );
    expect(wrong).toEqual([]);
  });

  it("starts processes and opens sockets only where that is their work", () => {
    const may = /^src\/(agent|target|server|cli|collectors\/tools|sinks)\//;
    const sockets = /^src\/(target|server|cli|collectors\/jmx|sinks)\//;
    const wrong = production.filter((file) =>
      file.imports.some(
        ({ specifier }) =>
          (specifier === "node:child_process" && !may.test(file.path)) ||
          (/^node:(net|http|https|tls|dgram)$/.test(specifier) && !sockets.test(file.path)),
      ),
    );
    expect(paths(wrong)).toEqual([]);
  });

  it("keeps parsers away from files", () => {
    const parsers = production.filter((file) =>
      /^src\/(procfs|toolout|analysis)\//.test(file.path),
    );
    expect(
      paths(parsers.filter((file) => file.imports.some((i) => i.specifier.startsWith("node:fs")))),
    ).toEqual([]);
  });

  it("reads a host's files through src/util/host-files.ts, so that recorded text can stand for them", () => {
    const readers = production.filter((file) =>
      /^src\/(collectors\/(?!tools\/|jmx\/)|inventory\/)/.test(file.path),
    );
    // Sizes, owners and binary files: nothing that text could stand for.
    const live = [
      "src/collectors/file-system-space.ts",
      "src/collectors/java-finder.ts",
      "src/collectors/java-virtual-machine.ts",
      "src/collectors/process-extras.ts",
      "src/inventory/host-files.ts",
    ];
    expect(readers.length).toBeGreaterThan(20);
    expect(
      paths(readers.filter((file) => file.imports.some((i) => i.specifier.startsWith("node:fs")))),
    ).toEqual(live);
  });

  it("names files in kebab-case and keeps them short", () => {
    const files = [
      ...all,
      ...sourceFiles("test"),
      ...sourceFiles("scripts"),
      ...sourceFiles("bench"),
    ];
    const misnamed = files.filter(
      (file) => !/^([a-z0-9-]+\/)+[a-z0-9]+(-[a-z0-9]+)*(\.test|\.d)?\.m?ts$/.test(file.path),
    );
    expect(paths(misnamed)).toEqual([]);
    const long = files.filter((file) => file.text.split("\n").length > 401);
    expect(paths(long)).toEqual([]);
  });

  it("exports by name only", () => {
    expect(paths(all.filter((file) => /^export default/m.test(file.text)))).toEqual([]);
  });

  it("prints and exits only in the command line and the agent's main", () => {
    const free = production.filter(
      (file) => !/^src\/(cli\/|agent\/(main|surroundings)\.ts)/.test(file.path),
    );
    const wrong = free.filter((file) =>
      /\bconsole\.|\bprocess\.(exit\(|exitCode\b|stdout\b|stderr\b)/.test(
        withoutComments(file.text),
      ),
    );
    expect(paths(wrong)).toEqual([]);
  });

  it("uses in the agent only what Node 12.22 has", () => {
    const agent = production.filter((file) => AGENT_LAYERS.includes(layerOf(file.path) ?? ""));
    const newer =
      /\.at\(|\.findLast|\.hasOwn\(|\.replaceAll\(|\.toSorted\(|\.toReversed\(|\bstructuredClone\(|\brmSync\(|\bcpSync\(|\brandomUUID\(|\bAbortController\b|\bcause:|\bgroupBy\(|\bWeakRef\b|"node:(fs|timers|stream)\/promises"|\bPromise\.any\(|\bAggregateError\b|\.readv\w*\(|\bfetch\(/;
    const wrong = agent.flatMap((file) => {
      const found = newer.exec(withoutComments(file.text));
      return found ? [`${file.path}: ${found[0]}`] : [];
    });
    expect(wrong).toEqual([]);
    // `#private` members become WeakMaps when lowered for Node 12: too slow; `private` is free.
    const hash = agent.filter((file) => /^\s+(readonly |static )*#[a-z]/m.test(file.text));
    expect(paths(hash)).toEqual([]);
  });

  it("depends on nothing of the machine it was written on", () => {
    const files = [
      ...all,
      ...sourceFiles("test"),
      ...sourceFiles("scripts", ""),
      ...sourceFiles("bench"),
    ];
    const folders = [projectRoot, homedir(), "/home"].filter((folder) => folder !== "/");
    const marks = folders.flatMap((folder) => ['"', "'", "`"].map((quote) => `${quote}${folder}/`));
    expect(
      paths(
        files.filter(
          (f) =>
            f.path !== "test/architecture.test.ts" && marks.some((mark) => f.text.includes(mark)),
        ),
      ),
    ).toEqual([]);
  });
});

describe("the reading of imports", () => {
  it("finds every form of import", () => {
    const text = [
      'import { a } from "./a.ts";',
      'import type { B } from "../counter/b.ts";',
      "import {",
      "  c,",
      '} from "node:fs";',
      'import "./side-effect.ts";',
      'export * from "./e.ts";',
      'const f = await import("./f.ts");',
      'let g: typeof import("./g.ts");',
      '// import { x } from "./comment.ts";',
    ].join("\n");
    expect(importsOf(text, join(projectRoot, "src/log/x.ts"))).toEqual([
      { specifier: "./a.ts", target: "src/log/a.ts", typesOnly: false },
      { specifier: "../counter/b.ts", target: "src/counter/b.ts", typesOnly: true },
      { specifier: "node:fs", target: undefined, typesOnly: false },
      { specifier: "./side-effect.ts", target: "src/log/side-effect.ts", typesOnly: false },
      { specifier: "./e.ts", target: "src/log/e.ts", typesOnly: false },
      { specifier: "./f.ts", target: "src/log/f.ts", typesOnly: false },
      { specifier: "./g.ts", target: "src/log/g.ts", typesOnly: true },
    ]);
  });

  it("reads the table's exceptions", () => {
    const table = readArchitectureTable(
      "| `src/util` | x | - |\n| `src/store` | y | util, cli (types only) |\n| `src/cli` | z | all |\n| `src/server` | z | all but cli |\n",
    );
    expect([...table.get("store")!.imports]).toEqual(["store", "util"]);
    expect([...table.get("store")!.typeImports]).toEqual(["cli"]);
    expect([...table.get("server")!.imports].sort()).toEqual(["server", "store", "util"]);
    expect(table.get("cli")!.imports.size).toBe(4);
  });
});

function packageName(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

function paths(files: readonly SourceFile[]): string[] {
  return files.map((file) => file.path);
}
