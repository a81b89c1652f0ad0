/** A page in a real browser: nothing of it is refused, and nothing from a recording runs. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect } from "vitest";
import type { MemoryRun } from "../analysis/memory-source.ts";
import { plants } from "../analysis/plants.ts";
import { needs } from "../support/needs.ts";
import { comparedPage } from "./render.ts";

const run = promisify(execFile);
let folder = "";
let page = "";

const EVIL = `<script>document.title="taken"</script>`;

/** The document after its scripts have run, and what the browser had to say. */
async function opened(html: string): Promise<{ readonly dom: string; readonly log: string }> {
  const file = join(folder, "page.html");
  writeFileSync(file, html);
  const { stdout, stderr } = await run(
    "chromium",
    [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-dev-shm-usage",
      "--enable-logging=stderr",
      `--user-data-dir=${join(folder, "profile")}`,
      "--virtual-time-budget=2000",
      "--dump-dom",
      `file://${file}`,
    ],
    { maxBuffer: 16 * 1024 * 1024, timeout: 60_000 },
  );
  return { dom: stdout, log: stderr };
}

needs("chromium").describe("a page in Chromium", () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "perfmon-page-"));
    const { baseline, candidate } = plants("browser").find(
      ({ name }) => name === "one straggler of six",
    )!;
    const evil = (of: MemoryRun) => ({
      ...of,
      hosts: of.hosts.map((host) => ({ ...host, name: `${EVIL}${host.name}` })),
    });
    ({ page } = await comparedPage(evil(baseline), evil(candidate)));
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  needs("chromium").it(
    "runs its own script under its policy, and none of a name",
    async () => {
      const { dom, log } = await opened(page);
      expect(/<title>[^<]*/.exec(dom)![0]).toMatch(/is slower than/);
      // The filter shows itself when the script has run.
      expect(dom).toMatch(/<form class="filter" data-list="finding-list">/);
      expect(dom).toMatch(/<output>(\d+) of \1 shown<\/output>/);
      expect(log).not.toMatch(/CONSOLE.*(Refused|violates|Error)/);
    },
    90_000,
  );

  needs("chromium").it(
    "would refuse a script that found its way in",
    async () => {
      const { dom, log } = await opened(page.replace("<footer>", `${EVIL}<footer>`));
      expect(/<title>[^<]*/.exec(dom)![0]).toMatch(/is slower than/);
      expect(log).toMatch(/violates the following Content Security Policy/);
    },
    90_000,
  );
});
