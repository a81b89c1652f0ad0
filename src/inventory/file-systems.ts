import { redactText } from "./redact.ts";
import type { Mount } from "./mounts.ts";
import { defined } from "./read-text.ts";

/** A mounted file system that holds data. */
export interface FileSystemInventory {
  /** `ext4`, `xfs`, `nfs4`. */
  readonly type: string;
  /** Device; of a network file system only the exported path, not the server. */
  readonly device?: string;
  /** Without addresses and names of users. */
  readonly options: readonly string[];
}

export type FileSystemsInventory = Readonly<Record<string, FileSystemInventory>>;

/** The kernel's own, images of packages, and what containers mount by the hundred. */
const NO_STORAGE =
  /^(proc|sysfs|devtmpfs|devpts|cgroup2?|cpuset|securityfs|selinuxfs|debugfs|tracefs|configfs|fusectl|pstore|bpf|mqueue|hugetlbfs|binfmt_misc|autofs|rpc_pipefs|nfsd|efivarfs|nsfs|ramfs|rootfs|squashfs|iso9660|fuse\.(lxcfs|portal|gvfsd-fuse))$/;
const CONTAINER_MOUNT =
  /^\/(var\/lib\/(docker|containers|containerd|kubelet|lxd)|run|proc|sys|dev|snap)(\/|$)/;
/** Mount options that name servers, clients, users or this very volume. */
const PRIVATE_OPTION =
  /^(addr|clientaddr|mountaddr|srcaddr|ip|unc|user(name)?|pass(word)?|domain|cred(entials)?|fsid|uuid|secret|name|source|prefixpath|server\w*|mon_addr|upperdir|lowerdir|workdir)(=|$)/i;

/** By mount point. A mount over another hides it. */
export function readFileSystems(mounts: readonly Mount[]): FileSystemsInventory {
  const result: Record<string, FileSystemInventory> = {};
  for (const mount of mounts) {
    const { point, type, subtree } = mount;
    // A bind mount of a folder or file shows what is mounted elsewhere as a whole; btrfs mounts
    // its subvolumes so.
    const bind = subtree !== "/" && type !== "btrfs" && point !== "/";
    if (bind || NO_STORAGE.test(type) || CONTAINER_MOUNT.test(point)) continue;
    if (type === "overlay" && point !== "/") continue;
    result[redactText(point)] = defined<FileSystemInventory>({
      type,
      device: deviceOf(mount),
      options: mount.options.filter((option) => !PRIVATE_OPTION.test(option)).map(redactText),
    });
  }
  return result;
}

function deviceOf({ device, type }: Mount): string | undefined {
  if (device === type || device === "none" || device === "") return undefined;
  // `server:/export`, `[fe80::1]:/export`, `//server/share`
  const exported = /^(?:\[[^\]]*\]|[^/]*):(\/.*)$/.exec(device) ?? /^\/\/[^/]+(\/.*)$/.exec(device);
  return redactText(exported ? exported[1]! : device);
}
