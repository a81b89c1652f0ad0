import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { ByteScanner } from "./byte-scanner.ts";
import { RereadFile } from "./reread-file.ts";

const folder = mkdtempSync(join(tmpdir(), "perfmon-reread-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("RereadFile", () => {
  it.each(["whole", "pieces"] as const)("reads a file that grows and shrinks, %s", (manner) => {
    const path = join(folder, manner);
    writeFileSync(path, "one");
    const file = new RereadFile(path, manner);
    const texts = ["three and more", "x".repeat(64 * 1024), "y".repeat(200_001), "", "z"];
    for (const text of texts) {
      writeFileSync(path, text);
      const read = Buffer.from(file.read()).toString();
      // Not the texts themselves: a difference would be printed in full.
      expect([read.length, read === text]).toEqual([text.length, true]);
    }
    file.close();
  });

  it("sets a scanner on the content only", () => {
    const path = join(folder, "scan");
    writeFileSync(path, "a longer text than the next");
    const file = new RereadFile(path);
    const scanner = file.scan(new ByteScanner());
    expect(scanner.text(0, scanner.end)).toBe("a longer text than the next");
    writeFileSync(path, "12");
    expect([file.scan(scanner).integer(), scanner.atEnd]).toEqual([12, true]);
    file.close();
  });

  it("reads files of the kernel that come in pieces", () => {
    // The kernel gives at most about a page of /proc/PID/smaps per read.
    const text = readFileSync("/proc/self/smaps", "latin1");
    expect(text.length).toBeGreaterThan(8192);
    const file = new RereadFile("/proc/self/smaps", "pieces");
    const lines = (of: string): number =>
      of.split("\n").filter((line) => line.startsWith("VmFlags")).length;
    expect(lines(Buffer.from(file.read()).toString("latin1"))).toBeGreaterThan(lines(text) * 0.9);
    file.close();
  });

  it("hands out whole lines, in stretches, whatever their length", () => {
    const path = join(folder, "lines");
    const lines = [10, 70_000, 300_000, 0, 5].map((length, i) => String(i).repeat(length));
    for (const text of [lines.join("\n"), `${lines.join("\n")}\n`, "", "x"]) {
      writeFileSync(path, text);
      const file = new RereadFile(path);
      const stretches: string[] = [];
      const length = file.scanLines(new ByteScanner(), {
        takeLines: (scanner) => stretches.push(scanner.text(scanner.position, scanner.end)),
      });
      expect([length, stretches.join("") === text]).toEqual([text.length, true]);
      expect(stretches.slice(0, -1).every((stretch) => stretch.endsWith("\n"))).toBe(true);
      file.close();
    }
  });

  it("refuses a line that has no end", () => {
    const path = join(folder, "endless");
    writeFileSync(path, `1\n${"2".repeat(5 * 2 ** 20)}`);
    const file = new RereadFile(path);
    let taken = "";
    const taker = {
      takeLines: (scanner: ByteScanner) => (taken += scanner.text(0, scanner.end)),
    };
    expect(() => file.scanLines(new ByteScanner(), taker)).toThrow(/endless is larger than/);
    expect(taken).toBe("1\n");
    file.close();
  });

  it("tells a missing file from one that may not be opened", () => {
    expect(RereadFile.openIfPresent(join(folder, "none"))).toBeUndefined();
    expect(() => RereadFile.openIfPresent(join(folder, "scan", "below"))).toThrow("ENOTDIR");
  });
});
