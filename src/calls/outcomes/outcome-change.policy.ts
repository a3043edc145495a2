import { InvalidInput } from '../../kernel/errors.js';
import type { Kept, Outcome, OutcomeReason } from './outcomes.types.js';
import { MEASURED_OUTCOMES } from '../claims/release-cause.policy.js';

/** What of the product goes by an outcome's code. */
export type NeededBy = 'switch' | 'sale' | 'callback' | 'refusal' | 'complaint' | 'block' | 'wave' | 'number';

/**
 * Outcomes that the desk has to offer: without them something else would stop without a word. They can be called what the house calls them,
 * and not be retired. A test reads the code for outcomes that are named in it.
 */
const NEEDED: ReadonlyMap<string, NeededBy> = new Map([
  ...MEASURED_OUTCOMES.map((code): [string, NeededBy] => [code, 'switch']),
  ['converted', 'sale'],
  ['callback', 'callback'],
  ['refused', 'refusal'],
  ['complaint', 'complaint'],
  ['do_not_call', 'block'],
  ['interested', 'wave'],
  ['wrong_person', 'number'],
]);

export const neededBy = (code: string): NeededBy | undefined => NEEDED.get(code);

/** Keys of the desk that do something else: G dials, H hangs up, N goes to the note (desk.js). */
export const DESK_COMMANDS = 'BCGHMNOPTZ';

/** What may be changed of an outcome that calls have already; everything else is counted by. */
export const CHANGEABLE = ['labelZh', 'labelEn', 'key', 'redial', 'coolingOffDays', 'needsReason', 'opensTicket', 'tone'] as const;
export type Changeable = Pick<Outcome, (typeof CHANGEABLE)[number]>;

type Fault = { param: string; code: string; params?: Record<string, string> };
type Labelled = Pick<OutcomeReason & Kept, 'code' | 'labelZh' | 'labelEn'>;

/** A file names an outcome by its code or its Chinese label: neither may mean two. */
function labelFaults(item: Labelled, others: readonly Labelled[]): Fault[] {
  const taken = (param: 'labelZh' | 'labelEn'): Fault[] => {
    const twin = others.find((other) => [other.code, other.labelZh, other.labelEn].some((text) => text.toLowerCase() === item[param].toLowerCase()));
    return twin ? [{ param, code: 'outcome_label_taken', params: { label: item[param], code: twin.code } }] : [];
  };
  return [...taken('labelZh'), ...taken('labelEn')];
}

/** @throws InvalidInput */
export function checkLabels(item: Labelled, others: readonly Labelled[]): void {
  const faults = labelFaults(item, others);
  if (faults.length > 0) throw new InvalidInput(faults);
}

function keyFaults({ key }: Outcome, others: readonly (Outcome & Kept)[]): Fault[] {
  if (DESK_COMMANDS.includes(key)) return [{ param: 'key', code: 'outcome_key_command', params: { keys: [...DESK_COMMANDS].join(' ') } }];
  const twin = others.find((other) => other.retiredAt === null && other.key === key);
  return twin ? [{ param: 'key', code: 'outcome_key_taken', params: { key, outcome: `${twin.labelZh} / ${twin.labelEn}` } }] : [];
}

/** Flags that say the opposite of each other. */
function flagFaults(outcome: Outcome): Fault[] {
  const spoken = (param: 'visit' | 'converted' | 'blocksCalls' | 'opensTicket'): Fault[] =>
    outcome[param] && !outcome.effective ? [{ param, code: 'outcome_needs_person' }] : [];
  return [
    ...(outcome.effective && !outcome.connected ? [{ param: 'effective', code: 'outcome_effective_not_connected' }] : []),
    ...spoken('visit'),
    ...spoken('converted'),
    ...spoken('blocksCalls'),
    ...spoken('opensTicket'),
    ...(outcome.lineHealth && outcome.connected ? [{ param: 'lineHealth', code: 'outcome_health_connected' }] : []),
    ...(outcome.blocksCalls && !outcome.closesTask ? [{ param: 'closesTask', code: 'outcome_block_open' }] : []),
  ];
}

/** A callback is promised to somebody, is no visit and closes nothing (CAM-6); what is closed is not dialled again. */
function redialFaults(outcome: Outcome, before: Outcome | null): Fault[] {
  const { redial, effective, visit, closesTask } = outcome;
  const promises = redial === 'callback';
  if (before && before.redial !== redial && (promises || before.redial === 'callback')) return [{ param: 'redial', code: 'outcome_callback_fixed' }];
  if (promises && (!effective || visit || closesTask)) return [{ param: 'redial', code: 'outcome_callback_flags' }];
  return closesTask && redial !== 'never' ? [{ param: 'redial', code: 'outcome_closed_redial' }] : [];
}

/**
 * @param before as it is kept; null: a new one
 * @throws InvalidInput at each field that is wrong
 */
export function checkOutcome(outcome: Outcome, { before, others }: { before: (Outcome & Kept) | null; others: readonly (Outcome & Kept)[] }): void {
  const offered = !before || before.retiredAt === null;
  const faults = [
    ...labelFaults(outcome, others),
    // one that is not offered may share its key; it is looked at when it comes back
    ...(offered ? keyFaults(outcome, others) : []),
    ...(before && before.opensTicket === outcome.opensTicket ? [] : flagFaults(outcome)),
    ...redialFaults(outcome, before),
  ];
  if (faults.length > 0) throw new InvalidInput(faults);
}

/** @throws InvalidInput at `key` when somebody else has it by now */
export function checkKey(outcome: Outcome, others: readonly (Outcome & Kept)[]): void {
  const faults = keyFaults(outcome, others);
  if (faults.length > 0) throw new InvalidInput(faults);
}

export interface Change {
  from: unknown;
  to: unknown;
}

/** What differs, by field, with its old value. */
export function changesOf<T extends object>(before: T, after: T, fields: readonly (keyof T & string)[]): Record<string, Change> {
  const changed = fields.filter((field) => before[field] !== after[field]);
  return Object.fromEntries(changed.map((field) => [field, { from: before[field], to: after[field] }]));
}

/** The order of the desk after one step: an outcome changes places with its neighbour of the same hand. @returns codes, or null at the end */
export function moved(outcomes: readonly (Outcome & Kept)[], code: string, direction: 'up' | 'down'): string[] | null {
  const codes = outcomes.map((one) => one.code);
  const own = outcomes.find((one) => one.code === code);
  const hand = outcomes.filter((one) => one.effective === own?.effective && one.retiredAt === null);
  const neighbour = hand[hand.findIndex((one) => one.code === code) + (direction === 'up' ? -1 : 1)];
  if (!own || own.retiredAt !== null || !neighbour) return null;
  const [here, there] = [codes.indexOf(code), codes.indexOf(neighbour.code)];
  return codes.map((one, i) => (i === here ? neighbour.code : i === there ? code : one));
}
