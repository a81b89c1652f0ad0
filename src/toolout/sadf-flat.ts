/**
 * The columns of `sadf -d`, one table per line or, with -h, all of them in one: `CPU;%user;...;%idle[...];proc/s;cswch/s;DEV;...[...]`,
 * where `[...]` says that the table comes more than once, with another instance each time, and not how often.
 */
import { type SarTable, sarTable } from "./sar-tables.ts";

/** One table within a line of titles. */
export interface FlatPart {
  readonly table: SarTable;
  /** Of the instance (`CPU`, `DEV`); undefined when the table has none. */
  readonly title: string | undefined;
  readonly repeats: boolean;
  /** As many columns as CPUs (`CPU*`), and one for all. */
  readonly perCpu: boolean;
}

export interface FlatGroup {
  readonly part: FlatPart;
  readonly instance: string;
  readonly values: readonly string[];
}

/** Titles that begin a table without instances, the first of each, in any version. */
const FIRST_TITLES: ReadonlySet<string> = new Set(
  (
    "proc/s cswch/s pswpin/s pgpgin/s tps frmpg/s kbmemfree kbswpfree kbhugfree dentunusd runq-sz call/s scall/s totsck irec/s ihdrerr/s imsg/s " +
    "ierr/s active/s atmptf/s idgm/s tcp6sck irec6/s ihdrer6/s imsg6/s ierr6/s idgm6/s %scpu-10 %sio-10 %smem-10"
  ).split(" "),
);
const INSTANCE_TITLES: ReadonlySet<string> = new Set(
  "CPU INTR TTY DEV IFACE FAN TEMP IN BUS BAT FILESYSTEM MOUNTPOINT FCHOST".split(" "),
);

/** @returns no parts when the titles are of no tables */
export function flatParts(titles: readonly string[]): readonly FlatPart[] {
  const groups: string[][] = [];
  for (const title of titles) {
    const current = groups[groups.length - 1];
    const opens =
      INSTANCE_TITLES.has(title) || (FIRST_TITLES.has(title) && !belongs(title, current));
    if (!current || opens) groups.push([title]);
    else current.push(title);
  }
  const parts = groups.map(partOf);
  return parts.every((part) => part !== undefined) ? parts : [];
}

/** Titles that also stand inside of tables: tps of a disk, cswch/s after proc/s. */
function belongs(title: string, current: readonly string[] | undefined): boolean {
  const first = current?.[0];
  if (first === undefined) return false;
  const alone = current!.length === 1;
  return (
    (title === "cswch/s" && first === "proc/s") ||
    (title === "tps" && first === "DEV" && alone) ||
    // Old versions had swap and memory in one.
    (title === "kbswpfree" &&
      first === "kbmemfree" &&
      current!.length <= 6 &&
      !current!.includes("kbcommit"))
  );
}

function partOf(printed: readonly string[]): FlatPart | undefined {
  const repeats = printed[printed.length - 1]!.endsWith("[...]");
  const titles = printed.map((title) => title.replace(/\[\.\.\.\]$/, ""));
  const perCpu = titles[titles.length - 1] === "CPU*";
  const table = sarTable(perCpu ? ["INTR", "all"] : titles);
  if (!table) return undefined;
  return {
    table,
    title: table.instanceAt < 0 ? undefined : titles[table.instanceAt],
    repeats,
    perCpu,
  };
}

/**
 * Divides a row among its tables.
 *
 * @returns undefined when the cells do not fit, or when it cannot be told for certain where a table ends
 */
export function flatCells(
  parts: readonly FlatPart[],
  cells: readonly string[],
): readonly FlatGroup[] | undefined {
  const groups: FlatGroup[] = [];
  let at = 0;
  let cpus = 0;
  for (const part of parts) {
    const seen = new Set<string>();
    // A table alone may have any instances; in a row with others the next one must be told from it.
    const alone = parts.length === 1;
    const width =
      part.perCpu && !alone ? cpus + 1 : part.perCpu ? cells.length - 1 : part.table.columns.length;
    const own = part.title === undefined ? 0 : 1;
    let more = true;
    while (more) {
      const instance = own ? cells[at] : "";
      const values = cells.slice(at + own, at + own + width);
      if (instance === undefined || values.length !== width || width === 0) return undefined;
      if (!alone && part.title !== undefined && !IS_INSTANCE[part.title]?.test(instance))
        return undefined;
      groups.push({ part, instance, values });
      seen.add(instance);
      at += own + width;
      more = part.repeats && !alone && goesOn(part, cells[at], seen);
    }
    if (part.table.name === "cpu") cpus = seen.size - (seen.has("-1") ? 1 : 0);
  }
  return at === cells.length ? groups : undefined;
}

/** Whether the cell is one more instance of this table. */
function goesOn(part: FlatPart, cell: string | undefined, seen: ReadonlySet<string>): boolean {
  // One that was there already is the next table's, which has the same instances.
  if (cell === undefined || part.title === undefined || seen.has(cell)) return false;
  return IS_INSTANCE[part.title]?.test(cell) === true;
}

/** What instances look like, so narrowly that none could be of the table after it; numbers of other tables have decimals. */
const IS_INSTANCE: Readonly<Record<string, RegExp>> = {
  CPU: /^(-1|\d{1,5})$/,
  INTR: /^(sum|\d{1,5}|[A-Z][A-Z0-9]{1,5})$/,
  TTY: /^\d{1,4}$/,
  DEV: /^((s|h|v|xv|ub)d[a-z]+\d*|(nvme|mmcblk)\d\w*|(loop|ram|zram|md|sr|fd|nbd|rbd|bcache|drbd|pmem|dasd|cciss|dm-|dev)[\w-]*)$/,
  IFACE:
    /^(lo|(eth|en|wl|ww|ib|bond|team|br|docker|virbr|veth|vnet|vxlan|vlan|tun|tap|ifb|dummy|cni|flannel|cali|wg|ppp|usb|lxc|lxd|gre|sit|ip6|erspan|bridge|macv|ipv|nlmon|tunl|hsn|em|p\d)[\w.@-]*)$/,
  FAN: /^\d{1,4}$/,
  TEMP: /^\d{1,4}$/,
  IN: /^\d{1,4}$/,
  BUS: /^\d{1,4}$/,
  BAT: /^\d{1,4}$/,
  FILESYSTEM: /^(\/.*|[a-z][\w.-]*:.*)$/,
  MOUNTPOINT: /^\//,
  FCHOST: /^host\d+$/,
};
