/** Every fixture of a tool's text can be imported, and no printed number is lost on the way. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { importTools } from "../../src/formats/tools/import-tools.ts";
import { timeZone } from "../../src/formats/tools/time-zone.ts";
import { openRecording } from "../../src/recording/recording.ts";
import { recognizeTool, tools } from "../../src/toolout/all.ts";
import { recordedValues } from "../support/recorded-values.ts";
import { projectRoot } from "../support/source-files.ts";
import { parseLines, toolFixtures, toolLines } from "../support/tool-text.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "perfmon-import-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Totals since boot and an error message: nothing that an import could use. */
const UNKNOWN = new Set(["vmstat/disk-sum.txt", "vmstat/partition.txt", "vmstat/stats.txt"]);

/** Lines that are whole: ifstat -S writes its samples over each other, and was stopped in its last. */
function wholeLines(tool: string, file: string): string[] {
  const lines = toolLines(tool, file);
  return file === "scroll.txt" ? lines.map((line) => line.replace(/\r[^\r]*$/, "")) : lines;
}

const fixtures = tools.flatMap((tool) => toolFixtures(tool.id).map((file) => ({ tool, file })));

describe.each(fixtures)("$tool.id/$file", ({ tool, file }) => {
  const path = join(projectRoot, "src/toolout/fixtures", tool.id, file);
  const options = () => ({
    folder: join(folder, tool.id, file),
    cluster: "c",
    run: "r",
    role: "worker",
    zone: timeZone("UTC"),
    startMs: Date.UTC(2026, 10, 24, 12),
    intervalMs: 1000,
  });

  const isKnown = !UNKNOWN.has(`${tool.id}/${file}`);

  it("is known by its content", () => {
    const found = recognizeTool(toolLines(tool.id, file).slice(0, 64))?.id;
    expect(found).toBe(isKnown ? tool.id : undefined);
  });

  it("is imported whole", async () => {
    const { reports, parser } = parseLines(tool, wholeLines(tool.id, file));
    const samples = reports.filter(({ sinceBoot, summary }) => !sinceBoot && !summary);
    if (samples.length === 0 || !isKnown) {
      await expect(importTools([path], options())).rejects.toThrow(
        isKnown ? /since boot|no whole report/ : /not the output of a tool/,
      );
      return;
    }
    const result = await importTools([path], options());
    const printed = samples
      .flatMap(({ tables }) => tables.filter(({ name }) => name !== "comment"))
      .flatMap(({ rows }) => rows.flatMap(({ cells }) => cells))
      .filter((cell) => typeof cell === "number").length;
    const [{ cells, unknown }] = result.files as [(typeof result.files)[0]];
    const { totals } = result;
    // Each number becomes a value, or there is a reason why not.
    expect(cells.numbers).toBe(printed);
    expect(cells.mapped + cells.imported + cells.identity + cells.leftOut + cells.repeated).toBe(
      printed,
    );
    expect(totals.given + totals.repeated).toBe(cells.mapped + cells.imported + cells.derived);
    expect(totals).toMatchObject({ outOfOrder: 0, repeated: 0 });
    expect(totals.values + totals.weightless).toBe(totals.given);
    expect(unknown.lines).toBe(parser.unknown.lines);
    // And is in the recording.
    const values = [...recordedValues(openRecording(result.folder)).values()].flat();
    expect(values.length).toBe(totals.values);
  });
});
