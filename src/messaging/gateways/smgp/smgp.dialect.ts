import type { Dialect, Heard } from '../session/dialect.types.js';
import { authenticatorOf, loginTimestamp } from './login-proof.js';
import {
  packetLength,
  readDeliver,
  readHeader,
  readLoginStatus,
  readResult,
  writeBare,
  writeLogin,
  writeResult,
  writeSubmit,
} from './packet.codec.js';
import { type Deliver, type Header, ID_BYTES, isResponse, PacketFault, REQUEST, responseTo, type Submit, VERSION } from './packet.types.js';
import { STATUS, statusText, verdictOf } from './statuses.policy.js';

export interface SmgpAnswer {
  /** Null where the answer was cut short: what became of its request nobody knows. */
  status: number | null;
  /** MsgID of a Submit_Resp. */
  id: Buffer | null;
}

export interface SmgpLogin {
  clientId: string;
  secret: string;
  mode: number;
}

const NO_ID = Buffer.alloc(ID_BYTES);
const FINE: SmgpAnswer = { status: STATUS.ok, id: null };
const CUT_SHORT: SmgpAnswer = { status: null, id: null };

/** SMGP 3.0.3 as one who sends: an SP. */
export class SmgpDialect implements Dialect<Submit, SmgpAnswer, Deliver> {
  /** @param now of the login's timestamp, by which the other side checks the authenticator */
  constructor(
    private readonly account: SmgpLogin,
    private readonly now: () => Date,
  ) {}

  frameLength(buffer: Buffer, at: number): number {
    return packetLength(buffer, at);
  }

  hear(frame: Buffer): Heard<SmgpAnswer, Deliver> {
    const header = readHeader(frame);
    if (isResponse(header.request)) return { kind: 'answer', sequence: header.sequence, answer: answerIn(frame, header) };
    if (header.request === REQUEST.deliver) return this.delivery(frame, header);
    return this.control(header);
  }

  /** The protocol has no word for a bad packet but the answer to a Deliver. */
  complain(fault: unknown): Buffer | null {
    if (!(fault instanceof PacketFault) || fault.header?.request !== REQUEST.deliver) return null;
    return writeResult(answerTo(fault.header), NO_ID, STATUS.structure);
  }

  login(sequence: number): Buffer {
    const { clientId, secret, mode } = this.account;
    const timestamp = loginTimestamp(this.now());
    const authenticator = authenticatorOf(clientId, secret, timestamp);
    return writeLogin({ request: REQUEST.login, sequence }, { clientId, authenticator, mode, timestamp, version: VERSION });
  }

  refusal({ status }: SmgpAnswer): string | null {
    if (status === STATUS.ok) return null;
    return status === null ? 'no status' : statusText(status);
  }

  keepAlive(sequence: number): Buffer {
    return writeBare({ request: REQUEST.activeTest, sequence });
  }

  logout(sequence: number): Buffer {
    return writeBare({ request: REQUEST.exit, sequence });
  }

  request(submit: Submit, sequence: number): Buffer {
    return writeSubmit({ request: REQUEST.submit, sequence }, submit);
  }

  verdict({ status }: SmgpAnswer): 'final' | 'slow_down' {
    return status !== null && verdictOf(status) === 'slow_down' ? 'slow_down' : 'final';
  }

  private delivery(frame: Buffer, header: Header): Heard<SmgpAnswer, Deliver> {
    const event = readDeliver(frame);
    const id = Buffer.from(event.id);
    // what could not be kept is asked for again: busy just now
    const acknowledge = (kept: boolean): Buffer => writeResult(answerTo(header), id, kept ? STATUS.ok : STATUS.busy);
    return { kind: 'event', event, acknowledge };
  }

  /** Requests of gateways among themselves do not concern us. */
  private control(header: Header): Heard<SmgpAnswer, Deliver> {
    if (header.request === REQUEST.activeTest) return { kind: 'control', reply: writeBare(answerTo(header)) };
    if (header.request === REQUEST.exit) return { kind: 'control', reply: writeBare(answerTo(header)), last: true };
    return { kind: 'control', reply: null };
  }
}

const answerTo = ({ request, sequence }: Header): Header => ({ request: responseTo(request), sequence });

function answerIn(frame: Buffer, { request }: Header): SmgpAnswer {
  try {
    if (request === responseTo(REQUEST.login)) return { status: readLoginStatus(frame), id: null };
    if (request === responseTo(REQUEST.submit)) return readResult(frame);
  } catch (fault) {
    if (fault instanceof PacketFault) return CUT_SHORT;
    throw fault;
  }
  return FINE;
}
