/**
 * An inventory without names. What the kernel says of hardware and settings stays; what people wrote
 * (configuration, options, mount points, volumes) stays only where it is a number, a switch or a name
 * that everybody has.
 */
import type { Anonymizer } from "./names.ts";

type Document = Readonly<Record<string, unknown>>;

export function anonymousInventory(inventory: Document, names: Anonymizer): Document {
  return walk("", inventory, names) as Document;
}

function walk(key: string, value: unknown, names: Anonymizer): unknown {
  if (Array.isArray(value)) return value.map((inner) => walk(key, inner, names));
  if (typeof value === "string") return leaf(key, value, names);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      const shown = nameOf(key, name, names);
      return [shown, walk(key === "" ? shown : `${key}.${shown}`, inner, names)];
    }),
  );
}

/** Options of a JVM and settings that are the same everywhere. */
const COMMON_OPTION =
  /^-(X|D(java|javax|sun|jdk|file|user|hadoop|hdfs|yarn|mapred|proc_)\b|D?proc_)/;
const COMMON_SETTING =
  /^(dfs|fs|hadoop|ha|io|ipc|net|nfs|yarn|mapreduce|mapred|hive|tez|hbase|spark|zookeeper|datanucleus|javax)\./;

/** Names of things under a key. */
function nameOf(key: string, name: string, names: Anonymizer): string {
  if (key === "fileSystems" || key === "swap.devices") return names.path(name);
  if (/^jvms\..*\.options$/.test(key)) {
    return COMMON_OPTION.test(name) ? names.text(name) : names.name("option", name);
  }
  if (/^hadoop\.settings\.[^.]*$/.test(key)) {
    return COMMON_SETTING.test(name) ? names.text(name) : names.name("setting", name);
  }
  if (key === "disks" || key === "cgroup.ioLimits") return diskName(name, names);
  if (key === "interfaces") return interfaceName(name, names);
  return names.text(name);
}

/** Values that people wrote. */
const WRITTEN = /^(hadoop\.settings\.|jvms\..*\.options\.)/;
const COMMAND_LINE = /^(kernel\.commandLine|settings\.cmdline)$/;

function leaf(key: string, value: string, names: Anonymizer): string {
  if (key === "hostname") return names.host(value);
  if (key === "notes" || key.startsWith("hadoop.files.")) return names.name("text", value);
  if (key.startsWith("fileSystems.") && key.endsWith(".device")) return names.path(value);
  if (key === "swap.areas") return names.path(value);
  if (key.endsWith(".mapperName")) return names.name("volume", value);
  if (WRITTEN.test(key)) return written(value, names);
  if (COMMAND_LINE.test(key)) {
    return value
      .split(" ")
      .map((word) => bootWord(word, names))
      .join(" ");
  }
  return names.text(value);
}

const PLAIN =
  /^(|-?\d[\d.,]*\s?[a-zA-Z%]{0,3}|true|false|on|off|yes|no|none|null|auto|default|simple|kerberos|privacy|authentication|UTF-8|\(redacted\)|-X[\w:+=.-]*|(org\.apache|java|javax|sun|jdk)\.[\w.$]+|[a-z]+(4j)?\.?codec)$/i;
/** Words that settings choose among. */
const CHOICES = new Set(
  "snappy lz4 zstd gzip bzip2 lzo deflate fair fifo capacity mr tez spark parallel serial g1 cms static dynamic local cluster client yarn hdfs memory disk kryo direct heap".split(
    " ",
  ),
);

function written(value: string, names: Anonymizer): string {
  if (value.split(/[\s,]+/).every((word) => PLAIN.test(word) || CHOICES.has(word.toLowerCase()))) {
    return value;
  }
  return names.name("text", value);
}

/** `mitigations=off` stays; `root=/dev/mapper/x`, `ip=...` and the like lose what they name. */
function bootWord(word: string, names: Anonymizer): string {
  const at = word.indexOf("=");
  if (at < 0) return names.text(word);
  const value = word.slice(at + 1);
  const plain =
    /^[\w,:.+-]*$/.test(value) && !/^(root|ip|BOOT_IMAGE|netroot|rd\.|nfs|hostname)/.test(word);
  return plain ? names.text(word) : `${word.slice(0, at)}=${names.name("text", value)}`;
}

export function diskName(name: string, names: Anonymizer): string {
  return /^(_Total|\*|(sd|vd|xvd|hd)[a-z]+\d*|nvme\d+n\d+(p\d+)?|mmcblk\d+(p\d+)?|(dm-|md|loop|zram|sr|ubd)[a-z]?\d*|)$/.test(
    name,
  )
    ? name
    : names.name("volume", name);
}

export function interfaceName(name: string, names: Anonymizer): string {
  return /^(_Total|\*|lo|(eth|bond|ib|wlan|br|docker|vlan|team|tun|tap|virbr|wg)\d*([.:@]\d+)?|en[op]\w{1,12}|ens\d\w{0,8}|)$/i.test(
    name,
  )
    ? name
    : names.name("interface", name);
}
