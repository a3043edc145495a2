import type { Verdict } from '../contact.types.js';
import type { Winner } from '../gate/cap.rule.js';

export const verdictView = ({ touchId, expiresAt }: Verdict): object => ({ id: touchId, expiresAt });

/** Who was first: the touches that fill a cap, with the moment each stops counting. */
const winnerView = ({ touch: { source, channel, purpose, at }, until }: Winner): object => ({ source, channel, purpose, at, until });

export const refusalView = (verdict: Verdict, winners: readonly Winner[], answer: { message: string; requestId: string }): object => ({
  error: { code: verdict.reasons[0], message: answer.message, param: 'phone', requestId: answer.requestId },
  heldBy: winners.map(winnerView),
  reasons: verdict.reasons,
  until: verdict.until,
  id: verdict.touchId,
});
