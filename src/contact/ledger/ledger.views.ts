import { note, type Note, timeOf } from './evidence.views.js';
import type { Reason, TouchRow } from '../contact.types.js';

type Fact = Readonly<Record<string, string | number | boolean>>;

const past = (key: string, params: Note['params'] = {}): Note => ({ key: `contact.fact.${key}`, params });
const ending = (fact: Fact): string | null => (typeof fact.until === 'string' ? timeOf(new Date(fact.until)) : null);

function blockNote(key: 'blocked' | 'opted_out', fact: Fact): Note {
  const until = ending(fact);
  const by = String(fact.by ?? '');
  return until === null ? past(key, { by }) : past(`${key}_until`, { by, until });
}

/** Which opt-outs they were; a refusal from before there were several says nothing of it. */
const scopeNotes = ({ scopes }: Fact): Note[] =>
  typeof scopes === 'string' ? scopes.split(' ').map((scope) => ({ key: `contact.block_scope.${scope}`, params: {} })) : [];

const CAPS = ['calls_day', 'calls_week', 'callbacks_day', 'marketing_sms_week', 'greeting_sms_month'];

function capNotes(fact: Fact): Note[] {
  const full = CAPS.filter((name) => fact[name] !== undefined).map((name) => past(`cap.${name}`, { limit: Number(fact[name]) }));
  if (fact.calls_elsewhere === undefined) return full;
  const system = String(fact.held_by ?? '');
  return [...full, system === '' ? past('cap.held_here') : past('cap.held', { system })];
}

/** What a rule saw when it said no, as it was kept with the refusal. */
function factNotes(reason: Reason, fact: Fact): Note[] {
  switch (reason) {
    case 'inactive':
      return [note(`status.${String(fact.status)}`)];
    case 'blocked':
      return [blockNote(reason, fact)];
    case 'opted_out':
      return [...scopeNotes(fact), blockNote(reason, fact)];
    case 'no_consent':
      return [note(fact.consent === false ? 'consent.no' : 'consent.unknown')];
    case 'protected':
      return String(fact.kinds ?? '')
        .split(' ')
        .map((kind) => ({ key: `contact.protection.${kind}`, params: {} }));
    case 'cooling_off':
      return [past(`cooling_off_${String(fact.cause)}`, { until: ending(fact) ?? '' })];
    case 'cap_reached':
      return capNotes(fact);
    case 'quiet_hours':
      return [past('quiet_hours', { slots: String(fact.slots ?? '') })];
    case 'central_greeting':
      return [past('central_greeting')];
    default:
      return [];
  }
}

/** One decision of the ledger: what was asked, what was said, and why, with the setting in force then. */
export function ledgerView({ facts, ...touch }: TouchRow): object {
  return {
    ...touch,
    why: touch.reasons.map((reason) => ({ reason, notes: facts?.[reason] ? factNotes(reason, facts[reason]) : [] })),
  };
}

/** The same for programs. */
export const touchView = ({ at, channel, purpose, allowed, reasons, source, state, id, facts }: TouchRow): object => ({
  at,
  channel,
  purpose,
  allowed,
  reasons,
  source,
  state,
  id,
  facts,
});
