/** Names planted wherever a recording can hold them, and looked for in every output. */
import { describe, expect, it } from "vitest";
import { AnonymousSource } from "../../src/analysis/anonymize/anonymous-source.ts";
import { Anonymizer } from "../../src/analysis/anonymize/names.ts";
import type { Source } from "../../src/analysis/source.ts";
import { renderJson } from "../../src/report/json.ts";
import { renderRunJson } from "../../src/report/run-json.ts";
import { renderRunText } from "../../src/report/run-text.ts";
import { renderText } from "../../src/report/text.ts";
import type { MemoryRun, MemorySeries } from "../analysis/memory-source.ts";
import { plants } from "../analysis/plants.ts";
import { pageFaults } from "./page-faults.ts";
import { comparedPage, runPage } from "./render.ts";

/** Every planted name holds one of these; nothing else does. */
const SECRET = /qzx|10\.77\.|00:1a:77|fd77::/i;

const { baseline, candidate } = plants("anonymize").find(
  ({ name }) => name === "one straggler of six",
)!;

function planted(run: MemoryRun): MemoryRun {
  const hosts = run.hosts.map((host, i) => {
    const name = `qzx-${host.name}.qzx.example`;
    const [first] = host.series;
    const series = (rest: Partial<MemorySeries>, value: number): MemorySeries => ({
      ...first!,
      ...rest,
      values: first!.values.map(() => value),
    });
    const process = (instance: string, cpu: number, attributes: Record<string, string>) => [
      series({ object: "Process", counter: "% Processor Time", instance, attributes }, cpu),
      series({ object: "Process", counter: "IO Read Bytes/sec", instance, attributes }, cpu * 1e6),
    ];
    return {
      ...host,
      name,
      inventory: {
        ...host.inventory,
        hostname: name,
        notes: [`qzx-nas did not answer`],
        kernel: { commandLine: `root=/dev/mapper/qzx-root ip=10.77.0.${i} mitigations=off` },
        disks: { "qzx-vol": { mapperName: "qzx-data", model: `array of ${name}` } },
        fileSystems: { [`/qzx/data${i}`]: { device: "nas.qzx.example:/qzx", options: ["rw"] } },
        interfaces: { [`qzx-br${i}`]: { driver: "bridge" } },
        swap: { areas: ["/qzx/swapfile"], devices: { "/qzx/swapfile": { priority: i } } },
        virtualization: { product: `10.77.1.${i}` },
        hadoop: {
          files: { core: `/qzx/conf${i}/core-site.xml` },
          settings: { core: { "fs.defaultFS": "hdfs://qzx:8020", "qzx.mode": run.run } },
        },
        jvms: { DataNode: { options: { "-Dqzx.id": run.run, "-Dhadoop.tmp.dir": `/qzx/${i}` } } },
      },
      series: [
        ...host.series,
        ...process("/opt/qzx/bin/etl:7", run.run === "two" ? 40 : 5, {
          role: "/opt/qzx/bin/etl",
          user: "joeqzx",
          cgroup: "qzx-container",
        }),
        ...process("java:8", 20, { role: "DataNode", user: "hdfs", cgroup: "qzx.service" }),
        series({ object: "PhysicalDisk", counter: "% Disk Time", instance: "qzx-vg-data" }, 50),
        series({ object: "Network Interface", counter: "% Utilization", instance: "qzx-br0" }, 3),
        series(
          { object: "Network Interface", counter: "Bytes Sent/sec", instance: "qzx-br0" },
          3e6,
        ),
        series({ object: "LogicalDisk", counter: "% Free Space", instance: "/qzx/data" }, 3),
      ],
    };
  });
  const at = { host: hosts[0]!.name, timeMs: hosts[0]!.series[0]!.timeMs[2]! };
  return {
    ...run,
    command: { ...run.command!, program: "/data/joeqzx/bin/job --password=qzx" },
    hosts,
    events: [
      ...(run.events ?? []).map((event) => ({ ...event, host: at.host, text: "/qzx/job --x=qzx" })),
      { ...at, kind: "gap", text: `${hosts[1]!.name} lost 10.77.3.4 (fd77::12:3, 00:1a:77:0:0:1)` },
      { ...at, kind: "mark", text: `copied /qzx/in to hdfs://qzx.example:8020/out` },
    ],
  };
}

const [before, after] = [planted(baseline), planted(candidate)];
const anonymous = () => {
  const names = new Anonymizer();
  return (source: Source) => new AnonymousSource(source, names);
};

describe("--anonymize", () => {
  it("would find the planted names without it", async () => {
    const { page, comparison } = await comparedPage(before, after);
    expect(page).toMatch(SECRET);
    expect(renderText(comparison)).toMatch(SECRET);
    const { report, page: ofRun } = await runPage(after);
    expect(ofRun).toMatch(/joeqzx/);
    for (const planted of [/qzx-vg-data/, /qzx-br0/, /joeqzx/, /qzx\.mode/, /\/qzx\/data/]) {
      expect(renderRunJson(report)).toMatch(planted);
    }
  });

  it("leaves none of them in a comparison, whose numbers and verdict stay", async () => {
    const open = await comparedPage(before, after);
    const { page, comparison } = await comparedPage(before, after, anonymous());
    for (const text of [page, renderJson(comparison), renderText(comparison)]) {
      expect(/.{0,80}(qzx|10\.77\.|00:1a:77|fd77::).{0,40}/i.exec(text)?.[0]).toBeUndefined();
    }
    expect(pageFaults(page)).toEqual([]);
    const { hosts, summary: _, ...verdict } = comparison.verdict;
    expect(open.comparison.verdict).toMatchObject(verdict);
    // The fourth of the first cluster's hosts: both sides have the same.
    expect(hosts).toEqual(["node-a4"]);
    expect(comparison.baseline.hosts).toEqual(comparison.candidate.hosts);
    expect(comparison.timeAttribution).toEqual(open.comparison.timeAttribution);
    expect(comparison.findings.map(({ score }) => score)).toEqual(
      open.comparison.findings.map(({ score }) => score),
    );
  });

  it("leaves none of them in a report, where programs and service accounts stay", async () => {
    const { page, report } = await runPage(after, anonymous());
    for (const text of [page, renderRunJson(report), renderRunText(report)]) {
      expect(/.{0,80}(qzx|10\.77\.|00:1a:77|fd77::).{0,40}/i.exec(text)?.[0]).toBeUndefined();
    }
    expect(report.processes.byCpu.map(({ role, users }) => [role, ...users])).toEqual([
      ["etl", "user-1"],
      ["DataNode", "hdfs"],
    ]);
    expect(report.disks.map(({ disk }) => disk)).toContainEqual(
      expect.stringMatching(/^volume-\d$/),
    );
  });

  it("gives the same names each time", async () => {
    const pages = [
      await comparedPage(before, after, anonymous()),
      await comparedPage(before, after, anonymous()),
    ];
    expect(pages[0]!.page).toBe(pages[1]!.page);
  });
});
