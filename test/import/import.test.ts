/** perfmon import: times, hosts, errors, and what a store makes of the result. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openRecording } from "../../src/recording/recording.ts";
import { recordedValues, type RecordedValue } from "../support/recorded-values.ts";
import { perfmon, type CliResult } from "../support/run-cli.ts";
import { projectRoot } from "../support/source-files.ts";

let folder = "";
let made = 0;
const path = (name: string) => join(folder, name);
const fixture = (name: string) => join(projectRoot, "src/toolout/fixtures", name);
const START = Date.UTC(2026, 10, 24, 12);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "perfmon-import-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Imported extends CliResult {
  readonly out: string;
  readonly values: ReadonlyMap<string, readonly RecordedValue[]>;
  /** Seconds after START. */
  readonly seconds: (path: string) => number[];
  readonly numbers: (path: string) => number[];
}

async function imported(...argv: string[]): Promise<Imported> {
  const out = path(`rec${++made}`);
  const result = await perfmon(["import", ...argv, "-o", out]);
  expect(result).toMatchObject({ exitCode: 0 });
  const values = recordedValues(openRecording(out));
  const of = (name: string) => values.get(name) ?? [];
  return {
    ...result,
    out,
    values,
    seconds: (name) => of(name).map(({ timeMs }) => (timeMs - START) / 1000),
    numbers: (name) => of(name).map(({ value }) => value),
  };
}

/** Real text, but of times of our own. */
function written(name: string, text: string | Buffer, modifiedMs = START): string {
  writeFileSync(path(name), text);
  utimesSync(path(name), modifiedMs / 1000, modifiedMs / 1000);
  return path(name);
}

const BANNER = "Linux 6.1.0-28-amd64 (node7) \t11/24/2026 \t_x86_64_\t(4 CPU)\n\n";
const PAGED = String.raw`Paging()\Bytes Paged In/sec`;
const AVAILABLE = String.raw`Memory()\Available Bytes`;

function mpstat(...rows: readonly (readonly [time: string, idle: string])[]): string {
  const titles =
    "CPU    %usr   %nice    %sys %iowait    %irq   %soft  %steal  %guest  %gnice   %idle";
  const lines = rows.map(
    ([time, idle]) =>
      `${time}     all    1.00    0.00    0.00    0.00    0.00    0.00    0.00    0.00    0.00   ${idle}`,
  );
  return `${BANNER}11:00:00     ${titles}\n${lines.join("\n")}\n`;
}
const IDLE = String.raw`Processor(_Total)\% Idle Time`;

const FREE = (available: number) =>
  "               total        used        free      shared  buff/cache   available\n" +
  `Mem:         4000000     1000000     2000000       10000     1000000     ${available}\n` +
  "Swap:              0           0           0\n";

describe("times of an import", () => {
  it("are of the date of the banner, in the zone that is given, and pass midnight", async () => {
    const text = mpstat(["23:59:58", "90.00"], ["23:59:59", "91.00"], ["00:00:00", "92.00"]);
    const { seconds, numbers, stdout } = await imported(
      written("night.txt", `${text}00:00:01     all    1.00`),
      "--timezone",
      "UTC+02:00",
    );
    const at = 12 * 3600 - 2 * 3600;
    expect(seconds(IDLE)).toEqual([at - 2, at - 1, at]);
    expect(numbers(IDLE)).toEqual([90, 91, 92]);
    expect(stdout).toMatch(/^night.txt: 3 reports of mpstat, 30 numbers/);
  });

  it("are sorted where sar prints table after table", async () => {
    const { seconds, values } = await imported(fixture("sar/all.txt"), "--timezone", "UTC");
    const busy = seconds(String.raw`Processor(_Total)\% Processor Time`);
    expect(busy.length).toBeGreaterThan(1);
    expect(seconds(PAGED)).toEqual(busy);
    expect(values.get(PAGED)!.every(({ weight }) => weight >= 1 && weight <= 2)).toBe(true);
  });

  it("stand within a second at equal distances where several reports have one", async () => {
    const { seconds } = await imported(
      written("fast.txt", readFileSync(fixture("ifstat/headers.txt"))),
      "--start",
      "2026-11-24",
      "--timezone",
      "UTC",
    );
    const times = seconds(String.raw`Virtual Network Interface(lo)\Bytes Received/sec`);
    const distances = times.slice(1).map((time, i) => time - times[i]!);
    expect(new Set(times).size).toBe(times.length);
    expect(Math.max(...distances)).toBeLessThan(0.6);
  });

  it("come from --start and --interval where none are printed, and weigh so", async () => {
    const file = written("free.txt", [3000, 3001, 3002].map((kib) => FREE(kib)).join("\n"));
    const { seconds, numbers, values } = await imported(
      file,
      "--start",
      "2026-11-24 14:00",
      "--timezone",
      "+02:00",
      "--interval",
      "5s",
    );
    expect(seconds(AVAILABLE)).toEqual([0, 5, 10]);
    expect(numbers(AVAILABLE)).toEqual([3000, 3001, 3002].map((kib) => kib * 1024));
    expect(values.get(AVAILABLE)!.map(({ weight }) => weight)).toEqual([0.001, 5, 5]);
  });

  it("end when the file was written, as a last resort, which is said", async () => {
    const file = written("mtime.txt", `${FREE(1000)}\n${FREE(1001)}\n`, START + 60_000);
    const { seconds, stderr } = await imported(file, "--interval", "2s", "--host", "n1");
    expect(seconds(AVAILABLE)).toEqual([58, 60]);
    expect(stderr).toMatch(
      /mtime.txt prints no times.*2026-11-24T12:01:00Z; --start says otherwise/,
    );
  });

  it("without a date are of the last day on which the file can have ended", async () => {
    const dateless = mpstat(["13:59:59", "90.00"], ["14:00:00", "80.00"]).slice(BANNER.length);
    const file = written("dateless.txt", dateless, Date.UTC(2026, 10, 24, 9));
    const { seconds, stderr } = await imported(file, "--timezone", "UTC");
    expect(seconds(IDLE)).toEqual([7199, 7200].map((second) => second - 86_400));
    expect(stderr).toContain("prints no date: it is taken to be of 2026-11-23");
    const given = await imported(file, "--timezone", "UTC", "--start", "2026-11-25 13:59");
    expect(given.seconds(IDLE)).toEqual([7199, 7200].map((second) => second + 86_400));
  });

  it("follow the clock when it is set back in autumn", async () => {
    const text = mpstat(["02:59:58", "90.00"], ["02:59:59", "91.00"], ["02:00:00", "92.00"]);
    const file = written("autumn.txt", text.replace("11/24/2026", "10/25/2026"));
    const { seconds } = await imported(file, "--timezone", "Europe/Berlin");
    const hour = (Date.UTC(2026, 9, 25, 1) - START) / 1000;
    expect(seconds(IDLE)).toEqual([hour - 2, hour - 1, hour]);
  });
});

describe("an import", () => {
  it("makes one recording of several files, one sample of what is of one moment", async () => {
    const cpu = written("cpu.txt", mpstat(["12:00:01", "90.00"], ["12:00:02", "80.00"]));
    const memory = written("memory.txt", `${FREE(7)}\n${FREE(8)}\n`);
    const { seconds, stdout, stderr, out } = await imported(
      cpu,
      memory,
      "--timezone",
      "UTC",
      "--cluster",
      "cloud",
      "--run",
      "one",
      "--role",
      "master",
    );
    expect(seconds(IDLE)).toEqual([1, 2]);
    expect(seconds(AVAILABLE)).toEqual([1, 2]);
    expect(stdout).toContain("node7: 2 samples, ");
    expect(stderr).toContain("memory.txt prints no times: 1 s apart, as the others");
    const { manifest, inventory } = openRecording(out);
    expect(manifest).toMatchObject({
      cluster: "cloud",
      run: "one",
      role: "master",
      host: "node7",
      intervalMs: 1000,
      startedMs: START,
      finishedMs: START + 2000,
      imported: { format: "mpstat+free", files: ["cpu.txt", "memory.txt"] },
    });
    expect(inventory).toEqual({ kernel: { release: "6.1.0-28-amd64" }, cpu: { logicalCpus: 4 } });
  });

  it("takes what two tools tell from the one that tells it more exactly", async () => {
    const cpu = written("exact.txt", mpstat(["12:00:01", "90.11"], ["12:00:02", "80.22"]));
    const rough = fixture("vmstat/plain.txt");
    const times = ["--start", "2026-11-24 12:00", "--timezone", "UTC", "--interval", "1s"];
    const { numbers } = await imported(rough, cpu, ...times);
    expect(numbers(IDLE).slice(0, 2)).toEqual([90.11, 80.22]);
  });

  it("reads compressed files, and those of Windows line ends", async () => {
    const text = mpstat(["12:00:01", "90.00"], ["12:00:02", "80.00"]);
    const plain = await imported(written("p.txt", text));
    const gz = await imported(written("z.txt.gz", gzipSync(text)));
    const crlf = await imported(written("w.txt", text.replaceAll("\n", "\r\n")));
    expect(gz.values).toEqual(plain.values);
    expect(crlf.values).toEqual(plain.values);
  });

  it("adds up disks to _Total: rates, averages by their number, shares as a mean", async () => {
    const row = (name: string, ...cells: string[]) => `${name} ${cells.join(" ")}\n`;
    const titles =
      "Device r/s rkB/s rrqm/s %rrqm r_await rareq-sz w/s wkB/s wrqm/s %wrqm w_await wareq-sz aqu-sz %util\n";
    const zeros = ["0.00", "0.00", "0.00", "0.00", "0.00", "0.00"];
    const report = (second: number) =>
      `11/24/2026 12:00:0${second}\n${titles}` +
      row("sda", "10.00", "40.00", "0.00", "0.00", "2.00", "4.00", ...zeros, "0.02", "50.00") +
      row("sdb", "30.00", "120.00", "0.00", "0.00", "6.00", "4.00", ...zeros, "0.18", "10.00") +
      row("dm-0", "40.00", "160.00", "0.00", "0.00", "5.00", "4.00", ...zeros, "0.20", "60.00") +
      "\n";
    const { values } = await imported(
      written("disks.txt", BANNER + [0, 1, 2].map(report).join("")),
    );
    const total = (counter: string) => values.get(`PhysicalDisk(_Total)\\${counter}`)?.[0]?.value;
    expect(total("Disk Reads/sec")).toBe(40);
    expect(total("Disk Bytes/sec")).toBe(160 * 1024);
    expect(total("Avg. Disk sec/Read")).toBeCloseTo(0.005, 12);
    expect(total("% Disk Time")).toBe(30);
    expect(total("Avg. Disk Queue Length")).toBeCloseTo(0.2, 12);
  });

  it("tells of lines that it does not know, and keeps what is around them", async () => {
    const text = mpstat(["12:00:01", "90.00"], ["12:00:02", "80.00"]);
    const { stdout, numbers } = await imported(
      written("odd.txt", text.replace("12:00:02", "what is this?\nand this\n12:00:02")),
    );
    expect(stdout).toContain('2 lines are unknown, the first is "what is this?"');
    expect(numbers(IDLE)).toEqual([90, 80]);
  });

  it("is loaded once, however often it is made", async () => {
    const file = written("twice.txt", mpstat(["12:00:01", "90.00"], ["12:00:02", "80.00"]));
    const db = path("t.duckdb");
    const load = async () => {
      const { out } = await imported(file, "--cluster", "c", "--run", "twice");
      return (await perfmon(["load", out, "--db", db])).stdout;
    };
    expect(await load()).toMatch(/c\/twice node7: 3 samples, 22 values/);
    expect(await load()).toMatch(/nothing new/);
    const json = await perfmon(["runs", "--db", db, "--json"]);
    expect(JSON.parse(json.stdout)).toMatchObject([{ run: "twice", seconds: 2 }]);
  });

  it("shows what it did as JSON", async () => {
    const { stdout } = await imported(fixture("sar/all.txt"), "--json");
    expect(JSON.parse(stdout)).toMatchObject({ host: "node1", files: [{ tool: "sar" }] });
  });
});

describe("an import that cannot be", () => {
  const failing = async (...argv: string[]) => {
    const result = await perfmon(["import", ...argv, "-o", path("none")]);
    expect(readdirSync(folder)).not.toContain("none");
    return result;
  };

  it("says what a file is not", async () => {
    const file = written("letter.txt", "Dear Sir,\n");
    expect(await failing(file)).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/not the output of a tool.*"Dear Sir,"[^]*iostat/) as string,
    });
    expect((await failing(path("gone.txt"))).stderr).toMatch(/there is no such file/);
    expect((await failing(folder)).stderr).toMatch(/it is a folder/);
    expect(await failing(file, "--tool", "dstat")).toMatchObject({ exitCode: 2 });
  });

  it("asks for the interval, and for the time of a day", async () => {
    const one = written("one.txt", FREE(1000));
    expect((await failing(one)).stderr).toMatch(/how far apart[^]*--interval 5s/);
    const text = readFileSync(fixture("iostat/plain.txt"), "utf8");
    const old = written("old.txt", text, START + 86_400_000 * 9);
    expect((await failing(old, "--interval", "1s")).stderr).toMatch(
      /is of 2026-11-24, but does not tell at what time[^]*--start "2026-11-24 14:00"/,
    );
    expect(await failing(one, "--start", "noon")).toMatchObject({ exitCode: 2 });
    expect(await failing(one, "--timezone", "Mars/Olympus")).toMatchObject({ exitCode: 2 });
  });

  it("does not take averages since boot for measurements", async () => {
    const first = readFileSync(fixture("iostat/plain.txt"), "utf8");
    const loop = first.slice(0, first.indexOf("avg-cpu", first.indexOf("avg-cpu") + 1));
    const { stderr } = await failing(written("loop.txt", loop.repeat(3)), "--interval", "400ms");
    expect(stderr).toMatch(/nothing but averages since boot[^]*not again and again: iostat 1/);
  });

  it("keeps hosts apart", async () => {
    const a = written("a.txt", mpstat(["12:00:01", "90.00"], ["12:00:02", "80.00"]));
    const b = written("b.txt", readFileSync(a, "utf8").replace("node7", "node8"));
    expect((await failing(a, b)).stderr).toMatch(/a.txt is of node7, and b.txt of node8/);
  });
});
