/**
 * The tables of sar, known by a title that no other has: so any set of columns of any version is recognized. sadf prints
 * the same titles.
 */

/** Table name to the titles of which one is enough, in words separated by spaces. */
const TABLES: readonly (readonly [name: string, titles: string])[] = [
  ["cpu", "%user %usr"],
  ["tasks", "proc/s cswch/s"],
  ["swapping", "pswpin/s pswpout/s"],
  ["paging", "pgpgin/s pgpgout/s majflt/s"],
  ["io", "rtps wtps bread/s bwrtn/s"],
  ["memory-changes", "frmpg/s bufpg/s campg/s"],
  ["memory", "kbmemfree kbmemused"],
  ["swap", "kbswpfree kbswpused"],
  ["hugepages", "kbhugfree kbhugused"],
  ["kernel-tables", "dentunusd file-nr file-sz inode-sz"],
  ["queue", "runq-sz plist-sz"],
  ["tty", "rcvin/s xmtin/s"],
  ["disk", "avgqu-sz aqu-sz areq-sz avgrq-sz rd_sec/s"],
  ["network", "rxpck/s txpck/s"],
  ["network-errors", "rxerr/s txerr/s"],
  // Before "nfs-client", whose retrans/s tcp-errors has, too.
  ["tcp-errors", "atmptf/s estres/s"],
  ["nfs-server", "scall/s badcall/s"],
  ["nfs-client", "getatt/s access/s"],
  ["sockets", "totsck tcpsck"],
  ["ip", "irec/s fwddgm/s"],
  ["ip-errors", "ihdrerr/s iadrerr/s"],
  ["icmp", "imsg/s omsg/s"],
  ["icmp-errors", "idstunr/s odstunr/s"],
  ["tcp", "active/s passive/s"],
  ["udp", "idgm/s odgm/s"],
  ["sockets6", "tcp6sck udp6sck"],
  ["ip6", "irec6/s fwddgm6/s"],
  ["ip6-errors", "ihdrer6/s iadrer6/s"],
  ["icmp6", "imsg6/s omsg6/s"],
  ["icmp6-errors", "ierr6/s idtunr6/s"],
  ["udp6", "idgm6/s odgm6/s"],
  ["softnet", "squeezd/s dropd/s"],
  ["cpu-frequency", "MHz"],
  ["cpu-weighted-frequency", "wghMHz"],
  ["fan", "drpm rpm"],
  ["temperature", "degC %temp"],
  ["voltage", "inV %in"],
  ["usb", "idvendor idprod"],
  ["battery", "%cap cap/min"],
  ["filesystem", "MBfsfree MBfsused"],
  ["fibre-channel", "fch_rxf/s fch_txf/s"],
  ["psi-cpu", "%scpu %scpu-10"],
  ["psi-io", "%sio %sio-10"],
  ["psi-memory", "%smem %smem-10"],
];

const TABLE_OF_TITLE: ReadonlyMap<string, string> = new Map(
  TABLES.flatMap(([name, titles]) => titles.split(" ").map((title) => [title, name] as const)),
);

/** Titles of the column that says which device, interface, CPU the row is about. */
const INSTANCE_TITLES: ReadonlySet<string> = new Set(
  "CPU TTY DEV IFACE FAN TEMP IN BUS BAT FILESYSTEM MOUNTPOINT FCHOST".split(" "),
);

/** Columns that hold words. */
export const SAR_TEXT_COLUMNS: ReadonlySet<string> = new Set(
  "DEVICE idvendor idprod manufact product status".split(" "),
);

/** The table with these titles. */
export interface SarTable {
  readonly name: string;
  /** Where its instance stands; -1 when it has none. */
  readonly instanceAt: number;
  /** Titles without the instance's. */
  readonly columns: readonly string[];
}

/** @returns undefined when the titles are of no table of sar's. */
export function sarTable(titles: readonly string[]): SarTable | undefined {
  const interrupts = interruptTable(titles);
  if (interrupts) return interrupts;
  if (isOfAnotherTool(titles)) return undefined;
  // A row would have numbers.
  if (titles.length === 0 || titles.some((title) => /^-?[\d.,]+$/.test(title))) return undefined;
  const known = titles.find((title) => TABLE_OF_TITLE.has(title));
  // Columns of a version to come: what has a rate or a percentage for a title is a table as well.
  if (known === undefined && !titles.some((title) => /^%[a-z]|[a-z]\/s$/i.test(title)))
    return undefined;
  const instanceAt = titles.findIndex((title) => INSTANCE_TITLES.has(title));
  // Then all requests are counted with discards.
  const discards = known === undefined || !titles.includes("dkB/s") ? "" : " with discards";
  return {
    name:
      known === undefined
        ? `table ${titles[0]!.slice(0, 40)}`
        : `${TABLE_OF_TITLE.get(known)!}${discards}`,
    instanceAt,
    columns: titles.filter((_, i) => i !== instanceAt),
  };
}

/** pidstat's titles end in Command; mpstat has its shares of CPU in another order. */
function isOfAnotherTool(titles: readonly string[]): boolean {
  return (
    titles[titles.length - 1] === "Command" || titles[titles.indexOf("%iowait") + 1] === "%irq"
  );
}

/** `INTR all CPU0 CPU1`, `INTR intr/s`, and (sysstat 9) `CPU i000/s i001/s`: interrupts down or across. */
function interruptTable(titles: readonly string[]): SarTable | undefined {
  const [first, ...rest] = titles;
  if (first === "INTR" && rest.length > 0)
    return { name: "interrupts", instanceAt: 0, columns: rest };
  if (first === "CPU" && rest.length > 0 && rest.every((title) => /^i\d+\/s$/.test(title)))
    return { name: "interrupts-across", instanceAt: 0, columns: rest };
  return undefined;
}
