// A bare SMSC as a process of its own: SMPP 3.4 with as little between wire and count as possible. It answers every submit_sm, counts how often
// each number was texted, and sends receipts a little later; what is not acknowledged is sent again over the next connection, as a network does.
// Spoken to over IPC: { ask: 'count' | 'reset' | 'set' }.
import { createServer } from 'node:net';

const BIND = new Set([1, 2, 9]);
const SUBMIT = 4;
const DELIVER = 5;
const UNBIND = 6;
const ENQUIRE = 0x15;
const RESPONSE = 0x80000000;
const THROTTLED = 0x58;

/** How it behaves; `set` changes it. */
const USUAL = { receiptMs: 50, lateMs: 0, late: 0, throttled: 0, doubled: 0, early: 0, slowMs: 0, dropEvery: 0 };
let nature = USUAL;
/** How often each number was texted, and those that were more than once. */
let heard = new Map();
let repeated = new Map();
let submits = 0;
let drops = 0;
let throttled = 0;
let acknowledged = 0;
let nextId = 1;
/** Receipts by the instant they are due; those sent and not acknowledged. */
let due = [];
let sent = new Map();
let sequence = 0;
const sockets = new Set();

const random = (() => {
  let state = 20240601;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
})();

const pdu = (command, status, seq, body) => {
  const out = Buffer.allocUnsafe(16 + body.length);
  out.writeUInt32BE(out.length, 0);
  out.writeUInt32BE(command >>> 0, 4);
  out.writeUInt32BE(status, 8);
  out.writeUInt32BE(seq, 12);
  body.copy(out, 16);
  return out;
};
const EMPTY = Buffer.alloc(0);
const NAME = Buffer.from('SMSC\0');

function deliver({ id, number, socket }) {
  sequence = (sequence + 1) & 0x7fffffff;
  sent.set(sequence, { id, number, socket });
  const text = `id:${id} sub:001 dlvrd:001 submit date:2611241000 done date:2611241000 stat:DELIVRD err:000 text:`;
  // service_type, source, destination, esm_class 4 = a receipt, …, receipted_message_id, message_state 2 = delivered
  const head = `\0\x01\x01${number}\0\x00\x0010000\0\x04\0\0\0\0\0\0\0\0${String.fromCharCode(text.length)}${text}`;
  const body = Buffer.concat([
    Buffer.from(head, 'latin1'),
    Buffer.from([0x00, 0x1e, 0x00, id.length + 1]),
    Buffer.from(`${id}\0`, 'latin1'),
    Buffer.from([4, 0x27, 0, 1, 2]),
  ]);
  return pdu(DELIVER, 0, sequence, body);
}

/** destination_addr of a submit_sm, and whether a receipt is wanted. */
function readSubmit(frame) {
  let at = frame.indexOf(0, 16) + 3;
  at = frame.indexOf(0, at) + 3;
  const end = frame.indexOf(0, at);
  const number = frame.latin1Slice(at, end);
  at = end + 4;
  at = frame.indexOf(0, at) + 1;
  at = frame.indexOf(0, at) + 1;
  return { number, wanted: (frame[at] & 1) === 1 };
}

function submit(frame, seq, socket) {
  if (nature.throttled > 0 && random() < nature.throttled) {
    throttled += 1;
    return [pdu(SUBMIT | RESPONSE, THROTTLED, seq, EMPTY)];
  }
  const { number, wanted } = readSubmit(frame);
  submits += 1;
  const times = (heard.get(number) ?? 0) + 1;
  heard.set(number, times);
  if (times > 1) repeated.set(number, times);
  const id = (nextId++).toString(16);
  const answer = pdu(SUBMIT | RESPONSE, 0, seq, Buffer.from(`${id}\0`, 'latin1'));
  if (!wanted) return [answer];
  const late = nature.late > 0 && random() < nature.late ? nature.lateMs : 0;
  const receipt = { at: performance.now() + nature.receiptMs + late, id, number, socket };
  if (nature.early > 0 && random() < nature.early) return [deliver(receipt), answer];
  due.push(receipt);
  if (nature.doubled > 0 && random() < nature.doubled) due.push({ ...receipt, at: receipt.at + 10 });
  return [answer];
}

/** A receipt is over once it is kept; whoever could not keep it gets it again. */
function acknowledge(seq, status) {
  const receipt = sent.get(seq);
  if (!receipt) return;
  sent.delete(seq);
  if (status === 0) acknowledged += 1;
  else due.push({ ...receipt, at: performance.now() + 1_000 });
}

function hear(frame, out, socket) {
  const command = frame.readUInt32BE(4);
  const seq = frame.readUInt32BE(12);
  if (command === SUBMIT) out.push(...submit(frame, seq, socket));
  else if (command === (DELIVER | RESPONSE) >>> 0) acknowledge(seq, frame.readUInt32BE(8));
  else if (BIND.has(command)) {
    out.push(pdu(command | RESPONSE, 0, seq, NAME));
    socket.listens = command !== 2;
  } else if (command === ENQUIRE || command === UNBIND) out.push(pdu(command | RESPONSE, 0, seq, EMPTY));
}

/** The line falls: what was taken last is never answered, what came after it never read. */
function fall(socket) {
  drops += 1;
  socket.destroy();
}

const server = createServer((socket) => {
  sockets.add(socket);
  socket.setNoDelay(true);
  socket.on('error', () => undefined);
  socket.on('close', () => {
    sockets.delete(socket);
    // nobody is left who could acknowledge these: all of them once more, later
    for (const [key, receipt] of sent) {
      if (receipt.socket !== socket) continue;
      sent.delete(key);
      due.push({ ...receipt, at: 0 });
    }
  });
  let rest = EMPTY;
  const take = (chunk) => {
    if (socket.destroyed) return;
    const buffer = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    const out = [];
    let at = 0;
    while (buffer.length - at >= 16) {
      const length = buffer.readUInt32BE(at);
      if (buffer.length - at < length) break;
      hear(buffer.subarray(at, at + length), out, socket);
      at += length;
      if (nature.dropEvery > 0 && submits >= (drops + 1) * nature.dropEvery) return fall(socket);
    }
    rest = buffer.subarray(at);
    if (out.length > 0 && socket.writable) socket.write(out.length === 1 ? out[0] : Buffer.concat(out));
  };
  socket.on('data', (chunk) => (nature.slowMs > 0 ? setTimeout(() => take(chunk), nature.slowMs) : take(chunk)));
});

/** Over the connection a message came by, or another one that listens once that is gone. */
const wayTo = ({ socket }) => (sockets.has(socket) && socket.listens ? socket : [...sockets].find(({ listens, writable }) => listens && writable));

setInterval(() => {
  const now = performance.now();
  const later = [];
  const out = new Map();
  for (const receipt of due) {
    const socket = receipt.at <= now ? wayTo(receipt) : undefined;
    if (!socket) later.push(receipt);
    else if (out.has(socket)) out.get(socket).push(deliver({ ...receipt, socket }));
    else out.set(socket, [deliver({ ...receipt, socket })]);
  }
  due = later;
  for (const [socket, frames] of out) socket.write(Buffer.concat(frames));
}, 10);

process.on('message', ({ ask, ...rest }) => {
  if (ask === 'set') nature = { ...nature, ...rest.nature };
  if (ask === 'reset') {
    nature = USUAL;
    heard = new Map();
    repeated = new Map();
    submits = drops = throttled = acknowledged = 0;
    due = [];
    sent = new Map();
  }
  const twice = [...repeated].slice(0, 10).map(([number, n]) => ({ number, n }));
  process.send({ submits, numbers: heard.size, twice, drops, throttled, acknowledged, open: due.length + sent.size });
});
process.on('disconnect', () => process.exit(0));
server.listen(Number(process.argv[2] ?? 0), '127.0.0.1', () => process.send({ port: server.address().port }));
