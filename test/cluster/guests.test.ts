/** A cluster of six machines with their own kernels, memory, clocks and network: all of it, and its faults. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readChunks } from "../../src/recording/read-chunks.ts";
import { openRecording } from "../../src/recording/recording.ts";
import { recordingStatus } from "../../src/recording/recording-status.ts";
import { needs } from "../support/needs.ts";
import { SshGuests } from "./ssh-guests.ts";
import { sleep, SshLab } from "./ssh-lab.ts";

const names = ["h1", "h2", "h3", "h4", "h5", "h6"];

interface StepDocument {
  readonly startAt: string;
  readonly hosts: readonly {
    readonly host: string;
    readonly ok: boolean;
    readonly code: string;
    readonly message: string;
    readonly clockOffsetMs?: number;
  }[];
}

const TIMEOUT_MS = 300_000;
const packages = ["openssh-server", "openssh-client", "user-mode-linux", "iproute2"];

needs("root", ...packages).describe("six guests with kernels of their own", () => {
  let lab: SshLab;
  let guests: SshGuests;
  let file: string;

  beforeAll(async () => {
    lab = new SshLab();
    guests = new SshGuests(lab);
    for (let i = 1; i <= 6; i++) {
      await guests.boot(`h${i}`, i, {
        ...(i === 3 ? { withoutNode: true } : {}),
        ...(i === 4 ? { clockSeconds: 3 } : {}),
      });
    }
    // Each has a /var/tmp of its own; all else is read-only there.
    file = lab.clusterFile(
      ["h[1-6]"],
      'folder = "/var/tmp/perfmon"',
      'min_free = "20MB"',
      "connect_timeout_seconds = 20",
      "[roles]",
      'master = "h1"',
    );
  }, TIMEOUT_MS);

  afterAll(() => {
    guests?.close();
    lab?.close();
  });

  async function step(...argv: string[]): Promise<StepDocument & { exitCode: number }> {
    const { stdout, stderr, exitCode } = await guests.perfmon(["cluster", ...argv, "--json"]);
    if (stdout === "") throw new Error(stderr);
    return { ...(JSON.parse(stdout) as StepDocument), exitCode };
  }

  const of = ({ hosts }: StepDocument, name: string) => hosts.find(({ host }) => host === name)!;

  it(
    "are recorded from one moment on, one without Node, one with a wrong clock, one that dies",
    { timeout: TIMEOUT_MS },
    async () => {
      // A guest's clock loses time while its machine is busy: the truth is between two looks.
      const before = names.map((name) => guests.clockOffsetMs(name));
      const checked = await step("check", "-f", file);
      const after = names.map((name) => guests.clockOffsetMs(name));
      expect(checked.exitCode, JSON.stringify(checked.hosts)).toBe(0);
      expect(of(checked, "h1").message).toMatch(/^recorder: Node/);
      expect(of(checked, "h3").message).toMatch(/^recorder: sh/);
      expect(after[3]! - after[1]!).toBeGreaterThan(1500);
      for (const [i, name] of names.entries()) {
        const { clockOffsetMs = NaN } = of(checked, name);
        const truth = [before[i]!, after[i]!];
        const what = `${name}: ${clockOffsetMs}, truly ${truth.join(" to ")}`;
        expect(clockOffsetMs, what).toBeGreaterThan(Math.min(...truth) - 20);
        expect(clockOffsetMs, what).toBeLessThan(Math.max(...truth) + 20);
      }

      const beforeStart = guests.clockOffsetMs("h4");
      const started = await step("start", "-f", file, "--run", "six");
      expect(started.exitCode, JSON.stringify(started.hosts)).toBe(0);
      const afterStart = guests.clockOffsetMs("h4");
      const atMs = Date.parse(started.startAt);
      await sleep(Math.max(0, atMs - Date.now()) + 6000);
      expect((await step("mark", "map", "lab/six")).exitCode).toBe(0);
      await sleep(3000);
      expect((await step("collect", "lab/six")).exitCode).toBe(0);

      guests.kill("h6");
      await sleep(500);
      const status = await step("status", "lab/six");
      expect(status.exitCode).toBe(1);
      expect(of(status, "h6")).toMatchObject({ ok: false });
      for (const name of ["h1", "h2", "h3", "h4", "h5"]) {
        expect(of(status, name), name).toMatchObject({ ok: true });
      }
      const stopped = await step("stop", "lab/six");
      const collected = await step("collect", "lab/six");
      const cleaned = await step("clean", "lab/six");
      for (const result of [stopped, collected, cleaned]) {
        expect(result.exitCode).toBe(1);
        const failed = result.hosts.filter(({ ok }) => !ok);
        expect(failed.map(({ host }) => host)).toEqual(["h6"]);
      }
      for (const name of ["h1", "h2", "h3", "h4", "h5"]) {
        const processes = guests.on(name, "ps -eo args | grep -c '[r]ecorder-\\|[a]gent-' || :");
        expect(Number(processes), name).toBe(0);
      }

      const folder = (name: string) => join(lab.folder, "lab", "six", name);
      for (const name of names) {
        const { samples, state } = recordingStatus(folder(name));
        expect(samples, name).toBeGreaterThan(5);
        // What was collected of it before it died is there.
        expect(state, name).toBe(name === "h6" ? "died" : "ended");
      }
      expect(existsSync(join(folder("h3"), "inventory.raw.gz"))).toBe(true);
      const { clockOffsetMs } = openRecording(folder("h4"));
      expect(clockOffsetMs).toBeGreaterThan(Math.min(beforeStart, afterStart) - 20);
      expect(clockOffsetMs).toBeLessThan(Math.max(beforeStart, afterStart) + 20);

      const db = join(lab.folder, "six.duckdb");
      const loaded = await guests.perfmon(["load", "lab/six", "--db", db]);
      expect(loaded.exitCode, loaded.stderr).toBe(0);
      const query = async <T>(sql: string): Promise<T[]> =>
        JSON.parse((await guests.perfmon(["query", sql, "--db", db, "--json"])).stdout) as T[];
      // By one clock all begin within a second of the planned time, the one that is 3 s ahead, too.
      for (const name of names) {
        expect(Math.abs(firstSampleMs(folder(name)) - atMs), name).toBeLessThan(1000);
      }
      const hosts = await query("SELECT hostname FROM host ORDER BY hostname");
      expect(hosts).toEqual(names.map((hostname) => ({ hostname })));
      const clocks = await query(
        "SELECT hostname, text FROM event JOIN host USING (host_id) WHERE kind = 'clock-offset'",
      );
      expect(clocks).toContainEqual({
        hostname: "h4",
        text: expect.stringMatching(/ ahead; corrected$/) as unknown,
      });
      const compared = await guests.perfmon(["compare", "lab/six", "lab/six", "--json"]);
      expect(compared.exitCode, compared.stderr).toBe(0);
      const { comparability } = JSON.parse(compared.stdout) as {
        comparability: { code: string }[];
      };
      expect(comparability.map(({ code }) => code)).toContain("clock-offset");
    },
  );
});

/** On the clock of this machine, as loading has it. */
function firstSampleMs(folder: string): number {
  const [chunk] = readChunks(openRecording(folder), 1, { maxReadings: Infinity });
  return chunk!.clock.timeMs[0]!;
}
