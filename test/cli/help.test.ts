import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { commandsDoc } from "../../scripts/commands-doc.ts";
import { buildProgram } from "../../src/cli/program.ts";
import { commandNames, loadCommand } from "../../src/cli/registry.ts";
import { perfmon } from "../support/run-cli.ts";

describe("help", () => {
  it("is what docs/commands.md says", async () => {
    const written = readFileSync(new URL("../../docs/commands.md", import.meta.url), "utf8");
    expect(written).toBe(await commandsDoc());
  });

  it.each(commandNames())("of %s shows usage and examples", async (name) => {
    const result = await perfmon([name, "--help"]);
    expect(result).toMatchObject({ exitCode: 0, stderr: "" });
    expect(result.stdout).toMatch(new RegExp(`^Usage: perfmon ${name}`));
    expect(result.stdout).toContain("Examples:");
    expect((await perfmon(["help", name])).stdout).toBe(result.stdout);
  });

  it("gives examples whose options exist", async () => {
    const commands = await Promise.all(commandNames().map(loadCommand));
    const context = { argv: [] } as unknown as Parameters<typeof buildProgram>[1];
    const program = buildProgram(commands, {
      ...context,
      stdout: { write: () => undefined, isTerminal: false, columns: 100, rows: 40 },
      stderr: { write: () => undefined, isTerminal: false, columns: 100, rows: 40 },
    });
    const wrong: string[] = [];
    let flags = 0;
    for (const { name, examples, help } of commands) {
      expect(examples.length, name).toBeGreaterThan(0);
      const command = program.commands.find((c) => c.name() === name)!;
      const all = [command, ...command.commands];
      const own = help ? await help() : all.map((one) => one.helpInformation()).join("\n");
      for (const [line] of examples) {
        expect(line).toMatch(new RegExp(`^perfmon ${name}\\b`));
        const options = line.replace(/ -- .*| [|>] .*|"[^"]*"|'[^']*'/g, "");
        for (const [flag] of options.matchAll(/(?<= )--?[a-z][a-z-]*/g)) {
          flags++;
          if (!new RegExp(`(^|[\\s,])${flag}\\b`).test(own)) wrong.push(`${line}: ${flag}`);
        }
      }
    }
    expect(flags).toBeGreaterThan(10);
    expect(wrong).toEqual([]);
  });

  it("lists the commands, and knows its version", async () => {
    const { stdout, exitCode } = await perfmon(["--help"]);
    expect(exitCode).toBe(0);
    for (const name of commandNames()) expect(stdout).toMatch(new RegExp(`^  ${name} `, "m"));
    expect((await perfmon(["--version"])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe("wrong usage", () => {
  it("without a command shows help on stderr", async () => {
    const result = await perfmon([]);
    expect(result).toMatchObject({ exitCode: 2, stdout: "" });
    expect(result.stderr).toContain("Commands:");
  });

  it.each([
    [["cuonters"], /unknown command 'cuonters' \(did you mean counters\?\)/i],
    [
      ["runs", "--jsn"],
      /unknown option '--jsn' \(did you mean --json\?\)\nSee: perfmon runs --help/i,
    ],
    [["compare", "a"], /missing required argument 'candidate'\nSee: perfmon compare --help/],
    [["runs", "x"], /too many arguments/],
    [["watch", String.raw`\Memory\*`, "-n", "0"], /-n 0 is not a number of samples/],
    [["watch", String.raw`\Memory\*`, "-i", "soon"], /"soon" is not a duration/],
    [["watch", String.raw`\Memory\*`, "-f", "xml"], /no format "xml"[^]*csv, tsv, json, table/],
    [["compare", "a", "b", "--margin", "much"], /--margin much is not a percentage/],
    [["compare", "a", "b", "--work", "5,6,7"], /--work 5,6,7 is not an amount, or two of them/],
    [["compare", "a", "b", "--fail-on", "rain"], /does not know "rain"/],
    [["query", "select 1", "--json", "--csv"], /exclude each other/],
    [["demo", "--seconds", "1"], /not a number from 3 to 600/],
    [["record", "--nonsense"], /no option --nonsense/],
  ])("%j", async (argv, message) => {
    const { exitCode, stdout, stderr } = await perfmon(argv);
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/^perfmon: /);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
  });
});
