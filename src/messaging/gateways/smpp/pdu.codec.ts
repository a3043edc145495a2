import {
  type Address,
  type Bind,
  type Header,
  HEADER_BYTES,
  MOST_BYTES,
  PduFault,
  type QueryAnswer,
  STATUS,
  type ShortMessage,
} from './pdu.types.js';
import { readTlvs, tlvBytes, type Tlvs, writeTlvs } from '../tlvs.policy.js';

/** Reads and writes the bytes of SMPP 3.4. Knows no connection and no meaning; never reads past its frame. */

/** What data_sm does not say. */
const NOTHING_MORE = {
  protocolId: 0,
  priority: 0,
  scheduledFor: '',
  validUntil: '',
  replaceIfPresent: 0,
  defaultMessageId: 0,
  content: Buffer.alloc(0),
} as const;
const ADDRESS_MOST = 20;
const DATE_MOST = 16;

/** How long the PDU at `at` is; 0 while too few bytes are there to know. @throws PduFault on a length no PDU can have */
export function pduLength(buffer: Buffer, at: number): number {
  if (buffer.length - at < 4) return 0;
  const length = buffer.readUInt32BE(at);
  if (length >= HEADER_BYTES && length <= MOST_BYTES) return length;
  const sequence = buffer.length - at >= HEADER_BYTES ? buffer.readUInt32BE(at + 12) : 0;
  throw new PduFault(STATUS.invalidLength, sequence, `a PDU of ${length} bytes`);
}

export const readHeader = (pdu: Buffer): Header => ({
  command: pdu.readUInt32BE(4),
  status: pdu.readUInt32BE(8),
  sequence: pdu.readUInt32BE(12),
});

/** A place in one PDU. */
class Reader {
  at = HEADER_BYTES;

  constructor(private readonly pdu: Buffer) {}

  get left(): number {
    return this.pdu.length - this.at;
  }

  fault(what: string): PduFault {
    return new PduFault(STATUS.invalidLength, this.pdu.readUInt32BE(12), `the PDU ends within ${what}`);
  }

  byte(what: string): number {
    if (this.left < 1) throw this.fault(what);
    return this.pdu.readUInt8(this.at++);
  }

  /** Up to its closing zero. */
  text(what: string): string {
    const end = this.pdu.indexOf(0, this.at);
    if (end < 0) throw this.fault(what);
    const text = this.pdu.toString('latin1', this.at, end);
    this.at = end + 1;
    return text;
  }

  /** The same from those who forget the closing zero, or leave the field out. */
  lastText(): string {
    const end = this.pdu.indexOf(0, this.at);
    const text = this.pdu.toString('latin1', this.at, end < 0 ? this.pdu.length : end);
    this.at = end < 0 ? this.pdu.length : end + 1;
    return text;
  }

  bytes(length: number, what: string): Buffer {
    if (this.left < length) throw this.fault(what);
    return this.pdu.subarray(this.at, (this.at += length));
  }

  address(what: string): Address {
    return { ton: this.byte(what), npi: this.byte(what), digits: this.text(what) };
  }

  tlvs(): Tlvs {
    return readTlvs(this.pdu.subarray(this.at));
  }
}

/** Of submit_sm and deliver_sm. @throws PduFault */
export function readShortMessage(pdu: Buffer): ShortMessage {
  const from = new Reader(pdu);
  return {
    serviceType: from.text('service_type'),
    source: from.address('source_addr'),
    destination: from.address('destination_addr'),
    esmClass: from.byte('esm_class'),
    protocolId: from.byte('protocol_id'),
    priority: from.byte('priority_flag'),
    scheduledFor: from.text('schedule_delivery_time'),
    validUntil: from.text('validity_period'),
    registeredDelivery: from.byte('registered_delivery'),
    replaceIfPresent: from.byte('replace_if_present_flag'),
    dataCoding: from.byte('data_coding'),
    defaultMessageId: from.byte('sm_default_msg_id'),
    content: from.bytes(from.byte('sm_length'), 'short_message'),
    tlvs: from.tlvs(),
  };
}

/** Of data_sm, which has the text in message_payload and leaves out what deliver_sm seldom says. @throws PduFault */
export function readDataMessage(pdu: Buffer): ShortMessage {
  const from = new Reader(pdu);
  return {
    ...NOTHING_MORE,
    serviceType: from.text('service_type'),
    source: from.address('source_addr'),
    destination: from.address('destination_addr'),
    esmClass: from.byte('esm_class'),
    registeredDelivery: from.byte('registered_delivery'),
    dataCoding: from.byte('data_coding'),
    tlvs: from.tlvs(),
  };
}

/** Of the three bind commands. @throws PduFault */
export function readBind(pdu: Buffer): Bind {
  const from = new Reader(pdu);
  return {
    systemId: from.text('system_id'),
    password: from.text('password'),
    systemType: from.text('system_type'),
    interfaceVersion: from.byte('interface_version'),
    address: from.address('address_range'),
  };
}

/** The one text an answer begins with: message_id of submit_sm_resp, system_id of a bind's answer. */
export const readFirstText = (pdu: Buffer): string => (pdu.length > HEADER_BYTES ? new Reader(pdu).lastText() : '');

/** @throws PduFault */
export function readQuery(pdu: Buffer): { messageId: string; source: Address } {
  const from = new Reader(pdu);
  return { messageId: from.text('message_id'), source: from.address('source_addr') };
}

/** @throws PduFault */
export function readQueryAnswer(pdu: Buffer): QueryAnswer {
  const from = new Reader(pdu);
  return {
    messageId: from.text('message_id'),
    finalDate: from.text('final_date'),
    state: from.byte('message_state'),
    errorCode: from.byte('error_code'),
  };
}

/** A PDU of `body` bytes with its header written; the body begins at HEADER_BYTES. */
function begun({ command, status, sequence }: Header, body: number): Buffer {
  const pdu = Buffer.allocUnsafe(HEADER_BYTES + body);
  pdu.writeUInt32BE(HEADER_BYTES + body, 0);
  pdu.writeUInt32BE(command, 4);
  pdu.writeUInt32BE(status, 8);
  pdu.writeUInt32BE(sequence, 12);
  return pdu;
}

const kept = (text: string, most: number): string => (text.length > most ? text.slice(0, most) : text);

/** @returns where the next field begins */
function writeText(pdu: Buffer, text: string, at: number): number {
  const end = at + pdu.write(text, at, 'latin1');
  pdu[end] = 0;
  return end + 1;
}

function writeAddress(pdu: Buffer, { ton, npi, digits }: Address, at: number): number {
  pdu[at] = ton;
  pdu[at + 1] = npi;
  return writeText(pdu, digits, at + 2);
}

/** Longer addresses and dates than the standard's are cut: a longer one would be refused anyway. */
const fitting = (address: Address): Address =>
  address.digits.length > ADDRESS_MOST ? { ...address, digits: kept(address.digits, ADDRESS_MOST) } : address;

/** submit_sm or deliver_sm. */
export function writeShortMessage(header: Header, message: ShortMessage): Buffer {
  const [source, destination] = [fitting(message.source), fitting(message.destination)];
  const [scheduledFor, validUntil] = [kept(message.scheduledFor, DATE_MOST), kept(message.validUntil, DATE_MOST)];
  const { serviceType, content, tlvs } = message;
  const texts = serviceType.length + source.digits.length + destination.digits.length + scheduledFor.length + validUntil.length;
  const pdu = begun(header, texts + content.length + tlvBytes(tlvs) + 17);
  let at = writeText(pdu, serviceType, HEADER_BYTES);
  at = writeAddress(pdu, source, at);
  at = writeAddress(pdu, destination, at);
  pdu[at] = message.esmClass;
  pdu[at + 1] = message.protocolId;
  pdu[at + 2] = message.priority;
  at = writeText(pdu, scheduledFor, at + 3);
  at = writeText(pdu, validUntil, at);
  pdu[at] = message.registeredDelivery;
  pdu[at + 1] = message.replaceIfPresent;
  pdu[at + 2] = message.dataCoding;
  pdu[at + 3] = message.defaultMessageId;
  pdu[at + 4] = content.length;
  content.copy(pdu, at + 5);
  writeTlvs(tlvs, pdu, at + 5 + content.length);
  return pdu;
}

export function writeBind(header: Header, { systemId, password, systemType, interfaceVersion, address }: Bind): Buffer {
  const pdu = begun(header, systemId.length + password.length + systemType.length + address.digits.length + 7);
  let at = writeText(pdu, systemId, HEADER_BYTES);
  at = writeText(pdu, password, at);
  at = writeText(pdu, systemType, at);
  pdu[at] = interfaceVersion;
  writeAddress(pdu, address, at + 1);
  return pdu;
}

/** A PDU of a header alone: enquire_link, unbind, generic_nack, and every answer that says no. */
export const writeBare = (header: Header): Buffer => begun(header, 0);

/** An answer of one text: submit_sm_resp, deliver_sm_resp (an empty one), the answers to binds. */
export function writeWithText(header: Header, text: string): Buffer {
  const pdu = begun(header, text.length + 1);
  writeText(pdu, text, HEADER_BYTES);
  return pdu;
}

export function writeQuery(header: Header, messageId: string, source: Address): Buffer {
  const pdu = begun(header, messageId.length + source.digits.length + 4);
  writeAddress(pdu, source, writeText(pdu, messageId, HEADER_BYTES));
  return pdu;
}

export function writeQueryAnswer(header: Header, { messageId, finalDate, state, errorCode }: QueryAnswer): Buffer {
  const pdu = begun(header, messageId.length + finalDate.length + 4);
  const at = writeText(pdu, finalDate, writeText(pdu, messageId, HEADER_BYTES));
  pdu[at] = state;
  pdu[at + 1] = errorCode;
  return pdu;
}
