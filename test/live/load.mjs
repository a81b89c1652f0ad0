/**
 * Load of every kind that a host can be put under without other hosts or hardware; a program of its
 * own, so that what it does shows as a process. Arguments: seconds, a folder on a disk.
 */
import { spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { existsSync, mkdirSync, readFileSync, rmSync, rmdirSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { setPriority } from "node:os";
import { join } from "node:path";

const [secondsText, folder] = process.argv.slice(2);
const startMs = Date.now();
const endMs = startMs + Number(secondsText) * 1000;
/** To start Java takes long where much else is done. */
const latestMs = startMs + Number(secondsText) * 4000;
const file = join(folder, "load.bin");
const children = [];
const ignore = () => undefined;

const shell = (script) => {
  const child = spawn("sh", ["-c", script], { stdio: "ignore", detached: true });
  child.on("error", ignore);
  children.push(child);
};

// Computing, at normal priority and lower; system calls; processes that come and go.
shell("while :; do :; done");
shell("exec nice -n 10 sh -c 'while :; do :; done'");
shell("while :; do dd if=/dev/zero of=/dev/null bs=512 count=50000 2>/dev/null; done");
shell("while :; do /bin/true; done");
// Writing to the disk, and reading what no cache has; programs whose pages are read again.
shell(
  `while :; do dd if=/dev/zero of=${file} bs=64k count=200 conv=fsync 2>/dev/null; ` +
    `dd if=${file} of=/dev/null bs=64k iflag=direct 2>/dev/null; ` +
    `dd if=/dev/zero of=/dev/shm/perfmon-load bs=64k count=100 2>/dev/null; rm /dev/shm/perfmon-load; ` +
    `echo 3 > /proc/sys/vm/drop_caches; cp ${file} ${file}.copy; cat ${file} ${file}.copy > /dev/null; ls / > /dev/null; done`,
);

// Somebody waits for the disk at nearly every instant.
for (const name of ["a", "b", "c"]) {
  const dd = `dd if=/dev/zero of=${file}.sync-${name} bs=4k count=1000 oflag=dsync 2>/dev/null`;
  shell(`exec nice -n -10 sh -c 'while :; do ${dd}; done'`);
}

// A Java virtual machine that allocates, collects, loads classes and starts threads, where there is a JDK.
writeFileSync(
  join(folder, "Load.java"),
  `public class Load {
    public static void main(String[] arguments) throws Exception {
      java.util.List<byte[]> kept = new java.util.ArrayList<>();
      for (int round = 0; ; round++) {
        for (int i = 0; i < 500; i++) kept.add(new byte[10_000]);
        if (round % 5 == 4) { kept.clear(); System.gc(); }
        long milliseconds = round % 40 * 25;
        Thread other = new Thread(() -> {
          try { Thread.sleep(milliseconds); } catch (InterruptedException interrupted) { }
        });
        other.setDaemon(round % 2 == 0);
        other.start();
        if (round == 100) java.nio.file.Files.createFile(java.nio.file.Path.of(arguments[0]));
        Thread.sleep(50);
      }
    }
  }`,
);
// Before the others, or it would have started when they end.
shell(`exec nice -n -10 java -Xmx64m -XX:+UsePerfData ${join(folder, "Load.java")} ${file}.java`);

// Control groups with limits, which are reached: one for each controller (version 1), or one for all.
const root = "/sys/fs/cgroup";
const isUnified = existsSync(`${root}/cgroup.controllers`);
const groups = (isUnified ? [""] : ["/cpu", "/cpuacct", "/memory", "/pids"]).map(
  (tree) => `${root}${tree}/perfmon-load-${process.pid}`,
);
const setLimit = (file, value) => {
  for (const group of groups) {
    try {
      if (existsSync(`${group}/${file}`)) writeFileSync(`${group}/${file}`, value);
    } catch {
      // Not for us to change, as in most containers.
    }
  }
};
const removeGroups = () => {
  for (const group of groups) {
    try {
      rmdirSync(group);
    } catch {
      // Not made, or its last process is not quite gone.
    }
  }
};
for (const group of groups) {
  try {
    if (isUnified) writeFileSync(`${root}/cgroup.subtree_control`, "+cpu +memory +pids");
  } catch {
    // What is switched on by now is what there is.
  }
  try {
    mkdirSync(group);
  } catch {
    // Not for us to make.
  }
}
// Less than its share of a CPU beside all the other load, or it would never be held back.
setLimit("cpu.cfs_quota_us", "5000");
setLimit("cpu.max", "5000 100000");
setLimit("memory.limit_in_bytes", String(32 * 2 ** 20));
setLimit("memory.max", String(32 * 2 ** 20));
setLimit("pids.max", "50");
shell(
  groups.map((group) => `echo $$ > ${group}/cgroup.procs; `).join("") +
    `(while :; do :; done) & while :; do dd if=/dev/zero of=/dev/shm/perfmon-load-group bs=64k count=100; sleep 0.6 & sleep 0.6; ` +
    `rm /dev/shm/perfmon-load-group; dd if=/dev/zero of=${file}.group bs=64k count=700; cat ${file}.group; done`,
);

// In processes that do nothing else, or they would not be there in time to receive.
for (const program of ["datagrams.mjs", "connections.mjs"]) {
  const path = join(import.meta.dirname, program);
  children.push(spawn(process.execPath, [path], { stdio: "ignore", detached: true }));
}

/** They make devices and interfaces; told to end, they do once these are gone again. */
const makers = [["load-memory.sh"], ["load-network.sh", process.execPath]].map(
  ([script, ...more]) =>
    spawn("sh", [join(import.meta.dirname, script), String(secondsText * 4), ...more], {
      stdio: "ignore",
    }),
);
const made = Promise.all(
  makers.map((maker) => new Promise((resolve) => maker.once("exit", resolve))),
);

const memory = () => {
  const blocks = Array.from({ length: 24 }, (_, i) => Buffer.alloc(8 * 2 ** 20, i + 1));
  readFileSync(process.execPath);
  return blocks.length;
};

const hosts = ["127.0.0.1", "::1"];
/** Answers; hangs up hard on every third connection. */
let accepted = 0;
const servers = hosts.map((host) =>
  createServer((socket) => {
    socket.on("error", ignore);
    if (++accepted % 3 === 0) socket.resetAndDestroy();
    else socket.pipe(socket);
  })
    .on("error", ignore)
    .listen(0, host),
);

const talk = (server) => {
  const address = server.address();
  if (!address) return;
  const socket = connect(address.port, address.address);
  socket.on("error", ignore);
  socket.on("connect", () => socket.write(Buffer.alloc(200_000)));
  socket.on("data", ignore);
  setTimeout(() => socket.destroy(), 300);
  // Nobody listens on the first port.
  connect(1, address.address).on("error", ignore);
};

/** Open for a second of every two. */
let udp;
let rounds = 0;
const openAndCloseUdp = () => {
  if (rounds++ % 4 !== 0) return;
  if (udp) udp.close();
  udp = udp ? undefined : createSocket("udp4").on("error", ignore).bind(0, "127.0.0.1");
};

const timer = setInterval(() => {
  memory();
  openAndCloseUdp();
  servers.forEach(talk);
  try {
    setPriority(children[0].pid, rounds % 5);
  } catch {
    // It has ended.
  }
  writeFileSync(`${file}.small`, String(Date.now()));
  // Data that is thrown away before it is on the disk.
  writeFileSync(`${file}.cancelled`, Buffer.alloc(2 ** 20));
  rmSync(`${file}.cancelled`);
  const now = Date.now();
  if (now < endMs || (now < latestMs && !existsSync(`${file}.java`))) return;
  clearInterval(timer);
  for (const maker of makers) maker.kill();
  for (const { pid } of children) if (pid) process.kill(-pid, "SIGKILL");
  for (const name of ["", ".copy", ".small", ".group", ".java", ".sync-a", ".sync-b", ".sync-c"])
    rmSync(`${file}${name}`, { force: true });
  for (const name of ["", "-group"]) rmSync(`/dev/shm/perfmon-load${name}`, { force: true });
  // A process that was killed leaves its group a little later.
  void made.then(() =>
    setTimeout(() => {
      removeGroups();
      process.exit(0);
    }, 300),
  );
}, 250);
