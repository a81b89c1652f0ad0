import { describe, expect, it } from "vitest";
import { cutToWidth, textTable } from "./text-table.ts";

describe("textTable", () => {
  it("aligns text to the left and numbers to the right", () => {
    const lines = textTable(
      [{ title: "disk" }, { title: "MB", align: "right" }, { title: "note" }],
      [
        ["sda", "5", "x"],
        ["nvme0n1", "12345", ""],
      ],
    );
    expect(lines).toEqual(["disk        MB  note", "sda          5  x", "nvme0n1  12345"]);
  });

  it("counts cells of the terminal, not characters", () => {
    expect(textTable([{ title: "a" }, { title: "b" }], [["日本", "x"]])[0]).toBe("a     b");
  });

  it("cuts long cells and lets no control character through", () => {
    const lines = textTable([{ title: "t", maxWidth: 5 }], [["abcdefgh"], ["a\u001b[2Jb"]]);
    expect(lines.slice(1)).toEqual(["abcd…", "a [2…"]);
    expect(cutToWidth("日本語", 4)).toBe("日…");
  });
});
