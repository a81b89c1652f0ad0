/**
 * Load of every kind that a host can be put under without other hosts or hardware; a program of its
 * own, so that what it does shows as a process. Arguments: seconds, a folder on a disk.
 */
import { spawn } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { join } from "node:path";

const [secondsText, folder] = process.argv.slice(2);
const endMs = Date.now() + Number(secondsText) * 1000;
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

// In a process that does nothing else, or it would not be there in time to receive.
const datagrams = spawn(process.execPath, [join(import.meta.dirname, "datagrams.mjs")], {
  stdio: "ignore",
  detached: true,
});
children.push(datagrams);

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

const timer = setInterval(() => {
  memory();
  servers.forEach(talk);
  writeFileSync(`${file}.small`, String(Date.now()));
  if (Date.now() < endMs) return;
  clearInterval(timer);
  for (const { pid } of children) if (pid) process.kill(-pid, "SIGKILL");
  for (const name of ["", ".copy", ".small"]) rmSync(`${file}${name}`, { force: true });
  rmSync("/dev/shm/perfmon-load", { force: true });
  process.exit(0);
}, 250);
