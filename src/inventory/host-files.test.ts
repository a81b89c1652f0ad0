import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { makeHostTree } from "../../test/support/host-tree.ts";
import { HostFiles, type RunTool } from "./host-files.ts";
import { parseMounts } from "./mounts.ts";

const LOCAL = parseMounts("1 0 8:1 / / rw - ext4 /dev/sda1 rw\n");
const WITH_NFS = parseMounts(
  "1 0 8:1 / / rw - ext4 /dev/sda1 rw\n2 1 0:40 / /nfs rw shared:1 - nfs4 filer:/x rw,addr=10.0.0.1\n",
);

function files(tree: Record<string, string>, mounts = LOCAL, runTool?: RunTool) {
  const notes = new Set<string>();
  const root = makeHostTree(tree);
  return { root, notes, files: new HostFiles(root, mounts, notes, runTool) };
}

describe("HostFiles", () => {
  it("follows links below its own root", () => {
    const { files: host } = files({
      "opt/app-2/conf/a.xml": "text",
      "etc/app": "->/opt/app",
      "opt/app": "->app-2/./conf",
      "opt/up": "->../../../../opt",
      loop: "->/loop",
    });
    expect(host.read("/etc/app/a.xml")).toBe("text");
    expect(host.realPath("/etc/app/a.xml")).toBe("/opt/app-2/conf/a.xml");
    expect(host.list("/opt/up/app-2")).toEqual(["conf"]);
    expect(host.read("/loop/x")).toBeUndefined();
    expect(host.read("/etc/none")).toBeUndefined();
    expect(host.read("etc/app/a.xml")).toBeUndefined();
  });

  it("reads plain files of up to a megabyte, and no pipe", () => {
    const { root, files: host } = files({ small: "x" });
    writeFileSync(join(root, "large"), Buffer.alloc((1 << 20) + 1, 32));
    mkdirSync(join(root, "folder"));
    expect(spawnSync("mkfifo", [join(root, "pipe")]).status).toBe(0);
    chmodSync(join(root, "pipe"), 0o600);
    expect(host.read("/small")).toBe("x");
    for (const path of ["/large", "/folder", "/pipe"]) expect(host.read(path)).toBeUndefined();
  });

  it("touches nothing on a network file system itself, and asks it once in vain", () => {
    const asked: string[] = [];
    const {
      root,
      notes,
      files: host,
    } = files(
      { "nfs/conf/a.xml": "direct", "etc/conf": "->/nfs/conf" },
      WITH_NFS,
      (program, args) => {
        asked.push([program, ...args].join(" "));
        return asked.length === 1 ? "by a child" : undefined;
      },
    );
    expect(host.read("/etc/conf/a.xml")).toBe("by a child");
    expect(asked).toEqual([`cat -- ${root}/nfs/conf/a.xml`]);
    expect(host.list("/etc/conf")).toEqual([]);
    expect(host.read("/nfs/conf/b.xml")).toBeUndefined();
    expect(asked.length).toBe(2);
    expect([...notes]).toEqual(["/nfs is on a network file system that did not answer in time"]);
  });
});

describe("parseMounts", () => {
  it("knows optional fields, escaped names and both kinds of options", () => {
    const line =
      "36 35 98:0 /sub /mnt\\040a rw,noatime master:1 propagate_from:2 - ext3 /dev/root\\040x rw,errors=continue\n";
    expect(parseMounts(`${line}garbage\n\n`)).toEqual([
      {
        subtree: "/sub",
        point: "/mnt a",
        type: "ext3",
        device: "/dev/root x",
        options: ["rw", "noatime", "errors=continue"],
      },
    ]);
  });
});
