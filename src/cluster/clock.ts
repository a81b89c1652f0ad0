/** How far a host's clock is ahead of this machine's. */
import { HostError } from "../target/ssh-failure.ts";
import type { SshSession } from "../target/ssh-session.ts";
import type { ClockMeasurement } from "./run-folder.ts";

const ROUND_TRIPS = 9;
/** A busy host takes its time: then there are more, until one was quick. */
const MOST_ROUND_TRIPS = 40;
const QUICK_MS = 30;

/**
 * Several round trips, of which the shortest tells most: the host read its clock somewhere in between,
 * and the middle is off by half of it at most.
 */
export async function measureClock(
  session: SshSession,
  when: ClockMeasurement["when"],
): Promise<ClockMeasurement> {
  let best: ClockMeasurement | undefined;
  for (let i = 0; i < MOST_ROUND_TRIPS; i++) {
    if (best && i >= ROUND_TRIPS && best.roundTripMs <= QUICK_MS) break;
    const beforeMs = Date.now() + fractionMs();
    const { lines, roundTripMs } = await session.request("t");
    const hostMs = Number(lines[lines.length - 1]) * 1000;
    if (!Number.isFinite(hostMs)) throw new HostError("noise", "its clock cannot be read");
    const offsetMs = Math.round((hostMs - beforeMs - roundTripMs / 2) * 10) / 10;
    if (best && roundTripMs >= best.roundTripMs) continue;
    const rounded = Math.round(roundTripMs * 100) / 100;
    best = { when, atMs: Math.round(beforeMs), offsetMs, roundTripMs: rounded };
  }
  return best!;
}

/** What Date.now() leaves out. */
function fractionMs(): number {
  const exact = performance.timeOrigin + performance.now();
  const fraction = exact - Date.now();
  // The two drift apart when the clock is set.
  return fraction >= 0 && fraction < 1 ? fraction : 0.5;
}
