import type { Outcome } from '../outcomes/outcomes.types.js';

/** A posted form: one value or several a name. */
export type Posted = Readonly<Record<string, string | string[] | undefined>>;

const one = (value: string | string[] | undefined): string => (Array.isArray(value) ? (value.at(-1) ?? '') : (value ?? '')).trim();
const many = (value: string | string[] | undefined): string[] => (value === undefined ? [] : Array.isArray(value) ? value : [value]);

/** `2026-11-24T18:30` of a date-time box is Shanghai time. */
const shanghai = (text: string): string => (/^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(text) ? `${text}:00+08:00` : text);

function callbackOf(posted: Posted): string {
  const chosen = one(posted.callbackAt);
  return chosen === 'other' || chosen === '' ? shanghai(one(posted.callbackOther)) : chosen;
}

/** What the seller does not call free of charge is confirmed by the customer. */
function orderOf(posted: Posted): Record<string, unknown> | undefined {
  const texts = Object.entries({ product: one(posted.orderProduct), orderNo: one(posted.orderNo), identity: one(posted.orderIdentity) }).filter(
    ([, text]) => text !== '',
  );
  const [tariffRead, startRead, contractRead] = [posted.orderTariff, posted.orderStart, posted.orderContract].map((box) => one(box) !== '');
  if (texts.length === 0 && !tariffRead && !startRead && !contractRead) return undefined;
  return { ...Object.fromEntries(texts), tariffRead, startRead, contractRead, paid: one(posted.orderFree) === '' };
}

/** Boxes that say something only beside a birthday. */
const BESIDE_BIRTHDAY: readonly string[] = ['birthday_calendar', 'apologised'];

function profileOf(posted: Posted): Record<string, string> | undefined {
  const told = Object.entries(posted)
    .filter(([name]) => name.startsWith('profile.'))
    .map(([name, value]) => [name.slice('profile.'.length), one(value)] as const)
    .filter(([name, value]) => value !== '' && (one(posted['profile.birthday']) !== '' || !BESIDE_BIRTHDAY.includes(name)));
  return told.length > 0 ? Object.fromEntries(told) : undefined;
}

/** Words without a kind are a promise of some other kind; a day alone is none. */
function promisesOf(posted: Posted): { kind: string; text?: string; dueOn?: string }[] {
  const [kind, text, dueOn] = [posted.promiseKind, posted.promiseText, posted.promiseDue].map(one);
  if (!kind && !text) return [];
  return [{ kind: kind || 'other', ...(text ? { text } : {}), ...(dueOn ? { dueOn } : {}) }];
}

/** The flat fields of the desk's form as the one form class that pages and API share. Boxes that the chosen outcome does not ask for say nothing. */
export function attemptOf(posted: Posted, outcomes: readonly Outcome[]): Record<string, unknown> {
  const outcome = one(posted.outcome);
  const chosen = outcomes.find(({ code }) => code === outcome);
  return {
    outcome,
    reason: one(posted.reason),
    startedAt: one(posted.startedAt),
    talkSeconds: one(posted.talkSeconds) || '0',
    talkSource: one(posted.talkSource) === 'desk' ? 'desk' : 'self',
    topics: many(posted.topics),
    ...(one(posted.satisfaction) === '' ? {} : { satisfaction: one(posted.satisfaction) }),
    note: one(posted.note),
    poorService: one(posted.poorService) !== '',
    ...(chosen?.redial === 'callback' ? { callbackAt: callbackOf(posted) } : {}),
    ...(chosen?.converted ? { order: orderOf(posted) } : {}),
    promises: promisesOf(posted),
    profile: profileOf(posted),
  };
}

export const wantsToStay = (posted: Posted): boolean => one(posted.then) === 'stay';
