import { readFileSync as readReal } from "node:fs";
import { afterEach, describe, expect, it } from "vitest";
import {
  closeSync,
  existsSync,
  foldersIn,
  type FileTree,
  mountTree,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  readSync,
  statSync,
  unmountTree,
} from "./host-files.ts";

const FOLDERS: Readonly<Record<string, string[]>> = {
  proc: ["stat"],
  run: ["lock", "pid"],
  "run/lock": [],
};

let text = "first";
const tree: FileTree = {
  file: (path) =>
    path === "proc/stat"
      ? {
          read: (into, offset, length, position) =>
            Buffer.from(text).copy(into, offset, position, position + length),
          whole: () => Buffer.from(text),
        }
      : undefined,
  list: (path) => FOLDERS[path],
  link: (path) => (path === "sys/device" ? "../../driver" : undefined),
};

const roots: string[] = [];

function mount(): string {
  const root = mountTree(tree);
  roots.push(root);
  return root;
}

afterEach(() => roots.splice(0).forEach(unmountTree));

describe("files of a mounted tree", () => {
  it("are read again in place", () => {
    const root = mount();
    const fd = openSync(`${root}/proc/stat`, "r");
    const buffer = Buffer.alloc(20, "-");
    expect(readSync(fd, buffer, 2, 10, 0)).toBe(5);
    text = "second";
    expect(readSync(fd, buffer, 8, 3, 3)).toBe(3);
    expect(buffer.toString()).toBe("--first-ond---------");
    closeSync(fd);
    expect(() => readSync(fd, buffer, 0, 1, 0)).toThrow(expect.objectContaining({ code: "EBADF" }));
  });

  it("are looked at as Node's are, errors included", () => {
    const root = mount();
    text = "whole";
    expect(readFileSync(`${root}/proc/stat`, "utf8")).toBe("whole");
    expect(readFileSync(`${root}/proc/stat`)).toEqual(Buffer.from("whole"));
    expect(readdirSync(`${root}/proc`)).toEqual(["stat"]);
    expect(readFileSync(`${root}//proc///stat`, "utf8")).toBe("whole");
    expect([foldersIn(`${root}/run/`), foldersIn(`${root}/proc/`)]).toEqual([["lock"], []]);
    expect(statSync(`${root}/proc`).nlink).toBe(0);
    expect(() => statSync(`${root}/var`)).toThrow(expect.objectContaining({ code: "ENOENT" }));
    expect(readlinkSync(`${root}/sys/device`)).toBe("../../driver");
    expect([existsSync(`${root}/proc/stat`), existsSync(`${root}/proc`)]).toEqual([true, true]);
    expect(existsSync(`${root}/proc/none`)).toBe(false);
    const missing = expect.objectContaining({ code: "ENOENT" });
    expect(() => openSync(`${root}/proc/none`, "r")).toThrow(missing);
    expect(() => readFileSync(`${root}/proc/none`)).toThrow(missing);
    expect(() => readdirSync(`${root}/sys`)).toThrow(missing);
    expect(() => readlinkSync(`${root}/proc/stat`)).toThrow(
      expect.objectContaining({ code: "EINVAL" }),
    );
  });

  it("are gone, also for Node itself, when the tree is unmounted", () => {
    const root = mount();
    unmountTree(root);
    expect(existsSync(`${root}/proc/stat`)).toBe(false);
    expect(() => readReal(`${root}/proc/stat`)).toThrow(
      expect.objectContaining({ code: "ENOENT" }),
    );
  });
});

it("leaves real files to Node", () => {
  const root = mount();
  expect(root).toMatch(/^\/proc\/recorded\/\d+$/);
  const fd = openSync("/proc/self/comm", "r");
  const buffer = Buffer.alloc(20);
  const length = readSync(fd, buffer, 0, 20, 0);
  expect(buffer.toString("utf8", 0, length)).toBe(readFileSync("/proc/self/comm", "utf8"));
  closeSync(fd);
  expect(readdirSync("/proc/self")).toContain("comm");
  expect(readlinkSync("/proc/self/cwd")).toBe(process.cwd());
});
