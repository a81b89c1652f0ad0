/** How much a key of the inventory may matter, and to which resource: rules as data. */
import type { InventoryDifference } from "./comparison.ts";
import type { ResourceName } from "./resources.ts";

export type Relevance = InventoryDifference["relevance"];

export interface KeyRule {
  readonly pattern: RegExp;
  readonly relevance: Relevance;
  readonly resource: ResourceName | null;
}

const rule = (relevance: Relevance, resource: ResourceName | null, pattern: RegExp): KeyRule => ({
  pattern,
  relevance,
  resource,
});

/**
 * What differs from host to host by nature, or follows from what is told elsewhere: names, addresses,
 * folders, who may log in.
 */
const IDENTITY: readonly RegExp[] = [
  /^(schema|hostname|notes|boot\..*|privilege\.uid)$/,
  /^(?!distribution\.).*\.(id|uuid|serial|address)$/i,
  /^hadoop\.files\./,
  /^hadoop\.settings\..*(address|hosts?|hostname|quorum|principal|keytab|defaultFS|nameservices|uris?|url|ids|cluster-id|acl|users|groups|proxyuser|namenodes|edits\.dir|auth_to_local|fencing|jobhistory\.\w+)\b/i,
  /^jvms\..*\.options\.-D(proc_.*|.*(id\.str|logger|log\.\w+|logfile|home\.\w+|library\.path|policy\.file|tmpdir|appid|user|host\w*|address))$/i,
];

/** First match counts; what matches nothing is of low relevance. */
const RULES: readonly KeyRule[] = [
  rule("high", "cpu", /^cpu\.(model|vendor|logicalCpus|cores|offlineCpus|isolatedCpus)$/),
  rule("high", "cpu", /^cpu\.(nominalMHz|maxMHz|allowedMaxMHz|turbo|frequency|energyPreference)/),
  rule("high", "cpu", /^cpu\.(simultaneousMultithreading|mitigations\.)/),
  rule("medium", "cpu", /^cpu\./),
  rule("high", "cpu", /^cgroup\.(cpuLimit|cpus)$|^limits\.cpus$/),
  rule("medium", "cpu", /^cgroup\.cpuWeight$/),

  rule("high", "memory", /^memory\.totalBytes$|^cgroup\.(memory|swap)/),
  rule("high", "memory", /^swap\.totalBytes$/),
  rule(
    "high",
    "memory",
    /^settings\.(transparent_hugepage(\.defrag)?|vm\.swappiness|vm\.zone_reclaim_mode)$/,
  ),
  // The kernel derives these from the size of the memory.
  rule("low", "memory", /^settings\.(vm\.min_free_kbytes|vm\.stat_interval|vm\.laptop_mode)$/),
  rule(
    "low",
    "memory",
    /^limits\.(memoryNodes|lockedMemory|stack|addressSpace)|^swap\.devices\..*\.priority$/,
  ),
  rule("high", "disk", /^settings\.vm\.dirty_(background_)?(ratio|bytes)$/),
  rule("medium", "disk", /^settings\.vm\.dirty/),
  rule(
    "medium",
    "memory",
    /^(memory|swap)(\.|$)|^settings\.(vm\.|transparent_hugepage|ksm|zswap|lru_gen|numa)/,
  ),

  rule("high", "virtualization", /^virtualization\./),

  rule(
    "high",
    "disk",
    /^disks(\.[^.]*)?$|^disks\..*\.(kind|rotational|model|scheduler|writeCache|raid\w+|readAheadBytes|link|transport)$/,
  ),
  rule("low", "disk", /^disks\..*\.(vendor|firmware|mapperName|maxLink|zoned|restsOn)$/),
  rule("medium", "disk", /^disks\./),
  rule("high", "disk", /^fileSystems\..*\.(type|options)$|^cgroup\.ioLimits/),
  rule("medium", "disk", /^fileSystems/),

  rule(
    "high",
    "network",
    /^interfaces(\.[^.]*)?$|^interfaces\..*\.(speedMbps|duplex|driver|mtuBytes|link|offloads\w+|(receive|transmit)Ring|bond\.mode)$/,
  ),
  rule(
    "low",
    "network",
    /^interfaces\..*\.(state|ethtool\.(firmware|driverVersion|max\w+)|maxLink|partOf|bond\.interfaces)$/,
  ),
  rule(
    "high",
    "network",
    /^settings\.net\.(ipv4\.tcp_(congestion_control|rmem|wmem|window_scaling|sack)|core\.(default_qdisc|rmem_max|wmem_max|somaxconn|netdev_max_backlog))$/,
  ),
  rule("medium", "network", /^(interfaces\.|settings\.net\.)/),

  rule("high", "cpu", /^clockSource$|^settings\.(cmdline|kernel\.numa_balancing)$/),
  rule(
    "medium",
    "cpu",
    /^kernel\.release$|^settings\.(kernel\.sched|kernel\.nmi|kernel\.split|kernel\.timer|kernel\.task|pcie)/,
  ),
  rule(
    "low",
    null,
    /^settings\.|^clock\.|^kernel\.(commandLine|securityModules)$|^firmware\.date$/,
  ),
  rule("medium", null, /^(kernel|distribution|firmware)\./),
  rule("low", null, /^(timeZone|pressureStallInformation|privilege\.root|cgroup\.version)$/),
  rule("medium", null, /^limits\.(openFiles|processes)|^cgroup\.processLimit$/),
  rule("low", null, /^limits\./),

  rule(
    "high",
    "memory",
    /^jvms\..*\.options\.-(Xmx|Xms|Xmn|XX:(Max|Initial|New|Min)\w*(Size|Percentage)|XX:Use\w+GC)$/,
  ),
  rule(
    "high",
    "cpu",
    /^jvms\..*\.options\.-XX:(ActiveProcessorCount|ParallelGCThreads|ConcGCThreads|TieredCompilation|UseNUMA)$/,
  ),
  rule("medium", "cpu", /^(jvms\..*\.java|java\..*)$/),
  rule("medium", "memory", /^jvms\..*\.options\.-X/),
  rule("medium", null, /^jvms\.[^.]*$/),
  rule("low", null, /^jvms/),

  rule(
    "high",
    "memory",
    /^hadoop\.settings\..*(memory|java\.opts|heap|io\.sort\.mb|vmem|pmem|extraJavaOptions)/i,
  ),
  rule(
    "high",
    "cpu",
    /^hadoop\.settings\..*(vcores|\.cores|compress|codec|speculative|resource-calculator|cgroups|percentage-physical-cpu)/i,
  ),
  rule(
    "high",
    "disk",
    /^hadoop\.settings\..*(data\.dirs?|local[.-]dirs?|local\.dir|blocksize|block\.size|buffer\.size|io\.sort|spill|shortcircuit|short-circuit|sync\.behind|drop\.cache|readahead|replication$)/i,
  ),
  rule(
    "high",
    "network",
    /^hadoop\.settings\..*(encrypt|protection|shuffle|parallelcopies|slowstart|handler\.count|transfer\.threads|max\.xcievers|topology|balance|ipc\.)/i,
  ),
  rule("high", null, /^hadoop\.versions\./),
  rule("medium", null, /^hadoop/),
];

/** The rule for a key; `undefined` for one that nobody has thought of. */
export function ruleFor(key: string): KeyRule | undefined {
  return RULES.find(({ pattern }) => pattern.test(key));
}

/** Whether a key differs from host to host by nature. */
export function isIdentity(key: string): boolean {
  return IDENTITY.some((pattern) => pattern.test(key));
}

/** Lists whose order and common part tell nothing: what is on one side only is shown. */
export function isSet(key: string): boolean {
  return /^(cpu\.flags|kernel\.commandLine)$|^fileSystems\..*\.options$|\.offloads(On|Off)$/.test(
    key,
  );
}

/** By how much two values may differ and count as equal, in their own unit. */
export function toleranceOf(key: string): number {
  // What a hypervisor takes moves all the time.
  return key === "virtualization.stealPercent" ? 1 : 0;
}

/**
 * Things with names that differ from host to host (`sda`, `nvme0n1`), and which of their facts say in
 * short what one is that only one side has.
 */
export const NAMED_GROUPS: readonly (readonly [string, readonly string[]])[] = [
  ["disks", ["kind", "model", "sizeBytes"]],
  ["fileSystems", ["type", "device"]],
  ["interfaces", ["driver", "speedMbps", "mtuBytes"]],
  ["swap.devices", ["type", "sizeBytes"]],
  ["memory.nodes", ["totalBytes"]],
  ["jvms", ["processes", "java"]],
  ["hadoop.settings", []],
];
