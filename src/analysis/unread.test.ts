import { describe, expect, it } from "vitest";
import type { HostColumns } from "./side.ts";
import { unreadPart } from "./unread.ts";

function host(unacknowledged: number[], unread: number[]): HostColumns {
  const signals = new Map([
    ["unacknowledged", Float64Array.from(unacknowledged)],
    ["unread", Float64Array.from(unread)],
  ]);
  return { signals } as unknown as HostColumns;
}

describe("unreadPart", () => {
  it("is nothing where what was sent is on its way, and all where it lies with the receiver", () => {
    const length = 7;
    const sent = Array.from({ length }, () => 1000);
    const none = Array.from({ length }, () => 0);
    const sender = host(sent, none);
    expect([...unreadPart([sender, host(none, none)], length)]).toEqual(none);
    expect(unreadPart([sender, host(none, sent)], length)[3]).toBe(1);
    expect(unreadPart([sender, host(none, [0, 0, 0, 0, 2500, 0, 0])], length)[3]).toBe(0.5);
    expect(unreadPart([sender, host(none, [0, 0, 0, 0, 0, 0, 900])], length)[0]).toBe(0);
  });

  it("is nothing where nothing is known", () => {
    expect([...unreadPart([{ signals: new Map() } as unknown as HostColumns], 2)]).toEqual([0, 0]);
  });
});
