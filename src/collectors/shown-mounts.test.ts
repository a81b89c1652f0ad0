import { describe, expect, it } from "vitest";
import type { Mount } from "../procfs/mountinfo.ts";
import { shownMounts } from "./shown-mounts.ts";

const mount = (mountPoint: string, type: string, device: string, root = "/"): Mount => ({
  mountPoint,
  type,
  device,
  root,
  source: type,
  readOnly: false,
});

const shown = (...mounts: Mount[]) => shownMounts(mounts).map(({ mountPoint }) => mountPoint);

describe("shownMounts", () => {
  it("leaves out what nobody fills", () => {
    expect(
      shown(
        mount("/proc", "proc", "0:1"),
        mount("/sys/fs/cgroup", "cgroup2", "0:2"),
        mount("/snap/core/1", "squashfs", "7:0"),
        mount("/misc", "autofs", "0:3"),
        mount("/run/user/1000", "tmpfs", "0:4"),
        mount("/var/lib/docker/overlay2/1/merged", "overlay", "0:5"),
        mount("/var/lib/lxcfs", "fuse.lxcfs", "0:6"),
        mount("/dev/shm", "tmpfs", "0:7"),
        mount("/run", "tmpfs", "0:8"),
      ),
    ).toEqual(["/dev/shm", "/run"]);
  });

  it("shows a file system once: whole rather than a part, near rather than far", () => {
    expect(
      shown(
        mount("/srv/data", "xfs", "8:1"),
        mount("/d", "xfs", "8:1", "/folder"),
        mount("/data", "xfs", "8:1"),
        mount("/b/sub", "btrfs", "0:30", "/sub"),
        mount("/b", "btrfs", "0:30", "/main"),
      ),
    ).toEqual(["/data", "/b"]);
  });

  it("shows what is mounted on top", () => {
    const [found] = shownMounts([mount("/d", "xfs", "8:1"), mount("/d", "nfs", "0:9")]);
    expect(found).toMatchObject({ type: "nfs", remote: true, counted: false });
  });

  it("takes what may hang for remote", () => {
    const types = [
      "nfs4",
      "cifs",
      "ceph",
      "fuse.sshfs",
      "fuse.glusterfs",
      "9p",
      "virtiofs",
      "ext4",
      "zfs",
    ];
    const remote = shownMounts(types.map((type, i) => mount(`/${type}`, type, `0:${i}`)))
      .filter((found) => found.remote)
      .map(({ type }) => type);
    expect(remote).toEqual(types.slice(0, 7));
  });

  it("counts disks, or in a container the layer on top of one", () => {
    const counted = (...mounts: Mount[]) =>
      shownMounts(mounts)
        .filter((found) => found.counted)
        .map(({ mountPoint }) => mountPoint);
    const root = mount("/", "overlay", "0:50");
    expect(counted(root, mount("/dev/shm", "tmpfs", "0:7"))).toEqual(["/"]);
    expect(counted(root, mount("/data", "ext4", "8:1"))).toEqual(["/data"]);
  });
});
