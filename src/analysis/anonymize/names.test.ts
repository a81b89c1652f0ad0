import { describe, expect, it } from "vitest";
import { anonymousInventory } from "./anonymous-inventory.ts";
import { Anonymizer } from "./names.ts";

function names(): Anonymizer {
  const anonymizer = new Anonymizer();
  anonymizer.addHosts(["w2.acme.com", "w1.acme.com", "w10.acme.com"]);
  anonymizer.addHosts(["cloud-7", "w1.acme.com"]);
  return anonymizer;
}

describe("hosts", () => {
  it("are numbered by cluster in the order of their names; a host of both keeps its name", () => {
    const a = names();
    expect(["w1.acme.com", "w10.acme.com", "w2.acme.com", "cloud-7"].map((n) => a.host(n))).toEqual(
      ["node-a1", "node-a2", "node-a3", "node-b1"],
    );
    expect(a.host("W1.acme.com")).toBe("node-a1");
    expect(a.host("unknown")).toBe("node-c1");
    expect(a.host("*")).toBe("*");
  });

  it("have one width, so that their order stays", () => {
    const a = new Anonymizer();
    a.addHosts(Array.from({ length: 12 }, (_, i) => `h${i}`));
    expect(a.host("h0")).toBe("node-a01");
  });
});

describe("text", () => {
  it.each([
    ["rebooted w1.acme.com and W10", "rebooted node-a1 and node-a2"],
    ["w100 and my-w1 are others", "w100 and my-w1 are others"],
    ["nn7.acme.com is one of theirs", "server-1 is one of theirs"],
    ["hdfs://nn.other.org:8020/user/joe", "hdfs://server-1:8020/path-1"],
    ["https://joe:pw@w1.acme.com/x", "https://node-a1/path-1"],
    ["mail joe@acme.com", "mail user-1@domain-1"],
    ["10.1.2.3 and 10.1.2.4, 10.1.2.3", "address-1 and address-2, address-1"],
    ["fe80::1ff:fe23:4567:890a on 00:1a:2b:3c:4d:5e", "address-2 on address-1"],
    ["listens on 0.0.0.0, ::1 and 127.0.0.1", "listens on 0.0.0.0, ::1 and 127.0.0.1"],
    ["/srv/acme/in to '/srv/acme/out' in /tmp", "/path-1 to '/path-2' in /tmp"],
    ["/dev/sda1 is /dev/mapper/acme-data", "/dev/sda1 is /path-1"],
    [
      "30 % of I/O, 5 MB/s and 1/2 of cloud/tuesday",
      "30 % of I/O, 5 MB/s and 1/2 of cloud/tuesday",
    ],
    ["6.1.0-28-cloud-amd64, 1.2.3, 12:30:05", "6.1.0-28-cloud-amd64, 1.2.3, 12:30:05"],
    ["Intel(R) Xeon(R) Gold 6248 CPU @ 2.50GHz", "Intel(R) Xeon(R) Gold 6248 CPU @ 2.50GHz"],
  ])("%s", (text, other) => expect(names().text(text)).toBe(other));

  it("has users once they are known; programs of the same name stay", () => {
    const a = names();
    expect([a.user("joe"), a.user("hdfs"), a.user("root"), a.user("1001"), a.user("joe")]).toEqual([
      "user-1",
      "hdfs",
      "root",
      "1001",
      "user-1",
    ]);
    expect(a.text("started by joe")).toBe("started by user-1");
    expect(a.program("joe")).toBe("joe");
  });
});

describe("an inventory", () => {
  it("keeps hardware and settings, and loses what people named", () => {
    const anonymous = anonymousInventory(
      {
        hostname: "w1.acme.com",
        cpu: { model: "AMD EPYC", logicalCpus: 4 },
        kernel: { commandLine: "root=/dev/mapper/acme-root mitigations=off quiet" },
        disks: { sda: { scheduler: "none" }, "acme-vol": { mapperName: "acme-data" } },
        fileSystems: { "/": { options: ["rw"] }, "/srv/acme": { device: "nas.acme.com:/acme" } },
        interfaces: { eth0: { mtuBytes: 9000 }, "acme-br": {}, enx001a2b3c4d5e: {} },
        settings: { "vm.swappiness": 1 },
        jvms: {
          DataNode: {
            options: { "-Xmx": "4g", "-Dacme.key": "7", "-Dhadoop.log.dir": "/acme/log" },
          },
        },
        hadoop: {
          files: { core: "/acme/conf/core-site.xml" },
          settings: {
            core: {
              "fs.defaultFS": "hdfs://acme",
              "io.file.buffer.size": "131072",
              "io.compression.codecs": "org.apache.hadoop.io.compress.SnappyCodec",
              "acme.feature": "true",
            },
          },
        },
      },
      names(),
    );
    expect(JSON.stringify(anonymous)).not.toMatch(/acme|001a2b/i);
    expect(anonymous).toMatchObject({
      hostname: "node-a1",
      cpu: { model: "AMD EPYC", logicalCpus: 4 },
      disks: { sda: { scheduler: "none" } },
      interfaces: { eth0: { mtuBytes: 9000 } },
      settings: { "vm.swappiness": 1 },
      jvms: { DataNode: { options: { "-Xmx": "4g" } } },
      hadoop: {
        settings: {
          core: {
            "io.file.buffer.size": "131072",
            "io.compression.codecs": "org.apache.hadoop.io.compress.SnappyCodec",
          },
        },
      },
    });
    expect((anonymous["kernel"] as { commandLine: string }).commandLine).toMatch(
      /^root=text-\d mitigations=off quiet$/,
    );
  });
});
