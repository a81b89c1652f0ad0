/** TCP, UDP, IP and IPv6 beside `nstat`, on this machine as it is: every number that it knows is recorded. */
import { execFileSync } from "node:child_process";
import { expect } from "vitest";
import { hostContext } from "../src/agent/host-context.ts";
import { ip } from "../src/collectors/ip.ts";
import { ipv6 } from "../src/collectors/ipv6.ts";
import { tcp } from "../src/collectors/tcp.ts";
import { udp } from "../src/collectors/udp.ts";
import { SampleRow } from "../src/counter/sample-row.ts";
import { needs } from "./support/needs.ts";

/** nstat's prefix -> object, and prefix of its field. The longer ones first. */
const PLACES: readonly (readonly [prefix: string, object: string, field: string])[] = [
  ["MPTcpExt", "TCP", "MPTcpExt."],
  ["TcpExt", "TCP", ""],
  ["IpExt", "IP", ""],
  ["IcmpMsg", "none", ""],
  ["Icmp6InType", "none", ""],
  ["Icmp6OutType", "none", ""],
  ["Icmp6", "IPv6", "Icmp6"],
  ["UdpLite6", "IPv6", "UdpLite6"],
  ["Udp6", "IPv6", "Udp6"],
  ["Ip6", "IPv6", "Ip6"],
  ["UdpLite", "UDP", "UdpLite."],
  ["Udp", "UDP", ""],
  ["Tcp", "TCP", ""],
  ["Icmp", "IP", "Icmp."],
  ["Ip", "IP", ""],
];

/** `object field` -> raw number. */
function read(
  collectors: readonly { readonly sample: () => void; readonly row: SampleRow }[],
): Map<string, number> {
  const found = new Map<string, number>();
  for (const { sample, row } of collectors) {
    sample();
    for (const unit of row.units) {
      unit.object.groups[unit.group]!.fields.forEach(({ id }, i) =>
        found.set(`${unit.object.name} ${id}`, row.values[unit.slot + i]!),
      );
    }
  }
  return found;
}

needs("iproute2").it("has each of nstat's numbers, between a reading before and one after", () => {
  const host = hostContext({ allBlockDevices: false });
  const collectors = [tcp, udp, ip, ipv6].flatMap((collector) => {
    const open = collector.open(host);
    if (!open) return [];
    const row = new SampleRow();
    const sample = () => {
      row.begin();
      open.collect(row);
    };
    return [{ sample, row, close: () => open.close() }];
  });
  const before = read(collectors);
  const { kernel } = JSON.parse(execFileSync("nstat", ["-asz", "-j"], { encoding: "utf8" })) as {
    kernel: Record<string, number>;
  };
  const after = read(collectors);
  for (const { close } of collectors) close();
  let compared = 0;
  for (const [name, value] of Object.entries(kernel)) {
    const place = PLACES.find(([prefix]) => name.startsWith(prefix));
    expect(place, name).toBeDefined();
    const [prefix, object, field] = place!;
    if (object === "none") continue;
    const ours = `${object} ${field}${name.slice(prefix.length)}`;
    expect(before.has(ours), `${name} as ${ours}`).toBe(true);
    // Gauges may fall; nstat shows some of them.
    if (!name.endsWith("CurrEstab")) {
      const [low, high] = [before.get(ours)!, after.get(ours)!];
      // nstat starts some of its sums anew at 2^32.
      const turns = value < 2 ** 32 ? Math.floor((high - value) / 2 ** 32) : 0;
      const whole = value + turns * 2 ** 32;
      expect(whole, name).toBeGreaterThanOrEqual(low);
      expect(whole, name).toBeLessThanOrEqual(high);
    }
    compared++;
  }
  expect(compared).toBeGreaterThan(250);
});
