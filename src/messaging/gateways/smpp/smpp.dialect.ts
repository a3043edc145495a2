import type { Dialect, Heard } from '../session/dialect.types.js';
import {
  pduLength,
  readDataMessage,
  readFirstText,
  readHeader,
  readQueryAnswer,
  readShortMessage,
  writeBare,
  writeBind,
  writeQuery,
  writeShortMessage,
  writeWithText,
} from './pdu.codec.js';
import {
  type Address,
  type Bind,
  COMMAND,
  type Header,
  HEADER_BYTES,
  isResponse,
  PduFault,
  type QueryAnswer,
  responseTo,
  type ShortMessage,
  STATUS,
} from './pdu.types.js';

export type SmppRequest = { kind: 'submit'; message: ShortMessage } | { kind: 'query'; messageId: string; source: Address };

export interface SmppAnswer {
  command: number;
  status: number;
  /** message_id of a submit_sm_resp; may be empty. */
  messageId: string;
  /** Of a query_sm_resp. */
  query: QueryAnswer | null;
}

export interface SmppLogin extends Bind {
  mode: 'transceiver' | 'transmitter' | 'receiver';
}

const BIND = { transceiver: COMMAND.bindTransceiver, transmitter: COMMAND.bindTransmitter, receiver: COMMAND.bindReceiver } as const;
/** What is sent back for its pace alone. */
const SLOW_DOWN = new Set<number>([STATUS.throttled, STATUS.queueFull]);
/** Of an announced message we only take note. */
const SILENT = new Set<number>([COMMAND.alertNotification, COMMAND.outbind]);

/** A centre tells receipts and answers by one or the other. */
const TOLD_BY = new Map<number, (frame: Buffer) => ShortMessage>([
  [COMMAND.deliverSm, readShortMessage],
  [COMMAND.dataSm, readDataMessage],
]);

/** The standard's name of a code is its number, as hexadecimal as in every manual. */
export const statusText = (status: number): string => `0x${status.toString(16).toUpperCase().padStart(8, '0')}`;

/** An answer that says nothing is none. */
function queryAnswer(frame: Buffer): QueryAnswer | null {
  try {
    return readQueryAnswer(frame);
  } catch {
    return null;
  }
}

/** SMPP 3.4 as one who sends: an ESME. */
export class SmppDialect implements Dialect<SmppRequest, SmppAnswer, ShortMessage> {
  constructor(private readonly account: SmppLogin) {}

  frameLength(buffer: Buffer, at: number): number {
    return pduLength(buffer, at);
  }

  hear(frame: Buffer): Heard<SmppAnswer, ShortMessage> {
    const header = readHeader(frame);
    if (isResponse(header.command)) return { kind: 'answer', sequence: header.sequence, answer: this.answer(header, frame) };
    const read = TOLD_BY.get(header.command);
    return read ? this.delivery(header, read(frame)) : this.control(header);
  }

  complain(fault: unknown): Buffer | null {
    if (!(fault instanceof PduFault)) return null;
    return writeBare({ command: COMMAND.genericNack, status: fault.status, sequence: fault.sequence });
  }

  login(sequence: number): Buffer {
    return writeBind({ command: BIND[this.account.mode], status: STATUS.ok, sequence }, this.account);
  }

  refusal({ status }: SmppAnswer): string | null {
    return status === STATUS.ok ? null : statusText(status);
  }

  keepAlive(sequence: number): Buffer {
    return writeBare({ command: COMMAND.enquireLink, status: STATUS.ok, sequence });
  }

  logout(sequence: number): Buffer {
    return writeBare({ command: COMMAND.unbind, status: STATUS.ok, sequence });
  }

  request(request: SmppRequest, sequence: number): Buffer {
    if (request.kind === 'submit') return writeShortMessage({ command: COMMAND.submitSm, status: STATUS.ok, sequence }, request.message);
    return writeQuery({ command: COMMAND.querySm, status: STATUS.ok, sequence }, request.messageId, request.source);
  }

  verdict({ status }: SmppAnswer): 'final' | 'slow_down' {
    return SLOW_DOWN.has(status) ? 'slow_down' : 'final';
  }

  private answer({ command, status }: Header, frame: Buffer): SmppAnswer {
    const whole = status === STATUS.ok && frame.length > HEADER_BYTES;
    const query = whole && command === responseTo(COMMAND.querySm) ? queryAnswer(frame) : null;
    return { command, status, messageId: whole ? readFirstText(frame) : '', query };
  }

  private delivery(header: Header, event: ShortMessage): Heard<SmppAnswer, ShortMessage> {
    const { sequence } = header;
    const command = responseTo(header.command);
    const acknowledge = (kept: boolean): Buffer =>
      kept ? writeWithText({ command, status: STATUS.ok, sequence }, '') : writeBare({ command, status: STATUS.tryAgain, sequence });
    return { kind: 'event', event, acknowledge };
  }

  private control({ command, sequence }: Header): Heard<SmppAnswer, ShortMessage> {
    if (command === COMMAND.enquireLink) return { kind: 'control', reply: writeBare({ command: responseTo(command), status: STATUS.ok, sequence }) };
    if (command === COMMAND.unbind)
      return { kind: 'control', reply: writeBare({ command: responseTo(command), status: STATUS.ok, sequence }), last: true };
    if (SILENT.has(command)) return { kind: 'control', reply: null };
    return { kind: 'control', reply: writeBare({ command: COMMAND.genericNack, status: STATUS.invalidCommand, sequence }) };
  }
}
