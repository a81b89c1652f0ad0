/** Datagrams of this host to itself, until it is ended. */
import { createSocket } from "node:dgram";

const ignore = () => undefined;

const datagrams = (kind, host) => {
  const receiver = createSocket(kind).on("error", ignore).on("message", ignore);
  receiver.bind(0, host, () => {
    const { port } = receiver.address();
    const sender = createSocket(kind).on("error", ignore);
    // Too many for the receiver's buffer, some in fragments, some to a port without a receiver.
    for (let i = 0; i < 400; i++) sender.send(Buffer.alloc(1200), port, host);
    for (let i = 0; i < 10; i++) sender.send(Buffer.alloc(60_000), port, host);
    sender.send("x", 1, host);
    setTimeout(() => [sender, receiver].forEach((socket) => socket.close()), 300);
  });
};

setInterval(() => {
  datagrams("udp4", "127.0.0.1");
  datagrams("udp6", "::1");
}, 500);
