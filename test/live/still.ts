/**
 * Counters of which no load here makes sure that they move, and why. Everything else has to: a new
 * counter fails the test until a load moves it, or somebody says here why none can.
 */
export const STILL: readonly (readonly [why: string, object: RegExp, counter: RegExp])[] = [
  ["nothing that a test does leaves this host", /^Network Interface$/, /./],
  ["its partitions, if there are any, may be of no use here", /^Disk Partition$/, /./],
  [
    "needs cables, drivers or packets that are broken",
    /^Virtual Network Interface$/,
    /Errors|Drops|Overruns|Collisions|Multicast/,
  ],
  [
    "the cards of clouds and metal alone tell it",
    /^(Network Driver|Network Bond|InfiniBand Port)$/,
    /./,
  ],
  ["needs a file system of another host", /^NFS /, /./],
  [
    "needs hardware that tells it",
    /^(Hardware Sensor|Energy Meter|Memory Errors|PCI Device|SCSI Device)$/,
    /./,
  ],
  [
    "other programs' tables and pools: not for a test to fill",
    /^(Connection Tracking|Neighbor Table|Zram|Huge Page Pool)$/,
    /./,
  ],
  [
    "file systems keep their size, and answer",
    /^LogicalDisk$/,
    /^(Size Bytes|Read Only|Read Only Remounts|Unanswered Requests)$/,
  ],
  [
    "needs swap, memory that is short, or a group that is killed",
    /^Control Group$/,
    /Swap|Refaults|OOM|Stall|Left Out|Limit Events/,
  ],
  ["not every kernel tells control groups apart on its disks", /^Control Group$/, /^IO /],
  [
    "weights and limits stay as they were set",
    /^Control Group$/,
    /Weight|^(% Processor|Task) Limit$|^Memory Limit Bytes$/,
  ],
  [
    "stays as it was set, or only other collectors than the default one do it",
    /^Java Virtual Machine$/,
    /Maximum|Concurrent|Class Unloads/,
  ],
  [
    "no discards here, or writes that lie beside each other",
    /^PhysicalDisk$/,
    /Discard|Flush|Merged/,
  ],
  [
    "a host as busy as in CI has no time of this kind left",
    /^Processor$/,
    /% Idle Time|% IO Wait Time/,
  ],
  [
    "not every kernel accounts for it apart",
    /^Processor$/,
    /% Interrupt Time|% Steal Time|% Accounted Time/,
  ],
  [
    "kernel threads have neither user code nor, most of them, files",
    /^Kernel Thread$/,
    /% User Time|^IO |^State$/,
  ],
  ["needs virtual machines on this host", /^(Processor|Process)$/, /% Guest/],
  [
    "kinds of interrupts that drivers here do not use",
    /^(Processor|System|Processor Information|Interrupts)$/,
    /(High Priority|High Resolution Timer|Interrupt Poll|Network Transmit|Tasklet|Block) Softirqs|Non-Maskable|Thermal|Machine Check|Frequency|Throttl/,
  ],
  ["capacity: it changes when the machine does", /^System$/, /^Processors Online$/],
  ["needs more tasks than there may be: none is stalled for long", /^Pressure$/, /Full|60 s|300 s/],
  ["pages of programs may stay in memory all the time", /^Process$/, /^Major Page Faults/],
  [
    "priorities and limits stay as they are; swap is seldom here",
    /^(Process|Kernel Thread)$/,
    /^(Swap Bytes|Priority|Nice|Handle Count|PSS|% Run Queue Delay Time)|Delay|Ended|Pss|Shared|Swap/,
  ],
  ["the agent's own account: this is none", /^Perfmon Agent$/, /./],
  [
    "needs a network that loses, reorders or marks packets: test/lab has one",
    /^TCP$/,
    /Error|Retransmi|Duplicate|Timeout|Order|Reorder|Recover|Renegings?|Undone|Loss|Lost|Congestion|Prunes|Collapse|Challenge|Probe|Old|Live|Spurious/,
  ],
  [
    "needs queues or memory of the whole host to be full",
    /^TCP$/,
    /Listen|Drops|Memory|Cookies|TIME-WAIT|Orphan|Buffer Pages|Zero Window|Half-Open|Failed|Aborts|Keepalive/,
  ],
  [
    "needs more than a host that talks to itself",
    /^(IP|IPv6|ICMP)$/,
    /Forwarded|Discarded|Errors|Unknown|No Route|Fragment|Multicast|Congestion|Too Big/,
  ],
  [
    "needs wrong packets, or memory to be short",
    /^(UDP|IPv6)$/,
    /Send Buffer|Checksum|Memory|Buffer Pages/,
  ],
  [
    "needs a card with several queues, or a flood",
    /^Packet Processing$/,
    /Dropped|Squeezes|Steered|Flow Limit|Backlog/,
  ],
  [
    "what there is, not what is used of it",
    /^(Memory|Memory Zone|NUMA Node Memory|Kernel Tables)$/,
    /Total|Limit|Watermark|Present|Managed|Spanned|Contiguous|Kernel Map|Per CPU|Balloon|Secondary|Bounce/,
  ],
  [
    "swap is seldom here, and nobody locks or pools memory",
    /^(Memory|Memory Zone|NUMA Node Memory)$/,
    /Swap|Huge|Locked|Unevictable|Compressed|Hardware Corrupted|Write-Back/i,
  ],
  [
    "there may be one node only",
    /^(Paging|NUMA Node Memory|Memory Zone)$/,
    /NUMA|Local Allocations|Demoted|Promoted|Other Node|Interleaved/,
  ],
  [
    "memory would have to be short, with all else that runs here",
    /^(Paging|NUMA Node Memory|Memory Zone)$/,
    /Scan|Stol|Reclaim|kswapd|OOM|Refault|Activation|Stall|Swap|Compaction|Migrat|Restored|Lazily|Zswap|Zero Page|Isolated|Deactivat|Unevictable|Mapping Splits|Huge Page Pool|Merging|Balloon/,
  ],
  ["given out by the kernel as it sees fit", /^(Paging|Transparent Huge Pages)$/, /./],
  [
    "kernel tables that no load of a test fills",
    /^Kernel Tables$/,
    /Async|Entropy|Hung|Pseudoterminal/,
  ],
];

/** Why a counter may stand still; `undefined` when it may not. */
export function whyStill(object: string, counter: string): string | undefined {
  return STILL.find((entry) => entry[1].test(object) && entry[2].test(counter))?.[0];
}

/** What each load must move on any host, whatever may be said above. */
export const MOVES: Readonly<Record<string, readonly string[]>> = {
  "computing, at two priorities": [
    "Processor\\% Processor Time",
    "Processor\\% User Time",
    "Processor\\% Nice Time",
    "Process\\% Processor Time",
    "Process\\% User Time",
    "System\\Load Average 1 min",
  ],
  "system calls": ["Processor\\% Privileged Time", "Process\\% Privileged Time"],
  "processes that come and go": [
    "System\\Context Switches/sec",
    "System\\Process Creations/sec",
    "System\\Interrupts/sec",
    "System\\Processor Queue Length",
    "System\\Threads",
    "Process\\Voluntary Context Switches/sec",
    "Process\\Involuntary Context Switches/sec",
  ],
  "memory taken and given back": [
    "Memory\\Free Bytes",
    "Memory\\Available Bytes",
    "Memory\\Anonymous Bytes",
    "Memory\\Committed Bytes",
    "Paging\\Page Faults/sec",
    "Paging\\Pages Freed/sec",
    "Process\\Minor Page Faults/sec",
    "Process\\Resident Bytes",
  ],
  "files written and read past the cache": [
    "Memory\\Cache Bytes",
    "Memory\\Dirty Bytes",
    "Paging\\Bytes Paged Out/sec",
    "PhysicalDisk\\Disk Writes/sec",
    "PhysicalDisk\\Disk Write Bytes/sec",
    "PhysicalDisk\\Avg. Disk sec/Write",
    "PhysicalDisk\\% Disk Time",
    "Process\\IO Write Bytes/sec",
  ],
  "what only root may do: dropping the cache": [
    "Paging\\Bytes Paged In/sec",
    "Paging\\Major Page Faults/sec",
    "PhysicalDisk\\Disk Reads/sec",
    "PhysicalDisk\\Avg. Disk sec/Read",
    "Process\\IO Read Bytes/sec",
  ],
  "a Java virtual machine that allocates, collects, starts threads": [
    "Java Virtual Machine\\Heap Used Bytes",
    "Java Virtual Machine\\Eden Used Bytes",
    "Java Virtual Machine\\Full Collections/sec",
    "Java Virtual Machine\\% Time in GC",
    "Java Virtual Machine\\Loaded Classes",
    "Java Virtual Machine\\Threads Started/sec",
  ],
  "connections of this host with itself": [
    "TCP\\Connections Active/sec",
    "TCP\\Connections Passive/sec",
    "TCP\\Connection Failures/sec",
    "TCP\\Connections Reset/sec",
    "TCP\\Resets Sent/sec",
    "TCP\\Segments Received/sec",
    "TCP\\Segments Sent/sec",
    "UDP\\Datagrams Received/sec",
    "UDP\\Datagrams Sent/sec",
    "UDP\\No Port/sec",
    "IP\\Datagrams Sent/sec",
    "Virtual Network Interface\\Bytes Received/sec",
    "Packet Processing\\Packets Processed/sec",
  ],
};
