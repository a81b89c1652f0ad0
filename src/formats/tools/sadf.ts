/**
 * Where sadf's numbers go. `sadf -d` has the tables of sar; those of `sadf -j` have names of their own, and columns that are sar's
 * without `/s`, `kb` and with `-percent` for `%`: so their mapping derives from that of sar.
 */
import type { ColumnTarget, DerivedTarget, TableMapping, ToolMapping } from "./mapping.ts";
import { sarMapping } from "./sar.ts";

export interface JsonTable {
  /** sar's table. */
  readonly table: string;
  /** Columns whose names do not follow the rule -> sar's. */
  readonly renamed?: Readonly<Record<string, string>>;
}

const PRESSURE = (letter: string): Record<string, string> =>
  Object.fromEntries(
    ["some", "full"].flatMap((kind) => {
      const title = `%${kind[0]}${letter}`;
      return [
        [`${kind}_avg`, title],
        ...["10", "60", "300"].map((seconds) => [`${kind}_avg${seconds}`, `${title}-${seconds}`]),
      ];
    }),
  );

/** Where a table stands in the JSON -> which one of sar's it is. */
export const SADF_JSON_TABLES: Readonly<Record<string, JsonTable>> = {
  "cpu-load": { table: "cpu" },
  "cpu-load-all": { table: "cpu" },
  "process-and-context-switch": { table: "tasks" },
  "swap-pages": { table: "swapping" },
  paging: { table: "paging" },
  io: { table: "io" },
  "io.io-reads": { table: "io" },
  "io.io-writes": { table: "io" },
  "io.io-discard": { table: "io" },
  memory: { table: "memory", renamed: { inactive: "kbinact" } },
  hugepages: { table: "hugepages" },
  kernel: { table: "kernel-tables" },
  queue: { table: "queue" },
  serial: { table: "tty" },
  disk: { table: "disk" },
  "disk with discards": { table: "disk with discards" },
  "network.net-dev": { table: "network" },
  "network.net-edev": { table: "network-errors" },
  "network.net-nfs": { table: "nfs-client" },
  "network.net-nfsd": { table: "nfs-server" },
  "network.net-sock": { table: "sockets" },
  "network.net-ip": { table: "ip" },
  "network.net-eip": { table: "ip-errors" },
  "network.net-icmp": { table: "icmp" },
  "network.net-eicmp": { table: "icmp-errors" },
  "network.net-tcp": { table: "tcp" },
  "network.net-etcp": { table: "tcp-errors" },
  "network.net-udp": { table: "udp" },
  "network.net-sock6": { table: "sockets6" },
  "network.net-ip6": { table: "ip6" },
  "network.net-eip6": { table: "ip6-errors" },
  "network.net-icmp6": { table: "icmp6" },
  "network.net-eicmp6": { table: "icmp6-errors" },
  "network.net-udp6": { table: "udp6" },
  "network.softnet": { table: "softnet" },
  "network.fchosts": { table: "fibre-channel" },
  "power-management.cpu-frequency": { table: "cpu-frequency", renamed: { frequency: "MHz" } },
  "power-management.cpu-weighted-frequency": {
    table: "cpu-weighted-frequency",
    renamed: { "weighted-frequency": "wghMHz" },
  },
  "power-management.fan-speed": { table: "fan", renamed: { device: "DEVICE" } },
  "power-management.temperature": { table: "temperature", renamed: { device: "DEVICE" } },
  "power-management.voltage-input": { table: "voltage", renamed: { device: "DEVICE" } },
  filesystems: { table: "filesystem" },
  "psi.psi-cpu": { table: "psi-cpu", renamed: PRESSURE("cpu") },
  "psi.psi-io": { table: "psi-io", renamed: PRESSURE("io") },
  "psi.psi-mem": { table: "psi-memory", renamed: PRESSURE("mem") },
};

/** The key that follows the rule for a title of sar's. Beside `kbswpused`, `swpused` is not `%swpused`: only of CPUs all are shares. */
function jsonKeys(title: string, table: string): readonly string[] {
  const bare = title.replace(/\/s$/, "").replace(/^kb/, "");
  if (!title.startsWith("%")) return [bare];
  const share = `${bare.slice(1)}-percent`;
  return table === "cpu" ? [bare.slice(1), share] : [share];
}

/** The mapping of one of sar's tables, by the keys of the JSON. */
function byKeys(name: string, json: JsonTable): TableMapping[] {
  const renamed = new Map<string, string[]>();
  for (const [key, title] of Object.entries(json.renamed ?? {})) {
    renamed.set(title, [...(renamed.get(title) ?? []), key]);
  }
  const keysOf = (title: string): readonly string[] =>
    renamed.get(title) ?? jsonKeys(title, json.table);
  return sarMapping.tables
    .filter(({ table }) => table === json.table)
    .map((mapping) => ({
      ...mapping,
      table: name,
      columns: Object.fromEntries(
        Object.entries(mapping.columns).flatMap(([title, target]) =>
          keysOf(title).map((key): [string, ColumnTarget] => [key, target]),
        ),
      ),
      derived: (mapping.derived ?? []).flatMap((target) => derivedByKeys(target, keysOf)),
      attributes: (mapping.attributes ?? []).map((title) => keysOf(title)[0]!),
    }));
}

/** One for each of the ways in which a percentage is called; only one of them is printed. */
function derivedByKeys(
  target: DerivedTarget,
  keysOf: (title: string) => readonly string[],
): DerivedTarget[] {
  const keys = target.from.map(keysOf);
  const ways = Math.max(...keys.map(({ length }) => length));
  return Array.from({ length: ways }, (_, way) => ({
    ...target,
    from: keys.map((names) => names[Math.min(way, names.length - 1)]!),
  }));
}

/** Seconds that an interval took are what the values are of, no values themselves. */
const TIMESTAMP: TableMapping = { table: "timestamp", columns: {}, attributes: ["interval"] };

/** Tables that have one name in both: one mapping with what both have. */
function withJson(mapping: TableMapping): TableMapping {
  const json = SADF_JSON_TABLES[mapping.table];
  const other = json && byKeys(mapping.table, json)[0];
  if (!other) return mapping;
  const columns = { ...mapping.columns, ...other.columns };
  const own = new Set(mapping.derived?.map(({ from }) => from.join()));
  const more = other.derived?.filter(({ from }) => !own.has(from.join())) ?? [];
  return { ...mapping, columns, derived: [...(mapping.derived ?? []), ...more] };
}

export const sadfMapping: ToolMapping = {
  tool: "sadf",
  tables: [
    TIMESTAMP,
    ...sarMapping.tables.map(withJson),
    ...Object.entries(SADF_JSON_TABLES)
      .filter(([name, json]) => name !== json.table)
      .flatMap(([name, json]) => byKeys(name, json)),
  ],
};
