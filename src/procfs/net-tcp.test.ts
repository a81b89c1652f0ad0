import { describe, expect, it } from "vitest";
import { ByteScanner } from "../util/byte-scanner.ts";
import { TcpQueues } from "./net-tcp.ts";

const HEAD =
  "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";
const socket = (ends: string, state: string, queues: string, timeout = 21) =>
  `   1: ${ends} ${state} ${queues} 01:00000014 00000000  1000        0 1234 2 00000000fdca66fb ${timeout} 4 30 10 -1\n`;
const REMOTE = "0B00630A:1BBC 0C00630A:9C40";
const LOOPBACK = "0100007F:1BBC 0100007F:9C40";
const REMOTE_6 = "0000000000000000FFFF00000B00630A:1BBC 0000000000000000FFFF00000C00630A:9C40";

function queuesOf(...lines: string[]): TcpQueues {
  const queues = new TcpQueues();
  queues.takeLines(new ByteScanner().reset(Buffer.from(HEAD + lines.join(""))));
  return queues;
}

describe("TcpQueues", () => {
  it("adds up what connections to other hosts have in their queues", () => {
    const queues = queuesOf(
      socket(REMOTE, "01", "00000B50:00000000", 21),
      socket(REMOTE_6, "01", "00000B4F:0000000a", 30),
    );
    expect(queues).toMatchObject({
      connections: 2,
      unacknowledgedBytes: 2896 + 2895,
      unreadBytes: 10,
      sending: 1,
      unread: 1,
      timeoutTicks: 51,
    });
  });

  it("leaves out connections of the host to itself, and sockets that are none", () => {
    const queues = queuesOf(
      socket(LOOPBACK, "01", "00010000:00000000"),
      socket(REMOTE, "06", "00010000:00000000"),
      socket("00000000:07E8 00000000:0000", "0A", "00000000:00000005"),
    );
    expect(queues).toMatchObject({ connections: 0, unacknowledgedBytes: 0, unreadBytes: 0 });
  });

  it("passes over lines that are cut off", () => {
    const whole = socket(REMOTE, "01", "00000B50:00000000");
    for (let length = 0; length < whole.length; length++) {
      expect(queuesOf(whole.slice(0, length)).connections).toBeLessThanOrEqual(1);
    }
    expect(queuesOf(whole.slice(0, 45)).connections).toBe(0);
  });
});
