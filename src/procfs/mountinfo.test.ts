import { describe, expect, it } from "vitest";
import { parseMountinfo } from "./mountinfo.ts";

describe("parseMountinfo", () => {
  it("reads mounts with none, one and several optional fields", () => {
    const text =
      "27 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard\n" +
      "36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue\n" +
      "40 27 0:35 / /nfs rw shared:5 master:2 propagate_from:3 - nfs4 srv:/export rw,vers=4.2\n";
    expect(parseMountinfo(text)).toEqual([
      {
        mountPoint: "/",
        device: "254:0",
        root: "/",
        type: "ext4",
        source: "/dev/vda",
        readOnly: false,
      },
      {
        mountPoint: "/mnt2",
        device: "98:0",
        root: "/mnt1",
        type: "ext3",
        source: "/dev/root",
        readOnly: false,
      },
      {
        mountPoint: "/nfs",
        device: "0:35",
        root: "/",
        type: "nfs4",
        source: "srv:/export",
        readOnly: false,
      },
    ]);
  });

  it("knows a mount that is read-only from a file system that became so", () => {
    const flags = (options: string, superOptions: string) =>
      parseMountinfo(`1 0 8:1 / /d ${options} - ext4 /dev/sda1 ${superOptions}\n`)[0]!.readOnly;
    expect(flags("ro,nosuid", "rw")).toBe(true);
    expect(flags("rw,nosuid", "ro,errors=remount-ro")).toBe(true);
    expect(flags("ro", "ro")).toBe(true);
    expect(flags("rw,root=ro,", "rw,errors=remount-ro")).toBe(false);
  });

  it("undoes escapes, and passes over what is no mount", () => {
    const text =
      "\ngarbage\n1 0\n1 0 8:1 / /my\\040disk\\134 rw - xfs /dev/a\\011b rw\n2 0 8:2 / /x rw - xfs\n";
    expect(parseMountinfo(text).map(({ mountPoint, source }) => [mountPoint, source])).toEqual([
      ["/my disk\\", "/dev/a\tb"],
      ["/x", ""],
    ]);
  });
});
