import {
  AUTHENTICATOR_BYTES,
  type Deliver,
  type Header,
  HEADER_BYTES,
  ID_BYTES,
  type Login,
  MOST_BYTES,
  PacketFault,
  type Submit,
  WIDTH,
} from './packet.types.js';
import { readTlvs, tlvBytes, type Tlvs, writeTlvs } from '../tlvs.policy.js';

/** Reads and writes the bytes of SMGP 3.0.3. Knows no connection and no meaning; never reads past its frame. */

/** How long the packet at `at` is; 0 while too few bytes are there to know. @throws PacketFault on a length no packet can have */
export function packetLength(buffer: Buffer, at: number): number {
  if (buffer.length - at < 4) return 0;
  const length = buffer.readUInt32BE(at);
  if (length >= HEADER_BYTES && length <= MOST_BYTES) return length;
  throw new PacketFault(null, `a packet of ${length} bytes`);
}

export const readHeader = (packet: Buffer): Header => ({ request: packet.readUInt32BE(4), sequence: packet.readUInt32BE(8) });

/** A place in one packet. */
class Reader {
  private at = HEADER_BYTES;

  constructor(private readonly packet: Buffer) {}

  bytes(length: number, what: string): Buffer {
    if (this.packet.length - this.at < length) throw new PacketFault(readHeader(this.packet), `the packet ends within ${what}`);
    return this.packet.subarray(this.at, (this.at += length));
  }

  byte(what: string): number {
    return this.bytes(1, what).readUInt8(0);
  }

  number(what: string): number {
    return this.bytes(4, what).readUInt32BE(0);
  }

  /** A field of fixed width: up to its first zero, and without the blanks some fill it with. */
  text(width: number, what: string): string {
    const field = this.bytes(width, what);
    const end = field.indexOf(0);
    return field.toString('latin1', 0, end < 0 ? width : end).trimEnd();
  }

  texts(count: number, width: number, what: string): string[] {
    return Array.from({ length: count }, () => this.text(width, what));
  }

  /** Message text, then the reserve, of which nobody knows what to do. */
  content(): Buffer {
    const content = this.bytes(this.byte('MsgLength'), 'MsgContent');
    this.bytes(WIDTH.reserve, 'Reserve');
    return content;
  }

  tlvs(): Tlvs {
    return readTlvs(this.packet.subarray(this.at));
  }
}

/** @throws PacketFault */
export function readLogin(packet: Buffer): Login {
  const from = new Reader(packet);
  return {
    clientId: from.text(WIDTH.clientId, 'ClientID'),
    authenticator: from.bytes(AUTHENTICATOR_BYTES, 'AuthenticatorClient'),
    mode: from.byte('LoginMode'),
    timestamp: from.number('TimeStamp'),
    version: from.byte('ClientVersion'),
  };
}

/** Its authenticator and version follow, which older gateways leave out with a refusal. @throws PacketFault */
export const readLoginStatus = (packet: Buffer): number => new Reader(packet).number('Status');

/** @throws PacketFault */
export function readSubmit(packet: Buffer): Submit {
  const from = new Reader(packet);
  return {
    type: from.byte('MsgType'),
    needReport: from.byte('NeedReport'),
    priority: from.byte('Priority'),
    serviceId: from.text(WIDTH.serviceId, 'ServiceID'),
    feeType: from.text(WIDTH.feeType, 'FeeType'),
    feeCode: from.text(WIDTH.fee, 'FeeCode'),
    fixedFee: from.text(WIDTH.fee, 'FixedFee'),
    format: from.byte('MsgFormat'),
    validTime: from.text(WIDTH.time, 'ValidTime'),
    atTime: from.text(WIDTH.time, 'AtTime'),
    source: from.text(WIDTH.number, 'SrcTermID'),
    charged: from.text(WIDTH.number, 'ChargeTermID'),
    destinations: from.texts(from.byte('DestTermIDCount'), WIDTH.number, 'DestTermID'),
    content: from.content(),
    tlvs: from.tlvs(),
  };
}

/** @throws PacketFault */
export function readDeliver(packet: Buffer): Deliver {
  const from = new Reader(packet);
  return {
    id: from.bytes(ID_BYTES, 'MsgID'),
    isReport: from.byte('IsReport') === 1,
    format: from.byte('MsgFormat'),
    receivedAt: from.text(WIDTH.receivedAt, 'RecvTime'),
    source: from.text(WIDTH.number, 'SrcTermID'),
    destination: from.text(WIDTH.number, 'DestTermID'),
    content: from.content(),
    tlvs: from.tlvs(),
  };
}

/** Of Submit_Resp and Deliver_Resp. @throws PacketFault */
export function readResult(packet: Buffer): { id: Buffer; status: number } {
  const from = new Reader(packet);
  return { id: from.bytes(ID_BYTES, 'MsgID'), status: from.number('Status') };
}

/** A place in a packet under way; what is not written is zero. */
class Writer {
  readonly packet: Buffer;
  private at = HEADER_BYTES;

  constructor({ request, sequence }: Header, body: number) {
    this.packet = Buffer.alloc(HEADER_BYTES + body);
    this.packet.writeUInt32BE(HEADER_BYTES + body, 0);
    this.packet.writeUInt32BE(request, 4);
    this.packet.writeUInt32BE(sequence, 8);
  }

  byte(value: number): this {
    this.at = this.packet.writeUInt8(value, this.at);
    return this;
  }

  number(value: number): this {
    this.at = this.packet.writeUInt32BE(value, this.at);
    return this;
  }

  bytes(value: Buffer, width = value.length): this {
    value.copy(this.packet, this.at, 0, width);
    this.at += width;
    return this;
  }

  /** Cut to its width: a longer one would be refused anyway. */
  text(value: string, width: number): this {
    this.packet.write(value, this.at, width, 'latin1');
    this.at += width;
    return this;
  }

  texts(values: readonly string[], width: number): this {
    for (const value of values) this.text(value, width);
    return this;
  }

  content(value: Buffer): this {
    return this.byte(value.length).bytes(value).text('', WIDTH.reserve);
  }

  tlvs(tlvs: Tlvs): this {
    this.at = writeTlvs(tlvs, this.packet, this.at);
    return this;
  }
}

export const writeLogin = (header: Header, { clientId, authenticator, mode, timestamp, version }: Login): Buffer =>
  new Writer(header, WIDTH.clientId + AUTHENTICATOR_BYTES + 6)
    .text(clientId, WIDTH.clientId)
    .bytes(authenticator, AUTHENTICATOR_BYTES)
    .byte(mode)
    .number(timestamp)
    .byte(version).packet;

export const writeLoginAnswer = (header: Header, status: number, authenticator: Buffer, version: number): Buffer =>
  new Writer(header, 4 + AUTHENTICATOR_BYTES + 1).number(status).bytes(authenticator, AUTHENTICATOR_BYTES).byte(version).packet;

const SUBMIT_BYTES = 114;

export const writeSubmit = (header: Header, submit: Submit): Buffer =>
  new Writer(header, SUBMIT_BYTES + submit.destinations.length * WIDTH.number + submit.content.length + tlvBytes(submit.tlvs))
    .byte(submit.type)
    .byte(submit.needReport)
    .byte(submit.priority)
    .text(submit.serviceId, WIDTH.serviceId)
    .text(submit.feeType, WIDTH.feeType)
    .text(submit.feeCode, WIDTH.fee)
    .text(submit.fixedFee, WIDTH.fee)
    .byte(submit.format)
    .text(submit.validTime, WIDTH.time)
    .text(submit.atTime, WIDTH.time)
    .text(submit.source, WIDTH.number)
    .text(submit.charged, WIDTH.number)
    .byte(submit.destinations.length)
    .texts(submit.destinations, WIDTH.number)
    .content(submit.content)
    .tlvs(submit.tlvs).packet;

const DELIVER_BYTES = 77;

export const writeDeliver = (header: Header, deliver: Deliver): Buffer =>
  new Writer(header, DELIVER_BYTES + deliver.content.length + tlvBytes(deliver.tlvs))
    .bytes(deliver.id, ID_BYTES)
    .byte(deliver.isReport ? 1 : 0)
    .byte(deliver.format)
    .text(deliver.receivedAt, WIDTH.receivedAt)
    .text(deliver.source, WIDTH.number)
    .text(deliver.destination, WIDTH.number)
    .content(deliver.content)
    .tlvs(deliver.tlvs).packet;

/** Submit_Resp and Deliver_Resp. */
export const writeResult = (header: Header, id: Buffer, status: number): Buffer =>
  new Writer(header, ID_BYTES + 4).bytes(id, ID_BYTES).number(status).packet;

/** A packet of a header alone: Active_Test, Exit and their answers. */
export const writeBare = (header: Header): Buffer => new Writer(header, 0).packet;
