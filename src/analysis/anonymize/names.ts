/**
 * Other names for hosts, users, addresses and paths: the same name always becomes the same other one
 * within one output, on both sides of a comparison, and nothing leads back. Numbers follow the order
 * in which names are first met, and that of hosts their alphabet: so the same data give the same page.
 */

/** Accounts of systems and services are nobody's name, and tell who works for what. */
const SERVICE_USERS = new Set(
  "root nobody daemon bin sys mail www-data sshd ntp chrony messagebus syslog polkitd hdfs yarn mapred hadoop hive impala spark hbase zookeeper kafka solr oozie hue tez livy flink presto trino cassandra elasticsearch postgres mysql redis nginx".split(
    " ",
  ),
);

/** Folders that every host has; what is below them is replaced. */
const COMMON_PATHS = new Set(
  "/ /bin /boot /dev /etc /home /lib /lib64 /mnt /opt /proc /run /sbin /srv /sys /tmp /usr /var /boot/efi /dev/shm /var/lib /var/log /var/tmp /usr/lib /usr/local".split(
    " ",
  ),
);

/** Block devices by the kernel's names. */
const DEVICE =
  /^\/dev\/(sd[a-z]+\d*|vd[a-z]+\d*|xvd[a-z]+\d*|hd[a-z]+\d*|nvme\d+n\d+(p\d+)?|mmcblk\d+(p\d+)?|dm-\d+|md\d+|ubd[a-z]?\d*|loop\d+|zram\d+|null|zero)$/;

/** Shorter words stand in ordinary text, too. */
const LEAST_LENGTH = 3;

export class Anonymizer {
  private readonly kinds = new Map<string, Map<string, string>>();
  private readonly hosts = new Map<string, string>();
  private readonly domains = new Set<string>();
  private groups = 0;
  private readonly hostWords = new Words();
  private readonly userWords = new Words();

  /** Hosts of one cluster: `node-a1`, `node-a2`, ...; those of the next `node-b1`. Known ones keep theirs. */
  addHosts(names: readonly string[]): void {
    const fresh = [...new Set(names)].filter((name) => !this.hosts.has(name.toLowerCase())).sort();
    if (fresh.length === 0) return;
    const letter = groupLetter(this.groups++);
    const width = String(fresh.length).length;
    fresh.forEach((name, i) => {
      const other = `node-${letter}${String(i + 1).padStart(width, "0")}`;
      this.hosts.set(name.toLowerCase(), other);
      this.hostWords.add(name, other);
      const dot = name.indexOf(".");
      if (dot > 0 && !/^[\d.]+$/.test(name)) {
        this.hostWords.add(name.slice(0, dot), other);
        this.domains.add(name.slice(dot + 1).toLowerCase());
      }
    });
  }

  host(name: string): string {
    if (name === "" || name === "*") return name;
    if (!this.hosts.has(name.toLowerCase())) this.addHosts([name]);
    return this.hosts.get(name.toLowerCase())!;
  }

  user(name: string): string {
    if (SERVICE_USERS.has(name) || /^(systemd-.*|\d*)$/.test(name)) return name;
    const other = this.other("user", name);
    this.userWords.add(name, other);
    return other;
  }

  /** Any other name: of a volume, a file share, a container. */
  name(kind: string, name: string): string {
    return name === "" ? name : this.other(kind, name);
  }

  path(path: string): string {
    if (COMMON_PATHS.has(path) || DEVICE.test(path)) return path;
    return `/${this.other("path", path.replace(/\/+$/, ""))}`;
  }

  address(address: string): string {
    // Any address, this host: nobody's.
    if (/^(0\.0\.0\.0|127\.0\.0\.1|::1?|0)$/.test(address)) return address;
    return this.other("address", address.toLowerCase());
  }

  /** Free text: known hosts and users, URLs, addresses and paths in it. */
  text(text: string): string {
    return this.userWords.replacedIn(this.program(text));
  }

  /** The same of a program's name, which may well be that of a user, too (`node`). */
  program(text: string): string {
    let result = text
      .replace(URL, (_, scheme: string, authority: string, path: string | undefined) => {
        const [host = "", port] = authority.replace(/^[^@]*@/, "").split(/:(?=\d+$)/);
        const place = `${scheme}${this.peer(host)}${port === undefined ? "" : `:${port}`}`;
        return place + (path === undefined || path === "/" ? "" : this.path(path));
      })
      .replace(MAIL, (_, name: string) => `${this.other("user", name)}@${this.other("domain", "")}`)
      .replace(MAC, (address) => this.address(address))
      .replace(IPV4, (address) => this.address(address))
      .replace(IPV6, (address) => this.address(address))
      .replace(PATH, (_, before: string, path: string) => before + this.path(path));
    for (const domain of this.domains) {
      const pattern = new RegExp(`(?<![\\w.-])([\\w-]+\\.)*${literal(domain)}(?![\\w-])`, "gi");
      result = result.replace(pattern, (name) => this.peer(name));
    }
    return this.hostWords.replacedIn(result);
  }

  /** A host that is spoken of, one of the recorded ones or another. */
  private peer(name: string): string {
    if (name === "" || /^(localhost|node-[a-z]+\d+|server-\d+)$/.test(name)) return name;
    return this.hosts.get(name.toLowerCase()) ?? this.other("server", name.toLowerCase());
  }

  private other(kind: string, name: string): string {
    let names = this.kinds.get(kind);
    if (!names) this.kinds.set(kind, (names = new Map()));
    let other = names.get(name);
    if (other === undefined) names.set(name, (other = `${kind}-${names.size + 1}`));
    return other;
  }
}

/** Words that are replaced wherever they stand by themselves. */
class Words {
  private readonly others = new Map<string, string>();
  private pattern: RegExp | undefined;

  add(word: string, other: string): void {
    if (word.length < LEAST_LENGTH && !/\d/.test(word)) return;
    if (this.others.has(word.toLowerCase())) return;
    this.others.set(word.toLowerCase(), other);
    this.pattern = undefined;
  }

  replacedIn(text: string): string {
    if (this.others.size === 0) return text;
    this.pattern ??= new RegExp(
      `(?<![\\w-])(${[...this.others.keys()]
        .sort((a, b) => b.length - a.length)
        .map(literal)
        .join("|")})(?![\\w-])`,
      "gi",
    );
    return text.replace(this.pattern, (word) => this.others.get(word.toLowerCase()) ?? word);
  }
}

const URL = /\b([a-z][a-z0-9+.-]{1,20}:\/\/)([^\s/,;"'<>]+)(\/[^\s,;"'<>]*)?/gi;
const MAIL = /\b([\w.+-]+)@[\w-]+(?:\.[\w-]+)+\b/g;
const MAC = /(?<![\w:])(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}(?![\w:])/gi;
const IPV4 = /(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.]\w)/g;
const IPV6 = /(?<![\w:])(?=[0-9a-f:]*::|(?:[0-9a-f]{1,4}:){7})[0-9a-f]*:[0-9a-f:]*(?![\w:])/gi;
/** Not the slash of `I/O`, `MB/s` or `cloud/tuesday`, nor that of a URL. */
const PATH = /(^|[\s"'=,;([{<|]|(?<![/\w]):)(\/(?!\/)[^\s"',;:)\]}<>|]*)/g;

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&");
}

/** `a`, `b`, ... `z`, `aa`, ... */
function groupLetter(position: number): string {
  const rest = Math.floor(position / 26);
  const last = String.fromCharCode(97 + (position % 26));
  return rest === 0 ? last : groupLetter(rest - 1) + last;
}
