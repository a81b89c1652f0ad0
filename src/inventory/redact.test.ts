import { describe, expect, it } from "vitest";
import { isSecretName, redactCommandLine, redactSetting, redactText } from "./redact.ts";

describe("names of secrets", () => {
  it.each([
    "javax.net.ssl.keyStorePassword",
    "ssl.server.keystore.keypassword",
    "ssl.keystore.pass",
    "fs.s3a.secret.key",
    "fs.s3a.access.key",
    "fs.s3a.server-side-encryption.key",
    "fs.azure.account.key.mine.blob.core.windows.net",
    "fs.azure.sas.container.account",
    "hadoop.http.authentication.signature.secret.file",
    "hadoop.security.credential.provider.path",
    "yarn.resourcemanager.zk-auth",
    "ha.zookeeper.auth",
    "dfs.client.oauth.token",
    "DB_PASSWORD",
    "AWS_SECRET_ACCESS_KEY",
    "rd.iscsi.password",
    "systemd.set_credential",
    "privateKey",
    "apikey",
  ])("%s", (name) => expect(isSecretName(name)).toBe(true));

  it.each([
    "iommu.passthrough",
    "dfs.blocksize",
    "hadoop.security.authentication",
    "hadoop.security.authorization",
    "mapreduce.job.maps",
    "net.ipv4.tcp_keepalive_time",
    "keyboard",
    "io.file.buffer.size",
    "-Dcom.sun.management.jmxremote.authenticate",
    "-XX:MaxGCPauseMillis",
    "yarn.nodemanager.resource.memory-mb",
    "dfs.namenode.keytab.file",
    "mapreduce.map.sort.spill.percent",
  ])("not %s", (name) => expect(isSecretName(name)).toBe(false));
});

describe("redactSetting", () => {
  it("hides the value of a secret, and leaves switches", () => {
    expect(redactSetting("db.password", "hunter2")).toBe("(redacted)");
    expect(redactSetting("db.password", "1234")).toBe("(redacted)");
    expect(redactSetting("dfs.block.access.token.enable", "true")).toBe("true");
  });

  it("does not take a version for an address", () => {
    expect(redactSetting("hdp.version", "2.6.5.0-292")).toBe("2.6.5.0-292");
    expect(redactSetting("server", "2.6.5.0-292")).toBe("(address)-292");
  });
});

describe("redactText", () => {
  it.each([
    ["https://ann:hunter2@db.example.com/x?y=1", "https://(redacted)@db.example.com/x?y=1"],
    ["ftp://ann:hun/ter@2@db/x", "ftp://(redacted)@db/x"],
    ["iscsi:ann:hunter2@10.0.0.9::::iqn", "(redacted)@(address)::::iqn"],
    [
      "jdbc:x://h/d?user=a&password=hunter2&ssl=true",
      "jdbc:x://h/d?user=a&password=(redacted)&ssl=true",
    ],
    ["A=1,DB_SECRET=hunter2,B=2", "A=1,DB_SECRET=(redacted),B=2"],
    [
      '-Djavax.net.ssl.trustStorePassword="hunter 2" -Xmx1g',
      "-Djavax.net.ssl.trustStorePassword=(redacted) -Xmx1g",
    ],
    ["run --db-password hunter2 --fast", "run --db-password (redacted) --fast"],
    ["Authorization: Bearer hunter2hunter2", "Authorization: Bearer (redacted)"],
    ["digest:hdfs:hunter2", "digest:(redacted)"],
    ["key AKIAIOSFODNN7EXAMPLE end", "key (redacted) end"],
    ["eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc-_1", "(redacted)"],
    ["x=wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY", "x=(redacted)"],
    ["root=UUID=0d1f4b0a-1111-4222-8333-444455556666 ro", "root=UUID=(id) ro"],
    ["root=PARTUUID=b1a2c3d4-02 ro", "root=PARTUUID=(id) ro"],
    ["/docker/0123456789abcdef0123456789abcdef0123", "/docker/(id)"],
    ["BOOTIF=01-52-54-00-12-34-56", "BOOTIF=(address)"],
    ["if 52:54:00:12:34:56 up", "if (address) up"],
    ["ip=10.20.30.41::10.20.30.1:255.255.255.0:w", "ip=(address)::(address):(address):w"],
    ["10.0.0.1-10.0.0.5,10.1.0.0/16:80", "(address)-(address),(address)/16:80"],
    ["[2001:db8::1]:9866 fe80::1%eth0", "[(address)]:9866 (address)%eth0"],
    ["::ffff:10.0.0.1", "(address)(address)"],
    ["ip-10-0-0-7.ec2.internal", "(address).ec2.internal"],
  ])("%s", (text, shown) => expect(redactText(text)).toBe(shown));

  it.each([
    "0.0.0.0:9866 127.0.0.1",
    "BOOT_IMAGE=(hd0,gpt2)/vmlinuz-5.14.0-362.el9.x86_64",
    "hdfs://nn1.example.com:8020/user",
    "abfs://data@account.dfs.core.windows.net/x",
    "nn/_HOST@EXAMPLE.COM",
    "console=ttyS0,115200n8 mitigations=auto,nosmt",
    "/usr/lib/jvm/java-11-openjdk-11.0.21.0.9-2.el9.x86_64/bin",
    "org.apache.hadoop.hdfs.server.blockmanagement.BlockPlacementPolicyDefault",
    "gc*:file=/var/log/gc.log:time,uptime:filecount=5",
    "-XX:+UseG1GC -XX:OnOutOfMemoryError=kill",
    "00:30:00",
  ])("leaves %s", (text) => expect(redactText(text)).toBe(text));

  it("takes time in proportion to the text", () => {
    const started = performance.now();
    for (const piece of [
      "a:b",
      "password",
      "1.1.1.",
      "::",
      "//x:",
      "aA1",
      "f".repeat(8) + "-",
      "eyJ",
    ]) {
      redactText(piece.repeat(20_000 / piece.length));
    }
    expect(performance.now() - started).toBeLessThan(3000);
  });
});

describe("redactCommandLine", () => {
  it("goes word by word, and leaves out what is for the first process", () => {
    expect(
      redactCommandLine("ro quiet rd.luks.key=/etc/k systemd.wants=a.service nosmt -- --pw x\n"),
    ).toBe("ro quiet rd.luks.key=(redacted) systemd.wants=a.service nosmt");
  });
});
