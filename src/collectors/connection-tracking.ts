import { type CounterObject, counterFields, gaugeFields } from "../counter/declaration.ts";
import { wholeFile } from "../procfs/naming.ts";
import { NetStat } from "../procfs/net-stat.ts";
import { NumberTable } from "../util/number-table.ts";
import type { Collector } from "./collector.ts";
import { COUNT_GAUGE, type CounterParts, declareFor } from "./declare.ts";
import { tableCollector } from "./table-collector.ts";

const declare = declareFor({
  file: "/proc/net/stat/nf_conntrack",
  doc: "https://docs.kernel.org/networking/nf_conntrack-sysctl.html",
  resource: "network",
});

const full: CounterParts = { use: "saturation", better: "lower" };
const error: CounterParts = { use: "errors", better: "lower" };
const advanced: CounterParts = { level: "advanced" };

const object: CounterObject = {
  name: "Connection Tracking",
  help:
    "The table in which a firewall or address translation (NAT, Kubernetes services, Docker) keeps " +
    "every connection of this host's network namespace. A full table drops packets of new connections, " +
    "which look to programs like time-outs of seconds.",
  instances: "none",
  cadence: 10_000,
  groups: [
    {
      id: "conntrack",
      fields: [
        ...gaugeFields(["count", "max"]),
        ...counterFields(
          (
            "found invalid insert insert_failed drop early_drop clashres chainlength " +
            "search_restart"
          ).split(" "),
          32,
        ),
      ],
    },
  ],
  counters: [
    declare("Connections Tracked", "count", "Connections in the table, in any state.", {
      ...COUNT_GAUGE,
      use: "information",
      file: "/proc/sys/net/netfilter/nf_conntrack_count",
      equivalents: ["conntrack -C"],
    }),
    declare(
      "% Table Used",
      "count",
      "Connections in the table by its limit, net.netfilter.nf_conntrack_max. At 100 % new connections " +
        "fail. Closed ones stay for up to two minutes, idle ones for five days.",
      {
        ...full,
        use: "utilization",
        type: "fraction",
        unit: "%",
        base: ["max"],
        file: "/proc/sys/net/netfilter/nf_conntrack_count, nf_conntrack_max",
        field: "count / max",
      },
    ),
    declare(
      "Drops/sec",
      "drop",
      "Packets thrown away because their connection could not be entered: the table was full, or another " +
        "packet of the same connection was quicker.",
      { ...error, equivalents: ["conntrack -S drop"] },
    ),
    declare(
      "Early Drops/sec",
      "early_drop",
      "Connections thrown out to make room for new ones, because the table was full.",
      { ...full, equivalents: ["conntrack -S early_drop"] },
    ),
    declare(
      "Insert Failures/sec",
      "insert_failed",
      "Connections that could not be entered because the same one was there already: two packets of one " +
        "connection at once. Lost DNS requests (5 s of waiting) behind Kubernetes services show here.",
      { ...error, equivalents: ["conntrack -S insert_failed"] },
    ),
    declare(
      "Clashes Resolved/sec",
      "clashres",
      "Connections that were entered twice at once, and made into one without loss.",
      { ...advanced, better: "lower", equivalents: ["conntrack -S clash_resolve"] },
    ),
    declare(
      "Long Chain Drops/sec",
      "chainlength",
      "Connections not entered because too many others shared their place in the hash table: it has too " +
        "few buckets (nf_conntrack_buckets), or somebody attacks it.",
      { ...error, ...advanced, equivalents: ["conntrack -S chaintoolong"] },
    ),
    declare(
      "Invalid Packets/sec",
      "invalid",
      "Packets that belong to no connection and begin none, for example answers that came too late. " +
        "Firewalls mostly drop them.",
      { ...error, ...advanced, equivalents: ["conntrack -S invalid"] },
    ),
    declare(
      "Search Restarts/sec",
      "search_restart",
      "Look-ups begun again because the table was being resized meanwhile.",
      { ...advanced, better: "lower", equivalents: ["conntrack -S search_restart"] },
    ),
  ],
};

const setting = (name: string) => ({
  file: `sys/net/netfilter/nf_conntrack_${name}`,
  manner: "whole" as const,
  makeTable: () => new NumberTable(wholeFile(name)),
  fieldOf: (field: string) => field,
});

/** Connection tracking: sys/net/netfilter/nf_conntrack_count and _max, net/stat/nf_conntrack. */
export const connectionTracking: Collector = tableCollector(
  object,
  [
    setting("count"),
    setting("max"),
    {
      file: "net/stat/nf_conntrack",
      manner: "pieces",
      makeTable: () => new NetStat(32),
      // The same as `count`, in hexadecimal.
      fieldOf: (name) => (name === "entries" ? undefined : name),
    },
  ],
  { kindOf: () => "counter" },
);
