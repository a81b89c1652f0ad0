import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { recordedValues } from "../../../test/support/recorded-values.ts";
import { temporaryFolder } from "../../../test/support/synthetic-log.ts";
import { readChunks } from "../../recording/read-chunks.ts";
import { openRecording, type Recording } from "../../recording/recording.ts";
import { UserError } from "../../util/errors.ts";
import { PdhReader } from "./pdh-reader.ts";
import { importPdh, type PdhImportOptions } from "./import-pdh.ts";

const NAMES = { cluster: "windows", run: "one", role: "worker" };
const HEAD = String.raw`"(PDH-CSV 4.0) (Eastern Daylight Time)(240)","\\PC\Memory\Available Bytes","\\PC\Processor(_Total)\% Processor Time","\\PC\Process(AnyDesk#1)\IO Read Bytes/sec"`;
const ROWS = [
  '"09/16/2021 10:00:00.500","1000000000"," "," "',
  '"09/16/2021 10:00:01.500","1000000001","12.345678901234","8.5699999999999996016e-005"',
  '"09/16/2021 10:00:02.735","1000000002","100.13"," "',
  '"09/16/2021 10:00:03.500","1000000003"," ","0"',
];
const START_MS = Date.UTC(2021, 8, 16, 14, 0, 0, 500);

function fileOf(content: string | Buffer, name = "log.csv"): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, content);
  return path;
}

async function imported(
  content: string | Buffer | readonly string[],
  options: Partial<PdhImportOptions> = {},
): Promise<Recording[]> {
  const paths = Array.isArray(content)
    ? content.map((text, i) => fileOf(text as string, `${i}.csv`))
    : [fileOf(content as string | Buffer)];
  const folders = await importPdh(paths, temporaryFolder(), { ...NAMES, ...options });
  return folders.map(openRecording);
}

/** `path` to `[seconds after START, value, weight]`. */
function values(recording: Recording | undefined) {
  return Object.fromEntries(
    [...recordedValues(recording!)].map(([path, list]) => [
      path,
      list.map(({ timeMs, value, weight }) => [(timeMs - START_MS) / 1000, value, weight]),
    ]),
  );
}

function eventsOf(recording: Recording) {
  return [...readChunks(recording, 1, { maxReadings: Infinity })].flatMap(({ events }) => events);
}

const EXPECTED = {
  [String.raw`Memory()\Available Bytes`]: [
    [1, 1000000001, 1],
    [2.235, 1000000002, 1.235],
    [3, 1000000003, 0.765],
  ],
  [String.raw`Processor(_Total)\% Processor Time`]: [
    [1, 12.345678901234, 1],
    [2.235, 100.13, 1.235],
  ],
  [String.raw`Process(AnyDesk#1)\IO Read Bytes/sec`]: [
    [1, 8.57e-5, 1],
    [3, 0, 0.765],
  ],
};

const crlf = (...lines: string[]) => lines.map((line) => `${line}\r\n`).join("");
const LOG = crlf(HEAD, ...ROWS);

describe("a PDH text log", () => {
  it("becomes a recording: blanks are no values, the first row starts the first interval", async () => {
    const [recording, ...others] = await imported(LOG);
    expect(others).toEqual([]);
    expect(values(recording)).toEqual(EXPECTED);
    expect(recording!.manifest).toMatchObject({
      host: "PC",
      ...NAMES,
      startedMs: START_MS,
      timeZone: "Eastern Daylight Time",
      imported: { format: "pdh-csv", files: ["log.csv"] },
    });
  });

  it.each<[string, string | Buffer]>([
    ["with LF", LOG.replaceAll("\r\n", "\n")],
    ["as TSV", LOG.replaceAll('","', '"\t"').replace("PDH-CSV", "PDH-TSV")],
    ["in UTF-16 with a byte order mark", Buffer.from(`\ufeff${LOG}`, "utf16le")],
    ["in UTF-8 with a byte order mark", `\ufeff${LOG}`],
    ["without quotes, as a spreadsheet saves it", LOG.replaceAll('"', "")],
    [
      "with semicolons and decimal commas",
      LOG.replaceAll('","', '";"').replaceAll(/(\d)\.(\d+"(;|\r))/g, "$1,$2"),
    ],
    [
      "as typeperf prints it",
      `\r\n${LOG}Exiting, please wait...                         \r\nThe command completed successfully.\r\n`,
    ],
    [
      "with a column of comments",
      crlf(`${HEAD},"comment"`, ...ROWS.map((row) => `${row},"x ""y"""`)),
    ],
    ["without its last line's end", LOG.slice(0, -2)],
    ["with a line that was cut off", `${LOG}"09/16/2021 10:00:04.500","1000000004","1.2`],
  ])("reads the same %s", async (_how, content) => {
    const [recording] = await imported(content);
    expect(values(recording)).toEqual(EXPECTED);
  });

  it("takes the bias from its head or from who knows better, and UTC where there is none", async () => {
    const startOf = async (log: string, options: Partial<PdhImportOptions> = {}) =>
      (await imported(log, options))[0]!.manifest.startedMs;
    expect(await startOf(LOG, { biasMinutes: 300 })).toBe(START_MS + 3_600_000);
    const bare = LOG.replace(" (Eastern Daylight Time)(240)", "");
    expect(await startOf(bare)).toBe(START_MS - 240 * 60_000);
    const cut = LOG.replace(" (Eastern Daylight Time)(240)", " (RTZ 2 (");
    expect(await startOf(cut, { biasMinutes: -180 })).toBe(START_MS - 420 * 60_000);
  });

  it("keeps localized names, from the code page of its country", async () => {
    const latin = Buffer.from(LOG.replace("Memory", "Disco f\u00edsico"), "latin1");
    expect(Object.keys(values((await imported(latin))[0]))[0]).toBe(
      "Disco f\u00edsico()\\Available Bytes",
    );
    // "Процесс" in Windows-1251.
    const [before, after] = LOG.split("Memory") as [string, string];
    const word = Buffer.from([0xcf, 0xf0, 0xee, 0xf6, 0xe5, 0xf1, 0xf1]);
    const cyrillic = Buffer.concat([Buffer.from(before), word, Buffer.from(after)]);
    const [recording] = await imported(cyrillic, { encoding: "windows-1251" });
    expect(Object.keys(values(recording))[0]).toBe(
      "\u041f\u0440\u043e\u0446\u0435\u0441\u0441()\\Available Bytes",
    );
    await expect(imported(LOG, { encoding: "klingon" })).rejects.toThrow(/not an encoding/);
  });

  it("has an id that stays when it grows, and differs by run and by content", async () => {
    const idOf = async (log: string, options: Partial<PdhImportOptions> = {}) =>
      (await imported(log, options))[0]!.manifest.id;
    const id = await idOf(LOG);
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(await idOf(crlf(HEAD, ...ROWS.slice(0, 3)))).toBe(id);
    expect(await idOf(LOG, { run: "two" })).not.toBe(id);
    expect(await idOf(LOG.replace("1000000000", "1000000009"))).not.toBe(id);
  });

  it("of several hosts becomes a recording for each", async () => {
    const log = LOG.replace(String.raw`\\PC\Processor`, String.raw`\\node 2\Processor`);
    const [first, second] = await imported(log);
    expect([first!.manifest.host, second!.manifest.host]).toEqual(["PC", "node_2"]);
    expect(Object.keys(values(second))).toEqual([String.raw`Processor(_Total)\% Processor Time`]);
    expect(first!.manifest.id).not.toBe(second!.manifest.id);
    await expect(imported(log, { host: "x" })).rejects.toThrow(/2 hosts/);
    expect((await imported(LOG, { host: "x" }))[0]!.manifest.host).toBe("x");
  });

  it("in several files is one recording, whose intervals go on from file to file", async () => {
    const second = crlf(HEAD, ROWS[2]!.replace('"100.13"', '" "'), ROWS[3]!);
    const [recording] = await imported([crlf(HEAD, ...ROWS.slice(0, 3)), second]);
    expect(values(recording)).toEqual(EXPECTED);
    expect(recording!.manifest.imported!.files).toEqual(["0.csv", "1.csv"]);
  });

  it("that begins in the middle (rates in its first row) loses nothing", async () => {
    const [recording] = await imported(crlf(HEAD, ...ROWS.slice(1)));
    const path = String.raw`Processor(_Total)\% Processor Time`;
    // The usual distance of its rows stands for the interval before the first.
    expect(values(recording)[path]).toEqual([
      [1, 12.345678901234, 1.235],
      [2.235, 100.13, 1.235],
    ]);
  });
});

it("a PDH text log that was cut off at any byte has the rows that are whole, and no others", () => {
  const bytes = Buffer.from(LOG);
  const path = fileOf("");
  for (let length = HEAD.length + 2; length < bytes.length; length++) {
    writeFileSync(path, bytes.subarray(0, length));
    const rows = [...new PdhReader(path).rows()].map(({ text }) => text);
    const whole = ROWS.filter((_, i) => length >= crlf(HEAD, ...ROWS.slice(0, i + 1)).length - 2);
    expect(rows).toEqual(whole);
  }
});

describe("the times of a PDH text log", () => {
  const clock = (hours: number, minutes: number, value: number) =>
    `"11/07/2021 ${String(hours).padStart(2, "0")}:${String(minutes).padStart(2, "0")}:00.000","${value}"`;
  const head = String.raw`"(PDH-CSV 4.0) (Eastern Daylight Time)(240)","\\PC\System\Processes"`;

  it("go on when the local clock goes back in autumn", async () => {
    const rows = [clock(1, 58, 1), clock(1, 59, 2), clock(1, 0, 3), clock(1, 1, 4)];
    const [recording] = await imported(crlf(head, ...rows));
    const minutes = recordedValues(recording!)
      .get(String.raw`System()\Processes`)!
      .map(({ timeMs, value }) => [new Date(timeMs).toISOString().slice(11, 16), value]);
    expect(minutes).toEqual([
      ["05:59", 2],
      ["06:00", 3],
      ["06:01", 4],
    ]);
  });

  it("that go back otherwise are left out, and said to be", async () => {
    const rows = [clock(1, 10, 1), clock(1, 11, 2), clock(1, 5, 9), clock(1, 12, 3), '"x","y"'];
    const [recording] = await imported(crlf(head, ...rows));
    const list = recordedValues(recording!).get(String.raw`System()\Processes`)!;
    expect(list.map(({ value }) => value)).toEqual([2, 3]);
    const text = JSON.stringify(eventsOf(recording!));
    expect(text).toMatch(/1 rows are earlier/);
    expect(text).toMatch(/1 lines are no rows/);
  });

  it("with a gap have no interval over it", async () => {
    const rows = [0, 1, 2, 3, 30, 31].map((minute) => clock(1, minute, minute));
    const [recording] = await imported(crlf(head, ...rows));
    const list = recordedValues(recording!).get(String.raw`System()\Processes`)!;
    expect(list.map(({ value, weight }) => [value, weight])).toEqual(
      [1, 2, 3, 31].map((minute) => [minute, 60]),
    );
  });
});

describe("what is no PDH text log", () => {
  it.each([
    ["", /is not a text log/],
    ["time,value\n1,2\n", /is not a text log/],
    [`${HEAD}\r\n`, /holds no values/],
    [crlf(HEAD, ROWS[0]!), /holds no values/],
  ])("is refused: %j", async (content, message) => {
    const folder = temporaryFolder();
    const result = importPdh([fileOf(content)], folder, NAMES);
    await expect(result).rejects.toThrow(UserError);
    await expect(result).rejects.toThrow(message);
    expect(readdirSync(folder).length).toBeLessThan(2);
  });

  it("or is not there", async () => {
    await expect(importPdh(["/nowhere.csv"], temporaryFolder(), NAMES)).rejects.toThrow(
      /no such file/,
    );
  });
});
