/**
 * `iostat` of sysstat 7 to 12: plain, `-x`, `-s`, `-d`, `-c`, `-k`, `-m`, `-t`, `-z`, `-p`, `-g`,
 * `-h`, `--pretty`, JSON.
 *
 * Tables, each of them of one meaning: `cpu`; `device` (transfers without discards, up to sysstat
 * 11), `device with discards` (since 12, where they count as transfers), `extended` (`-x`), `short`
 * (`-x -s`, discards counted), `group` (`-g`).
 */
import type { Tool, ToolTable } from "./tool-report.ts";
import { iostatTableName, IostatTextParser } from "./iostat-text.ts";
import { objectsOf, SysstatJsonParser, tableOf, type JsonObject } from "./sysstat-json.ts";
import { lineStarts, parserByFirstLine } from "./text/lines.ts";

export const iostat: Tool = {
  id: "iostat",
  recognizes(firstLines) {
    const head = lineStarts(firstLines);
    if (head.some((line) => /^Device:?\s.*(tps|r\/s)|(tps|r\/s)\s.*\sDevice$/.test(line))) return 1;
    if (head.some((line) => /^\s*"avg-cpu"\s*:|"disk_device"\s*:/.test(line))) return 1;
    return head.some((line) => /^avg-cpu:\s+%user\s/.test(line)) ? 1 : 0;
  },
  parser: () =>
    parserByFirstLine((line) =>
      line.trimStart().startsWith("{")
        ? new SysstatJsonParser(jsonTables, true)
        : new IostatTextParser(),
    ),
};

/** Keys of sysstat 11.5 and 11.6, where they are other than `<title without %>`. */
const OLD_KEYS: Readonly<Record<string, string>> = {
  r: "r/s",
  w: "w/s",
  rkB: "rkB/s",
  wkB: "wkB/s",
  rMB: "rMB/s",
  wMB: "wMB/s",
  kB_read_per_sec: "kB_read/s",
  kB_wrtn_per_sec: "kB_wrtn/s",
  MB_read_per_sec: "MB_read/s",
  MB_wrtn_per_sec: "MB_wrtn/s",
};

function jsonTables(element: JsonObject): ToolTable[] {
  const cpu = tableOf("cpu", objectsOf([element["avg-cpu"]]));
  const disk = tableOf("device", objectsOf(element.disk), "disk_device");
  const columns = textTitles(disk?.columns ?? []);
  return [
    ...(cpu ? [{ ...cpu, columns: cpu.columns.map((key) => `%${key}`) }] : []),
    ...(disk ? [{ ...disk, name: iostatTableName(columns), columns }] : []),
  ];
}

/**
 * The titles of the text: what is a share has its % there, and `rrqm` is a share only beside
 * `rrqm/s`.
 */
function textTitles(keys: readonly string[]): string[] {
  return keys.map((key) => {
    if (key === "util") return "%util";
    if (/^[rwd]rqm$/.test(key)) return keys.includes("r/s") ? `%${key}` : `${key}/s`;
    return OLD_KEYS[key] ?? key;
  });
}
