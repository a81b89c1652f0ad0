/**
 * `/proc/net/rpc/nfs` and `/proc/net/rpc/nfsd`: calls of the NFS client and server of this network
 * namespace, printed by the kernel's net/sunrpc/stats.c and fs/nfsd/stats.c.
 */
import { type LineNaming, NumberTable } from "../util/number-table.ts";

/** Names: `rpc.calls`, `rpc.retrans`, `proc3.READ`, `proc4.1`. */
export function nfsClientTable(): NumberTable {
  return new NumberTable(
    named({
      net: "packets udp tcp connections",
      rpc: "calls retrans authrefresh",
      proc3: VERSION_3,
    }),
  );
}

/** Names: `rpc.calls`, `io.read`, `th.threads`, `proc3.READ`, `proc4ops.READ`. */
export function nfsServerTable(): NumberTable {
  return new NumberTable(
    named({
      rc: "hits misses nocache",
      fh: "stale",
      io: "read write",
      th: "threads",
      net: "packets udp tcp connections",
      rpc: "calls badcalls badfmt badauth badclnt",
      proc3: VERSION_3,
      proc4: "NULL COMPOUND",
      proc4ops: VERSION_4,
    }),
  );
}

const VERSION_3 =
  "NULL GETATTR SETATTR LOOKUP ACCESS READLINK READ WRITE CREATE MKDIR SYMLINK MKNOD REMOVE RMDIR " +
  "RENAME LINK READDIR READDIRPLUS FSSTAT FSINFO PATHCONF COMMIT";

/** By the protocol's numbers of operations (RFC 7530, RFC 8881, RFC 7862). */
const VERSION_4 =
  "0 1 2 ACCESS CLOSE COMMIT CREATE DELEGPURGE DELEGRETURN GETATTR GETFH LINK LOCK LOCKT LOCKU LOOKUP " +
  "LOOKUPP NVERIFY OPEN OPENATTR OPEN_CONFIRM OPEN_DOWNGRADE PUTFH PUTPUBFH PUTROOTFH READ READDIR " +
  "READLINK REMOVE RENAME RENEW RESTOREFH SAVEFH SECINFO SETATTR SETCLIENTID SETCLIENTID_CONFIRM " +
  "VERIFY WRITE RELEASE_LOCKOWNER BACKCHANNEL_CTL BIND_CONN_TO_SESSION EXCHANGE_ID CREATE_SESSION " +
  "DESTROY_SESSION FREE_STATEID GET_DIR_DELEGATION GETDEVICEINFO GETDEVICELIST LAYOUTCOMMIT LAYOUTGET " +
  "LAYOUTRETURN SECINFO_NO_NAME SEQUENCE SET_SSV TEST_STATEID WANT_DELEGATION DESTROY_CLIENTID " +
  "RECLAIM_COMPLETE ALLOCATE COPY COPY_NOTIFY DEALLOCATE IO_ADVISE LAYOUTERROR LAYOUTSTATS " +
  "OFFLOAD_CANCEL OFFLOAD_STATUS READ_PLUS SEEK WRITE_SAME CLONE";

/** Lines of calls have their number first; what has no name in them is named by its place. */
function named(lines: Readonly<Record<string, string>>): LineNaming {
  return ([first = "", ...numbers]) => {
    const names = lines[first]?.split(" ");
    const isCalls = first.startsWith("proc");
    return [
      undefined,
      ...numbers.map((_, i) => {
        if (isCalls && i === 0) return undefined;
        const place = isCalls ? i - 1 : i;
        const name = names?.[place] ?? (isCalls ? String(place) : undefined);
        return name === undefined ? undefined : `${first}.${name}`;
      }),
    ];
  };
}
