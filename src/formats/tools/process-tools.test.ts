/** Mappings of top, pidstat, sar, sadf and iotop: to declared counters, in their units, without loss. */
import { describe, expect, it } from "vitest";
import { parseText, toolText, toolFixtures } from "../../../test/support/tool-text.ts";
import { collectors } from "../../collectors/all.ts";
import { iotop } from "../../toolout/iotop.ts";
import { pidstat } from "../../toolout/pidstat.ts";
import { sadf } from "../../toolout/sadf.ts";
import { sar } from "../../toolout/sar.ts";
import type { Tool, ToolReport } from "../../toolout/tool-report.ts";
import { top } from "../../toolout/top.ts";
import { diskInstance, realInterface, virtualInterface } from "./instances.ts";
import { iotopMapping } from "./iotop.ts";
import type { ToolMapping } from "./mapping.ts";
import { pidstatMapping } from "./pidstat.ts";
import { SADF_JSON_TABLES, sadfMapping } from "./sadf.ts";
import { sarMapping } from "./sar.ts";
import { topMapping } from "./top.ts";

const pairs: readonly (readonly [Tool, ToolMapping])[] = [
  [top, topMapping],
  [pidstat, pidstatMapping],
  [sar, sarMapping],
  [sadf, sadfMapping],
  [iotop, iotopMapping],
];

type UnitOf = readonly [unit: string, scale: number];
const PERCENT: UnitOf = ["%", 1];
const KIB: UnitOf = ["bytes", 1024];
const SECONDS: UnitOf = ["seconds", 1];

/** What titles are measured in, by the tools' manuals; `top` and `iotop` as their parsers hand it on. */
const UNITS: Readonly<Record<string, readonly (readonly [RegExp, UnitOf])[]>> = {
  top: [
    [/^(up|TIME\+?|ELAPSED)$/, SECONDS],
    [/^load /, ["none", 1]],
    [/^(us|sy|ni|id|wa|hi|si|st|usr|sys|nic|idle|io|irq|sirq|%CPU|%MEM)$/, PERCENT],
    [/^(free|buff\/cache|buffers|shrd|buff|cached|avail Mem|VIRT|RES|SHR|SWAP|VSZ)$/, KIB],
    [/^(PR|NI|S|STAT)$/, ["none", 1]],
    [/^(running|nTH)$/, ["count", 1]],
  ],
  pidstat: [
    [/^%/, PERCENT],
    [/^(VSZ|RSS)$/, KIB],
    [/^kB_/, ["bytes/s", 1024]],
    [/\/s$/, ["count/s", 1]],
    [/^threads$/, ["count", 1]],
  ],
  iotop: [
    [/DISK/, ["bytes/s", 1]],
    [/^IO$/, PERCENT],
  ],
  sar: [
    [/^%/, PERCENT],
    [
      /^(aqu-sz|avgqu-sz|runq-sz|plist-sz|blocked|totsck|tcpsck|udpsck|tcp-tw|blg_len|CPU)$/,
      ["count", 1],
    ],
    [/^ldavg-/, ["none", 1]],
    [/^kb/, KIB],
    [/^(rx|tx|r|w|d)kB\/s$/, ["bytes/s", 1024]],
    [/^pgpg(in|out)\/s$/, ["bytes/s", 1024]],
    [/^(rd|wr)_sec\/s$/, ["bytes/s", 512]],
    [/^(rx|tx)byt\/s$/, ["bytes/s", 1]],
    [/^areq-sz$/, ["bytes/op", 1024]],
    [/^avgrq-sz$/, ["bytes/op", 512]],
    [/^await$/, ["seconds", 0.001]],
    [/^tps$|\/s$/, ["count/s", 1]],
  ],
};

function printedUnit(tool: string, table: string, title: string): UnitOf | undefined {
  // The total of memory is a size, that of tasks a number.
  if (tool === "top" && title === "total") return /^(memory|swap)/.test(table) ? KIB : ["count", 1];
  return UNITS[tool]?.find(([shape]) => shape.test(title))?.[1];
}

const declared = new Map(
  collectors.flatMap(({ object }) =>
    object.counters.map((counter) => [`${object.name}\\${counter.name}`, counter] as const),
  ),
);
const instanced = new Map(
  collectors.map(({ object }) => [object.name, object.instances !== "none"]),
);

describe.each(
  pairs.filter(([tool]) => tool !== sadf).map(([tool, mapping]) => [tool.id, mapping] as const),
)("%s", (id, mapping) => {
  it("has the printed unit times the scale as the counter's unit", () => {
    for (const { table, columns } of mapping.tables) {
      for (const [title, { object, counter, scale = 1 }] of Object.entries(columns)) {
        const unit = declared.get(`${object}\\${counter}`)!.unit;
        expect([table, title, unit, scale]).toEqual([
          table,
          title,
          ...(printedUnit(id, table, title) ?? []),
        ]);
      }
    }
  });
});

describe.each(pairs.map(([tool, mapping]) => [tool.id, tool, mapping] as const))(
  "%s",
  (id, tool, mapping) => {
    it("is mapped to counters there are", () => {
      expect(mapping.tool).toBe(id);
      const targets = mapping.tables.flatMap(({ columns, derived = [] }) => [
        ...Object.values(columns),
        ...derived,
      ]);
      expect(targets.length).toBeGreaterThan(4);
      expect(
        targets.filter(({ object, counter }) => !declared.has(`${object}\\${counter}`)),
      ).toEqual([]);
    });

    it("names tables and attributes that the tool prints, and every instance", () => {
      const seen = new Map<string, Set<string>>();
      for (const name of toolFixtures(id)) {
        for (const { tables } of parseText(tool, toolText(id, name)).reports) {
          for (const table of tables) {
            const columns =
              seen.get(table.name) ?? seen.set(table.name, new Set()).get(table.name)!;
            for (const title of table.columns) columns.add(title);
            const mapped = mapping.tables.filter(
              ({ table: mappedTable }) => mappedTable === table.name,
            );
            if (mapped.length === 0) continue;
            for (const { instance } of table.rows) {
              const takers = mapped.filter(
                (one) => (one.instance ? one.instance(instance) : instance) !== undefined,
              );
              expect([table.name, instance, takers.length]).toEqual([table.name, instance, 1]);
            }
          }
        }
      }
      for (const { table, columns, attributes = [] } of mapping.tables) {
        const printed = seen.get(table);
        // Sensors and the like this machine does not have.
        if (!printed) continue;
        const used = [...Object.keys(columns), ...attributes].filter((title) => printed.has(title));
        expect([table, used.length > 0 || Object.keys(columns).length === 0]).toEqual([
          table,
          true,
        ]);
        for (const title of attributes) expect(columns).not.toHaveProperty([title]);
      }
    });

    it("gives instances where the object has them, and none where not", () => {
      for (const { table, columns, instance } of mapping.tables) {
        for (const { object } of Object.values(columns)) {
          const one = instance ? instance(table.startsWith("net") ? "eth0" : "0") : "";
          if (object.startsWith("Virtual") || object === "Process" || object === "PhysicalDisk")
            continue;
          expect([table, object, instanced.get(object)]).toEqual([
            table,
            object,
            (one ?? "x") !== "",
          ]);
        }
      }
    });
  },
);

/** What a mapping makes of reports: `object(instance)\counter` at a second -> value. */
function counterValues(mapping: ToolMapping, reports: readonly ToolReport[]): Map<string, number> {
  const values = new Map<string, number>();
  for (const { time, summary, tables } of reports) {
    if (summary || !time) continue;
    for (const { name, columns, rows } of tables) {
      for (const one of mapping.tables.filter(({ table }) => table === name)) {
        for (const row of rows) {
          const instance = one.instance ? one.instance(row.instance) : row.instance;
          if (instance === undefined) continue;
          const at = (target: { object: string; counter: string }): string =>
            `${time.secondOfDay} ${target.object}(${instance})\\${target.counter}`;
          const set = (target: { object: string; counter: string }, value: number): void => {
            values.set(at(target), Math.round(value * 1e6) / 1e6);
          };
          for (const target of one.derived ?? []) {
            const cells = target.from.map((title) => row.cells[columns.indexOf(title)]);
            if (!cells.every((cell) => typeof cell === "number")) continue;
            const value = target.value(...cells);
            if (value !== undefined) set(target, value);
          }
          row.cells.forEach((cell, i) => {
            const target = one.columns[columns[i]!];
            if (!target || typeof cell !== "number") return;
            set(target, cell * (target.scale ?? 1));
          });
        }
      }
    }
  }
  return values;
}

describe("sar and sadf", () => {
  it("give the same values of the same counters, from text, lines and JSON", () => {
    const fromSar = counterValues(sarMapping, parseText(sar, toolText("sar", "all.txt")).reports);
    expect(fromSar.size).toBeGreaterThan(500);
    expect(fromSar.get(`${(12 * 60 + 25) * 60 + 48} Processor(_Total)\\% User Time`)).toBe(51.5);
    for (const name of ["all.csv", "all.json"]) {
      expect(counterValues(sadfMapping, parseText(sadf, toolText("sadf", name)).reports)).toEqual(
        fromSar,
      );
    }
  });

  it("knows every table of the JSON", () => {
    const { reports } = parseText(sadf, toolText("sadf", "all.json"));
    const own = /^(timestamp|restart|interrupts.*)$/;
    const names = new Set(reports.flatMap(({ tables }) => tables.map(({ name }) => name)));
    expect([...names].filter((name) => !own.test(name) && !SADF_JSON_TABLES[name])).toEqual([]);
  });
});

describe("instances", () => {
  it("names disks that sar numbers", () => {
    const names = [
      "dev8-0",
      "dev8-16",
      "dev8-240",
      "dev65-0",
      "dev65-160",
      "dev66-0",
      "dev8-1",
      "dev253-0",
      "vda",
    ];
    expect(names.map(diskInstance)).toEqual([
      "sda",
      "sdb",
      "sdp",
      "sdq",
      "sdaa",
      "sdag",
      "dev8-1",
      "dev253-0",
      "vda",
    ]);
  });

  it("has every interface in one of two objects", () => {
    for (const name of ["lo", "veth12", "docker0", "br-1a2b"]) {
      expect([virtualInterface(name), realInterface(name)]).toEqual([name, undefined]);
    }
    for (const name of ["eth0", "enp3s0", "bond0", "ib0", "lot"]) {
      expect([virtualInterface(name), realInterface(name)]).toEqual([undefined, name]);
    }
  });
});
