import type { Tlvs } from '../tlvs.policy.js';

/** SMPP 3.4 as data: commands, status codes and optional parameters we speak of. */

export const COMMAND = {
  bindReceiver: 0x01,
  bindTransmitter: 0x02,
  querySm: 0x03,
  submitSm: 0x04,
  deliverSm: 0x05,
  unbind: 0x06,
  bindTransceiver: 0x09,
  outbind: 0x0b,
  enquireLink: 0x15,
  alertNotification: 0x102,
  dataSm: 0x103,
  genericNack: 0x80000000,
} as const;

/** The answer to a command is the command with its highest bit set. */
export const RESPONSE = 0x80000000;

export const responseTo = (command: number): number => (command | RESPONSE) >>> 0;
export const isResponse = (command: number): boolean => command >= RESPONSE;

export const STATUS = {
  ok: 0x00,
  invalidLength: 0x02,
  invalidCommand: 0x03,
  wrongBindState: 0x04,
  alreadyBound: 0x05,
  systemError: 0x08,
  invalidMessageId: 0x0c,
  bindFailed: 0x0d,
  invalidPassword: 0x0e,
  invalidSystemId: 0x0f,
  queueFull: 0x14,
  throttled: 0x58,
  tryAgain: 0x64,
  queryFailed: 0x67,
} as const;

export const TAG = {
  receiptedMessageId: 0x001e,
  userMessageReference: 0x0204,
  sarReference: 0x020c,
  sarTotal: 0x020e,
  sarPart: 0x020f,
  networkErrorCode: 0x0423,
  messagePayload: 0x0424,
  messageState: 0x0427,
} as const;

export const HEADER_BYTES = 16;
/** A payload of 64 KB and everything around it; whoever announces more has lost his place in the stream. */
export const MOST_BYTES = 70_000;

/** In `esm_class`: a user data header stands before the text; and, in deliver_sm, what kind of message it is. */
export const ESM = { udh: 0x40, kind: 0x3c, receipt: 0x04, notification: 0x20 } as const;

export interface Header {
  command: number;
  status: number;
  sequence: number;
}

export interface Address {
  ton: number;
  npi: number;
  digits: string;
}

/** The body of submit_sm and of deliver_sm: the same layout in both directions. */
export interface ShortMessage {
  serviceType: string;
  source: Address;
  destination: Address;
  esmClass: number;
  protocolId: number;
  priority: number;
  scheduledFor: string;
  validUntil: string;
  registeredDelivery: number;
  replaceIfPresent: number;
  dataCoding: number;
  defaultMessageId: number;
  content: Buffer;
  tlvs: Tlvs;
}

export interface Bind {
  systemId: string;
  password: string;
  systemType: string;
  interfaceVersion: number;
  address: Address;
}

export interface QueryAnswer {
  messageId: string;
  finalDate: string;
  state: number;
  errorCode: number;
}

/** Bytes that are no PDU. `sequence` is known where the header could be read. */
export class PduFault extends Error {
  constructor(
    readonly status: number,
    readonly sequence: number,
    message: string,
  ) {
    super(message);
  }
}
