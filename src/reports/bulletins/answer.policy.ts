import type { BulletinKind } from './bulletins.types.js';

export type Outcome = { state: 'sent'; status: number } | { state: 'again' | 'failed' | 'doubtful'; status: number | null; reason: string };

/** Refusals of a group robot that pass by themselves: the system is busy, too many messages in the minute (20). */
const WECOM_AGAIN = new Set([-1, 45009]);
/** An address that may not be called now may not be called later either, until somebody changes it. */
const FINAL = new Set(['url_malformed', 'url_not_https', 'url_userinfo', 'url_host_private', 'address_private', 'answer_too_long']);

/** What the receiver answered: over HTTP, and in the words of a WeCom robot, which refuses with status 200. */
export function outcomeOf(kind: BulletinKind, { status, text }: { status: number; text: string }): Outcome {
  if (status >= 300 && status < 400) return { state: 'failed', status, reason: 'redirected' };
  if (status === 408 || status === 429 || status >= 500) return { state: 'again', status, reason: 'refused_for_now' };
  if (status < 200 || status >= 300) return { state: 'failed', status, reason: 'refused' };
  if (kind === 'json') return { state: 'sent', status };
  const code = wecomCode(text);
  if (code === 0) return { state: 'sent', status };
  if (code === undefined) return { state: 'failed', status, reason: 'not_a_robot' };
  return { state: WECOM_AGAIN.has(code) ? 'again' : 'failed', status, reason: `wecom_${code}` };
}

/**
 * No answer at all. Before the request had gone out it is tried again; after, a robot may have posted it: what cannot tell a repetition is not repeated. A receiver of JSON knows
 * the delivery by its id and gets it again.
 */
export function outcomeOfFault(kind: BulletinKind, { fault, sent }: { fault: string; sent: boolean }): Outcome {
  if (FINAL.has(fault)) return { state: 'failed', status: null, reason: fault };
  return { state: sent && kind === 'wecom' ? 'doubtful' : 'again', status: null, reason: fault };
}

function wecomCode(text: string): number | undefined {
  try {
    const answer = JSON.parse(text) as { errcode?: unknown };
    return typeof answer.errcode === 'number' ? answer.errcode : undefined;
  } catch {
    return undefined;
  }
}

export const MOST_TRIES = 5;
/** Seconds before the next try: half a minute, then doubled. @param tries how often it was tried, from 1 */
export const waitSeconds = (tries: number): number => 30 * 2 ** (tries - 1);
