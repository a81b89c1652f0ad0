/**
 * Datagrams to another host that are too long for its link, multicasts, and some that get nowhere; and
 * connections to it on which both sides send more than is read.
 */
import { createSocket } from "node:dgram";
import { connect, createServer } from "node:net";

const [own, other] = process.argv.slice(2);
const ignore = () => undefined;
const socket = createSocket("udp4").on("error", ignore);
const receiver = createSocket("udp4").on("error", ignore).on("message", ignore);
receiver.bind(9999, "0.0.0.0", () => {
  receiver.addMembership("239.213.77.1", own);
});
// Reads the little that Node reads ahead, no more.
createServer((connection) => connection.on("error", ignore).pause())
  .on("error", ignore)
  .listen(9998, own);
let sending;
setInterval(() => {
  if (sending) {
    sending.destroy();
    sending = undefined;
  } else {
    sending = connect({ port: 9998, host: other, localAddress: own }).on("error", ignore);
    sending.write(Buffer.alloc(20 * 2 ** 20), ignore);
  }
}, 1500);

const tired = createSocket("udp4").on("error", ignore);
tired.bind(0, own, () => tired.setTTL(1));
socket.bind(0, own, () => {
  socket.setMulticastInterface(own);
  setInterval(() => {
    socket.send(Buffer.alloc(30_000), 9999, other, ignore);
    socket.send("to all", 9999, "239.213.77.1", ignore);
    // Nobody has this address: there is no answer to who has it, and none to SYN.
    socket.send("anybody?", 9999, "10.213.77.5", ignore);
    connect({ port: 9999, host: "10.213.77.5", localAddress: own }).on("error", ignore);
    // To be passed on, with no way to go, and with no time left to live.
    socket.send("on", 9999, "10.213.79.1", ignore);
    socket.send("nowhere", 9999, "10.213.78.1", ignore);
    tired.send("on", 9999, "10.213.79.1", ignore);
  }, 200);
});
