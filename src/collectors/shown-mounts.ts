/** Which mounts are file systems that somebody may fill, each once, and which of them may hang. */
import type { Mount } from "../procfs/mountinfo.ts";

export interface ShownMount extends Mount {
  /** A server or another program answers for it, and may not: never asked while sampling. */
  readonly remote: boolean;
  /** Part of the total: on this host's own disks. */
  readonly counted: boolean;
}

/** Images that are full by nature (iso9660, squashfs) and the kernel's own (proc, cgroup) are not in it. */
const ON_DISK =
  /^(ext[234]|xfs|btrfs|zfs|f2fs|jfs|reiserfs|nilfs2|bcachefs|vfat|msdos|exfat|ntfs3?|hfs|hfsplus|ubifs|jffs2)$/;
const REMOTE =
  /^(nfs4?|cifs|smb3|smbfs|ceph|lustre|gpfs|beegfs|beegfs_nodev|glusterfs|afs|ocfs2|gfs2|9p|virtiofs|orangefs|pvfs2|panfs|fuseblk|fuse\..+|fuse)$/;
/** Made up by programs, without room of their own. */
const NO_ROOM = /^fuse\.(lxcfs|portal|gvfsd-fuse|snapfuse|squashfuse|vmware-vmblock|sysboxfs)$/;
/** Of sessions, services and containers: many, and short-lived. */
const PRIVATE_MEMORY =
  /^\/(sys|proc|dev\/(?!shm$).*|run\/(user|credentials|containerd|docker|netns|secrets)|var\/lib\/(docker|kubelet|containers|containerd|lxd|lxc))(\/|$)/;

export function shownMounts(mounts: readonly Mount[]): ShownMount[] {
  // What is mounted later hides what was mounted at the same place.
  const visible = new Map(mounts.map((mount) => [mount.mountPoint, mount]));
  const byDevice = new Map<string, Mount>();
  for (const mount of visible.values()) {
    if (!hasRoom(mount)) continue;
    const other = byDevice.get(mount.device);
    if (!other || isPlainer(mount, other)) byDevice.set(mount.device, mount);
  }
  const shown = [...byDevice.values()];
  const hasDisk = shown.some(({ type }) => ON_DISK.test(type));
  return shown.map((mount) => ({
    ...mount,
    remote: REMOTE.test(mount.type),
    // A container sees no disk but its root, a layer on top of one.
    counted: ON_DISK.test(mount.type) || (!hasDisk && mount.type === "overlay"),
  }));
}

function hasRoom({ type, mountPoint }: Mount): boolean {
  if (type === "tmpfs") return !PRIVATE_MEMORY.test(mountPoint);
  if (type === "overlay") return mountPoint === "/";
  return ON_DISK.test(type) || (REMOTE.test(type) && !NO_ROOM.test(type));
}

/** Of several mounts of one file system, the whole one stands for it, or else the one nearest to `/`. */
function isPlainer(mount: Mount, other: Mount): boolean {
  if ((mount.root === "/") !== (other.root === "/")) return mount.root === "/";
  return mount.mountPoint.length < other.mountPoint.length;
}
