import type { Verdict } from '../../contact/contact.types.js';
import type { Draft, Intent, Refusal } from './cutting.types.js';

/** Refused for the hour alone: not this recipient's fate, the blast waits for the window instead. */
const onlyQuiet = (verdict: Verdict): boolean =>
  !verdict.allowed && verdict.until !== null && verdict.reasons.every((reason) => reason === 'quiet_hours');

/** When the blast looks again, if the gate refused anybody for the hour alone. */
export function quietUntil(verdicts: ReadonlyMap<string, Verdict>): Date | null {
  const quiet = [...verdicts.values()].filter(onlyQuiet).map((verdict) => verdict.until?.getTime() ?? 0);
  return quiet.length > 0 ? new Date(Math.min(...quiet)) : null;
}

/** Who gets the message, and who does not; refused for the hour alone is neither. */
export function judge(
  drafts: readonly Draft[],
  verdicts: ReadonlyMap<string, Verdict>,
): { intents: (Intent & { customerId: string })[]; refused: Refusal[] } {
  const intents: (Intent & { customerId: string })[] = [];
  const refused: Refusal[] = [];
  for (const draft of drafts) {
    const verdict = verdicts.get(draft.customerId);
    if (verdict?.allowed) intents.push({ ...draft, touchId: verdict.touchId });
    else if (!verdict || !onlyQuiet(verdict)) refused.push({ lineId: draft.lineId, reason: verdict?.reasons[0] ?? 'inactive' });
  }
  return { intents, refused };
}
