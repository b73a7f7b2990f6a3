// A name server that knows one answer: every name is this machine.

import { createSocket } from 'node:dgram';

const HEADER = 12;
const TYPE_A = 1;

/** Listens on a free port; `asked` has every name that was asked for. */
export async function startNames() {
  const asked = [];
  const socket = createSocket('udp4');
  socket.on('message', (question, from) => {
    const [name, end] = readName(question);
    asked.push(name);
    // Addresses of the older kind alone; for any other kind there is no record.
    const isKnown = question.readUInt16BE(end) === TYPE_A;
    const header = Buffer.from(question.subarray(0, HEADER));
    header.writeUInt16BE(0x8180, 2);
    header.writeUInt16BE(isKnown ? 1 : 0, 6);
    header.writeUInt32BE(0, 8);
    // The name by reference to the question, the type, the class, a minute, and four bytes.
    const record = Buffer.from([0xc0, HEADER, 0, TYPE_A, 0, 1, 0, 0, 0, 60, 0, 4, 127, 0, 0, 1]);
    const parts = [header, question.subarray(HEADER, end + 4), ...(isKnown ? [record] : [])];
    socket.send(Buffer.concat(parts), from.port, from.address);
  });
  await new Promise((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return { port: socket.address().port, asked, stop: () => new Promise((resolve) => socket.close(resolve)) };
}

function readName(message) {
  const labels = [];
  let at = HEADER;
  while (message[at] > 0) {
    labels.push(message.toString('latin1', at + 1, at + 1 + message[at]));
    at += 1 + message[at];
  }
  return [labels.join('.'), at + 1];
}
