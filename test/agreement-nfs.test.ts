/** NFS client and server against sar, nfsiostat and nfsstat, on fixture hosts. */
import { describe, expect, it } from "vitest";
import { nfsClient } from "../src/collectors/nfs-client.ts";
import { nfsMount } from "../src/collectors/nfs-mount.ts";
import { nfsOperation } from "../src/collectors/nfs-operation.ts";
import { nfsServer } from "../src/collectors/nfs-server.ts";
import { SampleRow } from "../src/counter/sample-row.ts";
import { cookFixture, FixtureHost } from "./hosts/fixture-host.ts";
import { inDigitsOf, sarCells, toolOutput } from "./hosts/tool-output.ts";

const HOST = "rhel8-4.18";
const values = cookFixture(HOST, [nfsClient, nfsMount, nfsOperation, nfsServer]);

const SAR: Readonly<Record<string, string>> = {
  "call/s": "\\NFS Client\\RPC Calls/sec",
  "retrans/s": "\\NFS Client\\RPC Retransmissions/sec",
  "read/s": "\\NFS Operation(/home READ)\\Operations/sec",
  "write/s": "\\NFS Operation(/home WRITE)\\Operations/sec",
  "getatt/s": "\\NFS Operation(/home GETATTR)\\Operations/sec",
  "scall/s": "\\NFS Server\\RPC Calls/sec",
  "badcall/s": "\\NFS Server\\RPC Bad Calls/sec",
  "packet/s": "\\NFS Server\\Packets/sec",
  "hit/s": "\\NFS Server\\Reply Cache Hits/sec",
  "sread/s": "\\NFS Server\\Reads/sec",
  "swrite/s": "\\NFS Server\\Writes/sec",
  "sgetatt/s": "\\NFS Server\\Attribute Requests/sec",
};

describe("agreement with sar -n NFS,NFSD", () => {
  const cells = sarCells(HOST, "sar-n-nfs");
  it.each(Object.entries(SAR))("%s is %s", (column, path) => {
    const cell = cells.find((found) => found.column === column)!;
    expect(inDigitsOf(cell.printed, values.get(path)!)).toBe(cell.printed);
  });
});

describe("agreement with nfsiostat", () => {
  // Its rates are by the clock on the wall, its means are of the requests alone.
  const report = toolOutput(HOST, "nfsiostat")!.split("mounted on /home").pop()!;
  const COLUMNS = {
    "avg RTT (ms)": "Avg. Round Trip sec/Operation",
    "avg exe (ms)": "Avg. sec/Operation",
    "avg queue (ms)": "Avg. Queue sec/Operation",
  };
  it.each(["READ", "WRITE"])("has the mean times of %s", (operation) => {
    const [header = "", line = ""] = report
      .slice(report.indexOf(`${operation.toLowerCase()}:`))
      .split("\n");
    const names = header.split(/\s{2,}/).slice(1);
    const printed = line.trim().split(/\s{2,}/);
    for (const [column, counter] of Object.entries(COLUMNS)) {
      const cell = printed[names.indexOf(column)]!;
      const seconds = values.get(`\\NFS Operation(/home ${operation})\\${counter}`)!;
      expect(inDigitsOf(cell, seconds * 1000)).toBe(cell);
    }
  });
});

describe("agreement with nfsstat", () => {
  const host = new FixtureHost(HOST);
  host.advance();
  const row = new SampleRow();
  row.begin();
  const open = [nfsClient, nfsServer].map((collector) => collector.open(host.context)!);
  const recorded = open.map((collector) => {
    collector.collect(row);
    return collector.object.name;
  });
  const raw = Object.fromEntries(
    recorded.map((name, i) => {
      const unit = row.units[i]!;
      const fields = unit.object.groups[0]!.fields;
      return [
        name,
        Object.fromEntries(fields.map(({ id }, f) => [id, row.values[unit.slot + f]!])),
      ];
    }),
  );
  host.remove();

  /** Of each section the columns' numbers. */
  function section(report: string, title: string): Record<string, number> {
    const text = toolOutput(HOST, report)!.split(`${title}:\n`)[1]!.split("\n\n")[0]!;
    const lines = text.split("\n");
    const result: Record<string, number> = {};
    for (let i = 0; i + 1 < lines.length; i += 2) {
      const names = lines[i]!.trim().split(/\s+/);
      const numbers = lines[i + 1]!.replace(/\d+%/g, "").trim().split(/\s+/);
      names.forEach((name, n) => (result[name] = Number(numbers[n])));
    }
    return result;
  }

  it("names the calls of NFS 3 as it does", () => {
    const printed = section("nfsstat-server", "Server nfs v3");
    for (const [name, count] of Object.entries(printed)) {
      expect([name, raw["NFS Server"]![`proc3.${name.toUpperCase()}`]]).toEqual([name, count]);
    }
    expect(Object.keys(printed)).toHaveLength(22);
  });

  it("names the operations of NFS 4 as it does", () => {
    const printed = section("nfsstat-server", "Server nfs v4 operations");
    for (const name of [
      "access",
      "commit",
      "getattr",
      "getfh",
      "lookup",
      "open",
      "putfh",
      "read",
      "write",
      "sequence",
      "clone",
    ]) {
      if (printed[name] === undefined) continue;
      expect([name, raw["NFS Server"]![`proc4ops.${name.toUpperCase()}`]]).toEqual([
        name,
        printed[name],
      ]);
    }
    expect(raw["NFS Server"]!["reads"]).toBe(5000 + printed["read"]!);
  });

  it("has its totals", () => {
    expect(section("nfsstat-client", "Client rpc stats")).toEqual({
      calls: raw["NFS Client"]!["rpc.calls"],
      retrans: raw["NFS Client"]!["rpc.retrans"],
      authrefrsh: raw["NFS Client"]!["rpc.authrefresh"],
    });
  });
});
