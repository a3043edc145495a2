/**
 * What the session machinery must know of a protocol, and all it knows of it. Requests carry a sequence number and are answered under the
 * same; the other side sends requests of its own. SMPP and SMGP are two such protocols.
 */
export interface Dialect<Request, Answer, Event> {
  /** How long the frame at `at` is; 0 while too few bytes are there to know. @throws whatever `complain` understands when the place in the stream is lost */
  frameLength(buffer: Buffer, at: number): number;

  /** What a whole frame means. May keep views into it. @throws whatever `complain` understands */
  hear(frame: Buffer): Heard<Answer, Event>;

  /** What is said to somebody who sent no frame of the protocol, null for nothing. */
  complain(fault: unknown): Buffer | null;

  login(sequence: number): Buffer;
  /** The other side's code when it let us in not, else null. */
  refusal(answer: Answer): string | null;
  keepAlive(sequence: number): Buffer;
  logout(sequence: number): Buffer;

  request(request: Request, sequence: number): Buffer;
  /** `slow_down`: the request was certainly not taken, for reasons of pace alone; it is sent again after a pause. */
  verdict(answer: Answer): 'final' | 'slow_down';
}

export type Heard<Answer, Event> =
  /** To a request of ours. */
  | { kind: 'answer'; sequence: number; answer: Answer }
  /** Something to be kept: acknowledged only once it is. `acknowledge(false)` asks for it to be sent again. */
  | { kind: 'event'; event: Event; acknowledge: (kept: boolean) => Buffer }
  /** Housekeeping: answered at once. `last`: the other side leaves. */
  | { kind: 'control'; reply: Buffer | null; last?: boolean };

/** What became of a request. */
export type Outcome<Answer> =
  | { kind: 'answered'; answer: Answer }
  /** It never was on the line, or was sent back for its pace alone (`throttled`): it may be handed over anew, here or elsewhere. */
  | { kind: 'unsent'; throttled: boolean }
  /** It was on the line, and no answer came: it may or may not have been taken. */
  | { kind: 'unknown' };

/** An event and the way to say that it is kept. */
export interface Arrival<Event> {
  event: Event;
  acknowledge: (kept: boolean) => void;
}

export interface Line {
  host: string;
  port: number;
  /** Requests without an answer at the same time, at most. */
  window: number;
}

export interface Patience {
  connectMs: number;
  /** For the answer to a request; then it counts as unknown. */
  answerMs: number;
  /** For a place on the line; then it is given back. */
  queueMs: number;
  /** Silence after which the other side is asked whether it lives. */
  idleMs: number;
  /** For answers on their way when the session is ended. */
  leaveMs: number;
  backOff: BackOff;
}

export interface BackOff {
  firstMs: number;
  mostMs: number;
  /** After a refused login: who knocks too often is locked out. */
  refusedMs: number;
}

export const USUAL_PATIENCE: Patience = {
  connectMs: 10_000,
  answerMs: 60_000,
  queueMs: 20_000,
  idleMs: 30_000,
  leaveMs: 5_000,
  backOff: { firstMs: 500, mostMs: 60_000, refusedMs: 30_000 },
};

export type SessionState = 'connecting' | 'bound' | 'waiting' | 'ended';

/** Why a connection ended: the protocol's own code, or one of ours. */
export interface LineFault {
  /** `connect`: no connection; `refused`: the login; `silent`: no answer to a sign of life; `closed`: by the other side; `garbled`: no protocol. */
  reason: 'connect' | 'refused' | 'silent' | 'closed' | 'garbled';
  detail: string;
}
