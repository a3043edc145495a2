/** What one try came to. `gone`: the receiver says that nobody is there any more. */
export type Outcome = { end: 'delivered' | 'again' | 'dead' | 'gone'; status: number | null; reason: string | null };

/** An address that may not be called now may not be called later either. */
const FINAL = new Set(['url_malformed', 'url_not_https', 'url_userinfo', 'url_host_private', 'address_private']);

const GONE = 410;

export function outcomeOf(answer: { status: number } | { fault: string }): Outcome {
  if ('fault' in answer) return { end: FINAL.has(answer.fault) ? 'dead' : 'again', status: null, reason: answer.fault };
  const { status } = answer;
  if (status >= 200 && status < 300) return { end: 'delivered', status, reason: null };
  if (status === GONE) return { end: 'gone', status, reason: 'gone' };
  return { end: 'again', status, reason: status >= 300 && status < 400 ? 'redirected' : 'refused' };
}

export const MOST_TRIES = 12;
/** An endpoint where nothing has arrived for so long goes off by itself. */
const PATIENCE_MS = 3 * 86_400_000;

export const isGivenUp = (failingSince: Date, now: Date): boolean => now.getTime() - failingSince.getTime() >= PATIENCE_MS;
