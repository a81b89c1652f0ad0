import { redactCommandLine } from "./redact.ts";
import { defined, linkTarget, readText, readWhole } from "./read-text.ts";

export interface KernelInventory {
  /** `6.1.0-18-amd64` */
  readonly release?: string;
  /** Build number and date, and preemption model: `#1 SMP PREEMPT_DYNAMIC Debian 6.1.76-1`. */
  readonly version?: string;
  /** As `uname -m` has it: `x86_64`, `aarch64`. */
  readonly architecture?: string;
  /** As it was booted, without secrets, addresses and ids. */
  readonly commandLine?: string;
  /** Security modules at work: `lockdown,capability,apparmor`. */
  readonly securityModules?: string;
}

export interface DistributionInventory {
  /** `debian`, `ubuntu`, `rhel`. */
  readonly id?: string;
  readonly version?: string;
  /** `Debian GNU/Linux 12 (bookworm)` */
  readonly name?: string;
}

export interface BootInventory {
  /** Random, made at every boot: tells two boots of a host apart. */
  readonly id?: string;
  /** Wall clock, milliseconds since 1970, UTC; whole seconds, and it moves when the clock is set. */
  readonly timeMs?: number;
}

export interface PrivilegeInventory {
  /** Effective user of the recording process. */
  readonly uid?: number;
  /** Some files (I/O of other users' processes) are only read as root. */
  readonly root: boolean;
}

/** Of Node's names, which are its own, to those of `uname -m`. */
const MACHINES: Readonly<Record<string, string>> = {
  x64: "x86_64",
  arm64: "aarch64",
  ia32: "i686",
  ppc64: "ppc64le",
};

export function readKernel(procRoot: string, sysRoot: string): KernelInventory {
  const commandLine = readText(`${procRoot}/cmdline`);
  return defined<KernelInventory>({
    release: readText(`${procRoot}/sys/kernel/osrelease`),
    version: readText(`${procRoot}/sys/kernel/version`),
    // The file came with Linux 6.1; before it, the program's own architecture has to do, and only
    // for the real /proc.
    architecture:
      readText(`${procRoot}/sys/kernel/arch`) ??
      (procRoot === "/proc" ? (MACHINES[process.arch] ?? process.arch) : undefined),
    commandLine: commandLine === undefined ? undefined : redactCommandLine(commandLine),
    securityModules: readText(`${sysRoot}/kernel/security/lsm`),
  });
}

/** os-release(5): shell assignments. */
export function readDistribution(etcRoot: string): DistributionInventory {
  const text = readWhole(`${etcRoot}/os-release`);
  const value = (key: string) => {
    const match = new RegExp(`^${key}=(.*)$`, "m").exec(text)?.[1]?.trim();
    return match?.replace(/^(["'])(.*)\1$/, "$2").replace(/\\(["'$`\\])/g, "$1") || undefined;
  };
  return defined<DistributionInventory>({
    id: value("ID"),
    version: value("VERSION_ID"),
    name: value("PRETTY_NAME"),
  });
}

export function readBoot(procRoot: string): BootInventory {
  const seconds = /^btime (\d+)$/m.exec(readWhole(`${procRoot}/stat`))?.[1];
  return defined<BootInventory>({
    id: readText(`${procRoot}/sys/kernel/random/boot_id`),
    timeMs: seconds === undefined ? undefined : Number(seconds) * 1000,
  });
}

/** Debian's /etc/timezone, else where /etc/localtime points to. */
export function readTimeZone(etcRoot: string): string | undefined {
  const named = readText(`${etcRoot}/timezone`);
  if (named !== undefined && /^[\w+\-/]+$/.test(named)) return named;
  return /zoneinfo\/(?:posix\/|right\/)?(.+)$/.exec(linkTarget(`${etcRoot}/localtime`) ?? "")?.[1];
}

export function readPrivilege(procRoot: string): PrivilegeInventory {
  const uid = /^Uid:\s+\d+\s+(\d+)/m.exec(readWhole(`${procRoot}/self/status`))?.[1];
  return defined<PrivilegeInventory>({
    uid: uid === undefined ? undefined : Number(uid),
    root: uid === "0",
  });
}
