import type { Tlvs } from '../tlvs.policy.js';

/**
 * SMGP 3.0.3, the protocol of China Telecom's gateways (ISMG), as data. Request ids, widths and tags are those on which the public
 * implementations agree: github.com/wujunjenny/smgw (smgpdef.h), Lihuanghe/SMSGate (codec.smgp), yedamao/go_smgp (protocol), clz619/smgp3.
 */

export const REQUEST = { login: 0x01, submit: 0x02, deliver: 0x03, activeTest: 0x04, exit: 0x06 } as const;

/** The answer to a request is the request with its highest bit set. */
export const RESPONSE = 0x80000000;

export const responseTo = (request: number): number => (request | RESPONSE) >>> 0;
export const isResponse = (request: number): boolean => request >= RESPONSE;

/** Of the optional parameters: tag and length of two bytes each. Those we send are of one byte, MsgSrc of eight. */
export const TAG = { tpPid: 0x0001, tpUdhi: 0x0002, linkId: 0x0003, pkTotal: 0x0009, pkNumber: 0x000a, msgSrc: 0x0010 } as const;

export const FORMAT = { ascii: 0, binary: 4, ucs2: 8, gb18030: 15 } as const;

/** Send only, receive only, both over one connection. */
export const LOGIN_MODE = { send: 0, receive: 1, both: 2 } as const;

/** From us to a telephone. */
export const TO_TERMINAL = 6;
export const VERSION = 0x30;

export const HEADER_BYTES = 12;
export const ID_BYTES = 10;
export const AUTHENTICATOR_BYTES = 16;
/** A hundred destinations and all optional parameters; whoever announces more has lost his place in the stream. */
export const MOST_BYTES = 8192;

export const WIDTH = { clientId: 8, serviceId: 10, feeType: 2, fee: 6, time: 17, number: 21, receivedAt: 14, reserve: 8, msgSrc: 8 } as const;

export interface Header {
  request: number;
  sequence: number;
}

export interface Login {
  clientId: string;
  authenticator: Buffer;
  mode: number;
  /** MMDDHHMMSS as a number. */
  timestamp: number;
  version: number;
}

export interface Submit {
  type: number;
  needReport: number;
  priority: number;
  serviceId: string;
  feeType: string;
  feeCode: string;
  fixedFee: string;
  format: number;
  validTime: string;
  atTime: string;
  source: string;
  charged: string;
  destinations: readonly string[];
  content: Buffer;
  tlvs: Tlvs;
}

export interface Deliver {
  id: Buffer;
  isReport: boolean;
  format: number;
  receivedAt: string;
  source: string;
  destination: string;
  content: Buffer;
  tlvs: Tlvs;
}

/** Bytes that are no packet. */
export class PacketFault extends Error {
  constructor(
    /** Of the packet, where its header could be read. */
    readonly header: Header | null,
    message: string,
  ) {
    super(message);
  }
}
