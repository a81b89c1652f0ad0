import { existsSync } from "../util/host-files.ts";
import type { RunningProcess } from "./processes.ts";
import { defined, readText } from "./read-text.ts";

/** The clock of the host. Hosts whose clocks differ cannot be compared instant by instant. */
export interface ClockInventory {
  /** Sources of time that the kernel could use, best first. */
  readonly availableSources?: readonly string[];
  /** Programs that keep the clock right: `chronyd`, `ntpd`, `systemd-timesyncd`, `ptp4l`. */
  readonly synchronizedBy?: readonly string[];
  /** systemd-timesyncd has set the clock since boot; other programs leave no such mark. */
  readonly synchronizedSinceBoot?: boolean;
}

/** The kernel cuts names to 15 bytes. */
const DAEMONS: Readonly<Record<string, string>> = {
  chronyd: "chronyd",
  ntpd: "ntpd",
  "ntpd-rs": "ntpd-rs",
  "ntp-daemon": "ntpd-rs",
  openntpd: "openntpd",
  "systemd-timesyn": "systemd-timesyncd",
  ptp4l: "ptp4l",
  phc2sys: "phc2sys",
  timemaster: "timemaster",
  VBoxService: "VBoxService",
};

/** Where daemons leave their traces, for one whose process cannot be seen (`hidepid`). */
const TRACES: readonly (readonly [string, string])[] = [
  ["chrony/chronyd.pid", "chronyd"],
  ["chronyd.pid", "chronyd"],
  ["ntpd.pid", "ntpd"],
];

const TIMESYNC_MARK = "systemd/timesync/synchronized";

/** @param runRoot `/run` */
export function readClock(
  sysRoot: string,
  runRoot: string,
  processes: readonly RunningProcess[],
): ClockInventory | undefined {
  const sources = readText(
    `${sysRoot}/devices/system/clocksource/clocksource0/available_clocksource`,
  );
  const daemons = new Set(processes.flatMap(({ name }) => DAEMONS[name] ?? []));
  if (daemons.size === 0) {
    const left = TRACES.filter(([file]) => existsSync(`${runRoot}/${file}`));
    for (const [, daemon] of left) daemons.add(daemon);
  }
  const marked = existsSync(`${runRoot}/${TIMESYNC_MARK}`);
  const facts = defined<ClockInventory>({
    availableSources: sources?.split(/\s+/),
    synchronizedBy: daemons.size > 0 ? [...daemons].sort() : undefined,
    synchronizedSinceBoot: marked || daemons.has("systemd-timesyncd") ? marked : undefined,
  });
  return Object.keys(facts).length > 0 ? facts : undefined;
}
