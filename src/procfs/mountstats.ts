/**
 * `/proc/self/mountstats`: what NFS mounts did, printed by the kernel's `nfs_show_stats`
 * (fs/nfs/super.c), `xs_tcp_print_stats` (net/sunrpc/xprtsock.c) and `rpc_clnt_show_stats`
 * (net/sunrpc/stats.c). The orders of the numbers are those of `include/linux/nfs_iostat.h`, which
 * only ever grew at the end.
 */
import { type LineNaming, NumberTable } from "../util/number-table.ts";

export const NFS_BYTES = (
  "normal_read_bytes normal_write_bytes direct_read_bytes direct_write_bytes server_read_bytes " +
  "server_write_bytes read_pages write_pages"
).split(" ");

export const NFS_EVENTS = (
  "inode_revalidate dentry_revalidate data_invalidate attr_invalidate vfs_open vfs_lookup vfs_access " +
  "vfs_update_page vfs_read_page vfs_read_pages vfs_write_page vfs_write_pages vfs_getdents " +
  "vfs_setattr vfs_flush vfs_fsync vfs_lock vfs_release congestion_wait setattr_trunc extend_write " +
  "silly_rename short_read short_write delay pnfs_read pnfs_write"
).split(" ");

/** What all transports have; UDP has neither connections nor idle time. */
const TCP_TRANSPORT =
  "port bind_count connect_count connect_time idle_time sends receives bad_xids in_flight backlog".split(
    " ",
  );
const UDP_TRANSPORT = "port bind_count sends receives bad_xids in_flight backlog".split(" ");
const SETTINGS: ReadonlySet<string> = new Set(["port", "idle_time", "connect_time"]);

export const NFS_TRANSPORT = TCP_TRANSPORT.filter((name) => !SETTINGS.has(name));

/** Per operation; times in milliseconds. Errors since Linux 5.3. */
export const NFS_OPERATION =
  "ops transmissions timeouts sent_bytes received_bytes queue_ms rtt_ms execute_ms errors".split(
    " ",
  );

/** One number of the file, as its name says. */
export interface NfsNumber {
  readonly mountPoint: string;
  readonly source: string;
  /** `nfs` (2, 3) or `nfs4`. */
  readonly type: string;
  /** `READ`; absent for numbers of the mount as a whole. */
  readonly operation?: string;
  readonly field: string;
}

/** Names are `NfsNumber`s as JSON; a field that stands several times (nconnect) is to be summed. */
export function mountstatsTable(): NumberTable {
  return new NumberTable(nfsMounts());
}

function nfsMounts(): LineNaming {
  let mount: Pick<NfsNumber, "mountPoint" | "source" | "type"> | undefined;
  let inOperations = false;
  return (words) => {
    const [first = "", second = ""] = words;
    if (first === "no" && second === "device") mount = undefined;
    else if (first === "device") {
      // device SOURCE mounted on POINT with fstype TYPE statvers=1.1
      const type = words[7] ?? "";
      const isNfs = type === "nfs" || type === "nfs4";
      mount = isNfs
        ? { mountPoint: unescape(words[4]!), source: unescape(second), type }
        : undefined;
      inOperations = false;
    }
    const current = mount;
    if (!current) return words.map(() => undefined);
    const name = (field: string | undefined, operation?: string) =>
      field === undefined
        ? undefined
        : JSON.stringify({ ...current, ...(operation ? { operation } : undefined), field });
    if (inOperations) {
      const operation = first.replace(/:$/, "");
      return words.map((_, i) => (i === 0 ? undefined : name(NFS_OPERATION[i - 1], operation)));
    }
    if (first === "bytes:") return words.map((_, i) => name(NFS_BYTES[i - 1]));
    if (first === "events:") return words.map((_, i) => name(NFS_EVENTS[i - 1]));
    if (first === "xprt:") {
      const order = second === "udp" ? UDP_TRANSPORT : TCP_TRANSPORT;
      return words.map((_, i) => {
        const field = order[i - 2];
        return field === undefined || SETTINGS.has(field) ? undefined : name(field);
      });
    }
    if (first === "per-op") inOperations = true;
    return words.map(() => undefined);
  };
}

/** Blanks and the like stand as `\040`. */
function unescape(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) =>
    String.fromCharCode(parseInt(octal, 8)),
  );
}
