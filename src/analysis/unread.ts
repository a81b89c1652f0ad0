/**
 * What was sent and is not acknowledged is on its way, or it has arrived and the program over there
 * does not read. The second shows in the receivers' queues: then the sender waits for a busy program,
 * whose host says what it is busy with, and not for the network.
 */
import type { HostColumns } from "./side.ts";
import { clamp } from "./statistics/round.ts";

/** A sample sees an instant: it is judged over so many buckets to each side. */
const REACH = 2;

/** Per bucket the part of the hosts' unacknowledged bytes that lie unread in one of them, 0 to 1. */
export function unreadPart(hosts: readonly HostColumns[], buckets: number): Float64Array {
  const sums = (id: "unacknowledged" | "unread") => {
    const sum = new Float64Array(buckets);
    for (const { signals } of hosts) {
      const column = signals.get(id);
      for (let b = 0; b < buckets; b++) if (column && column[b]! > 0) sum[b] = sum[b]! + column[b]!;
    }
    return sum;
  };
  const sent = sums("unacknowledged");
  const unread = sums("unread");
  return Float64Array.from(sent, (_, b) => {
    const around = (column: Float64Array) =>
      column
        .subarray(Math.max(0, b - REACH), b + REACH + 1)
        .reduce((total, value) => total + value, 0);
    const all = around(sent);
    return all > 0 ? clamp(around(unread) / all) : 0;
  });
}
