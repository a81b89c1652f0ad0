/** Connections of this host with itself that go wrong or last: until it is ended. */
import { spawn } from "node:child_process";
import { connect, createServer } from "node:net";

const ignore = () => undefined;

if (process.argv[2] === "deaf") {
  // Accepts nothing once it has been stopped: its queue is full soon.
  createServer(ignore).listen({ port: 0, host: "127.0.0.1", backlog: 1 }, function listening() {
    process.stdout.write(`${this.address().port}\n`);
  });
} else {
  const deaf = spawn(process.execPath, [process.argv[1], "deaf"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  deaf.stdout.once("data", (text) => {
    deaf.kill("SIGSTOP");
    setInterval(() => {
      const socket = connect(Number(text), "127.0.0.1").on("error", ignore);
      // Ends with data that nobody takes: the kernel is left with it.
      socket.on("connect", () => socket.end(Buffer.alloc(1000)));
      setTimeout(() => socket.destroy(), 2500);
    }, 50);
  });

  const server = createServer({ allowHalfOpen: false }, (socket) => {
    socket.on("error", ignore).on("data", (data) => socket.end(data));
  });
  server.listen(0, "127.0.0.1", () => {
    const { port } = server.address();
    // Closed in good order: remembered for a while.
    setInterval(() => {
      const socket = connect(port, "127.0.0.1").on("error", ignore).on("data", ignore);
      socket.on("connect", () => socket.end("done"));
    }, 100);
  });
  // Idle, and asked now and then whether the other side is still there.
  const idle = createServer((socket) => socket.on("error", ignore)).listen(0, "127.0.0.1", () => {
    const socket = connect(idle.address().port, "127.0.0.1").on("error", ignore);
    socket.setKeepAlive(true, 1000);
  });
}
