/** The recorders that people use, each as it is started to record this host once a second. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { collectors } from "../../src/collectors/all.ts";
import { projectRoot } from "../../test/support/source-files.ts";
import { readVolume } from "./log-volume.ts";

export interface Written {
  readonly bytes: number;
  readonly samples: number;
  readonly values: number;
}

export interface RunningPeer {
  readonly pids: readonly number[];
  /** Ends it, and waits for that. */
  stop(): Promise<void>;
  /** After the stop: what it wrote in all. */
  written(): Written;
}

export interface Peer {
  readonly name: string;
  /** Debian's package, where it is one; needed when the program is not there. */
  readonly package?: string;
  readonly program: string;
  start(folder: string): Promise<RunningPeer>;
}

const SADC = "/usr/lib/sysstat/sadc";
const PCP = "/usr/lib/pcp/bin";

function agent(name: string, extra: readonly string[]): Peer {
  const program = join(projectRoot, "dist", "agent.cjs");
  return {
    name,
    program,
    start: (folder) => {
      const recording = join(folder, "recording");
      const child = spawn(program, ["-o", recording, "-i", "1s", ...extra], { stdio: "ignore" });
      return Promise.resolve({
        ...running([child]),
        written: () => {
          const { samples, valuesPerSample, bytesPerValue } = readVolume(recording);
          const values = samples * valuesPerSample;
          return { samples, values, bytes: values * bytesPerValue };
        },
      });
    },
  };
}

const sadc: Peer = {
  name: "sadc -S XALL",
  package: "sysstat",
  program: SADC,
  start: (folder) => {
    const file = join(folder, "sa");
    const child = spawn(SADC, ["-S", "XALL", "1", file], { stdio: "ignore" });
    return Promise.resolve({
      ...running([child]),
      written: () => {
        const text = tool("sadf", ["-j", file, "--", "-A"]);
        const { sysstat } = JSON.parse(text) as { sysstat: { hosts: { statistics: unknown[] }[] } };
        const statistics = sysstat.hosts[0]!.statistics;
        const values = statistics.reduce<number>((sum, one) => sum + numbersIn(one), 0);
        return { bytes: statSync(file).size, samples: statistics.length, values };
      },
    });
  },
};

function collectl(name: string, extra: readonly string[]): Peer {
  return {
    name,
    package: "collectl",
    program: "/usr/bin/collectl",
    start: (folder) => {
      const child = spawn("collectl", [...extra, "-f", folder], { stdio: "ignore" });
      return Promise.resolve({
        ...running([child]),
        written: () => {
          const file = filesOf(folder).find((path) => path.endsWith(".raw.gz"))!;
          const samples = gunzipSync(readFileSync(file), { finishFlush: 2 })
            .toString("latin1")
            .split(/^>>> .*$/m)
            .slice(1);
          const values = samples.reduce(
            (sum, text) => sum + (text.match(/\s\d+(?=\s|$)/g)?.length ?? 0),
            0,
          );
          return { bytes: statSync(file).size, samples: samples.length, values };
        },
      });
    },
  };
}

const atop: Peer = {
  name: "atop -w",
  package: "atop",
  program: "/usr/bin/atop",
  start: (folder) => {
    const file = join(folder, "atop");
    const child = spawn("atop", ["-w", file, "1"], { stdio: "ignore" });
    return Promise.resolve({
      ...running([child]),
      written: () => {
        const samples = tool("atop", ["-r", file, "-P", "ALL"]).split(/^SEP$/m).slice(0, -1);
        const values = samples.reduce(
          (sum, text) => sum + (text.match(/ -?\d+(?= |$)/gm)?.length ?? 0),
          0,
        );
        return { bytes: statSync(file).size, samples: samples.length, values };
      },
    });
  },
};

const PCP_PORT = 44399;

/** What system administrators look at; the whole of `network` has a metric per socket. */
const PCP_METRICS =
  "log mandatory on 1 sec { kernel.all kernel.percpu.cpu mem.util mem.vmstat swap disk network.interface network.tcp network.udp network.ip network.icmp network.sockstat }\n";

const pcp: Peer = {
  name: "pmcd + pmdalinux + pmlogger",
  package: "pcp",
  program: `${PCP}/pmlogger`,
  start: async (folder) => {
    const at = (name: string) => join(folder, name);
    writeFileSync(
      at("pmcd.conf"),
      "linux\t60\tpipe\tbinary\t\t/var/lib/pcp/pmdas/linux/pmdalinux\n",
    );
    writeFileSync(at("pmlogger.conf"), PCP_METRICS);
    // Without the derived metrics: pmlogger repeats what it has of them to its log, at great cost.
    const env = { ...process.env, PCP_DERIVED_CONFIG: "" };
    const quiet = { stdio: "ignore", cwd: folder, env } as const;
    const daemon = [
      "-f",
      "-A",
      `--config=${at("pmcd.conf")}`,
      `--socket=${at("socket")}`,
      `--port=${PCP_PORT}`,
      "--interface=127.0.0.1",
      `-l${at("pmcd.log")}`,
      `-x${at("pmcd.err")}`,
    ];
    const pmcd = spawn(`${PCP}/pmcd`, daemon, quiet);
    await new Promise((resolve) => setTimeout(resolve, 2000));
    const from = `127.0.0.1:${PCP_PORT}`;
    const logging = [
      "-c",
      at("pmlogger.conf"),
      "-h",
      from,
      "-l",
      at("pmlogger.log"),
      at("archive"),
    ];
    const pmlogger = spawn(`${PCP}/pmlogger`, logging, quiet);
    return {
      ...running([pmlogger, pmcd]),
      written: () => {
        const samples = tool("pmdumplog", [at("archive")])
          .split(/^(?=\d\d:\d\d:\d\d\.\d+ )/m)
          .filter((text) => /^\S+ \d{2,} metrics/.test(text));
        const values = samples.reduce(
          (sum, text) => sum + (text.match(/ value -?[\d.]+/g)?.length ?? 0),
          0,
        );
        const files = filesOf(folder).filter((path) => path.includes("archive."));
        const bytes = files.reduce((sum, path) => sum + statSync(path).size, 0);
        return { bytes, samples: samples.length, values };
      },
    };
  },
};

const NODE_EXPORTER_PORT = 44398;

const nodeExporter: Peer = {
  name: "node_exporter, scraped each second",
  package: "prometheus-node-exporter",
  program: "/usr/bin/prometheus-node-exporter",
  start: async () => {
    const address = `127.0.0.1:${NODE_EXPORTER_PORT}`;
    const child = spawn("prometheus-node-exporter", [`--web.listen-address=${address}`], {
      stdio: "ignore",
    });
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const total = { bytes: 0, samples: 0, values: 0 };
    const scraping = setInterval(() => {
      // Whoever scrapes is not counted: only the server's work is.
      void fetch(`http://${address}/metrics`)
        .then((answer) => answer.text())
        .then((text) => {
          total.bytes += text.length;
          total.samples++;
          total.values += text.match(/^[^#\n]/gm)?.length ?? 0;
        })
        .catch(() => undefined);
    }, 1000);
    const peer = running([child]);
    return {
      ...peer,
      stop: async () => {
        clearInterval(scraping);
        await peer.stop();
      },
      written: () => total,
    };
  },
};

/** As the scripts do that people write first: every tool anew for every sample. */
const SPAWN_LOOP = `
const { spawnSync } = require("node:child_process");
const { appendFileSync } = require("node:fs");
setInterval(() => {
  for (const [tool, ...args] of [["iostat", "-x"], ["free", "-k"], ["top", "-b", "-n1"], ["ifstat", "-bt", "0.1", "1"]]) {
    appendFileSync(process.argv[1], spawnSync(tool, args).stdout);
  }
  appendFileSync(process.argv[1], "=====\\n");
}, 1000);`;

const spawnLoop: Peer = {
  name: "iostat, free, top, ifstat started each second",
  package: "ifstat",
  program: "/usr/bin/ifstat",
  start: (folder) => {
    const file = join(folder, "text");
    const child = spawn(process.execPath, ["-e", SPAWN_LOOP, file], { stdio: "ignore" });
    return Promise.resolve({
      ...running([child]),
      written: () => {
        const samples = readFileSync(file, "latin1").split("=====\n").slice(0, -1);
        const values = samples.reduce(
          (sum, text) => sum + (text.match(/\s-?\d+(\.\d+)?(?=\s|$)/g)?.length ?? 0),
          0,
        );
        return { bytes: statSync(file).size, samples: samples.length, values };
      },
    });
  },
};

export const PEERS: readonly Peer[] = [
  agent("perfmon agent, default set", []),
  agent("perfmon agent, without processes", ["--objects", systemObjects()]),
  sadc,
  pcp,
  collectl("collectl", ["-i", "1"]),
  collectl("collectl -sZ: with processes", ["-s+Z", "-i", "1:1"]),
  atop,
  nodeExporter,
  spawnLoop,
];

export function missingPeers(): string[] {
  const missing = PEERS.filter((peer) => peer.package && !existsSync(peer.program));
  return [...new Set(missing.map((peer) => peer.package!))];
}

function systemObjects(): string {
  const names = collectors.map(({ object }) => object.name);
  return names.filter((name) => name !== "Process").join(",");
}

function running(children: readonly ChildProcess[]): Omit<RunningPeer, "written"> {
  const ends = children.map(
    (child) => new Promise<void>((resolve) => child.once("close", () => resolve())),
  );
  return {
    pids: children.map(({ pid }) => pid!),
    stop: async () => {
      for (const child of children) child.kill("SIGTERM");
      await Promise.all(ends);
    },
  };
}

function tool(program: string, args: readonly string[]): string {
  return execFileSync(program, args, {
    encoding: "utf8",
    maxBuffer: 2 ** 30,
    stdio: ["ignore", "pipe", "ignore"],
  });
}

function filesOf(folder: string): string[] {
  return readdirSync(folder).map((name) => join(folder, name));
}

function numbersIn(value: unknown): number {
  if (typeof value === "number") return 1;
  if (typeof value !== "object" || value === null) return 0;
  return Object.values(value).reduce<number>((sum, part) => sum + numbersIn(part), 0);
}
