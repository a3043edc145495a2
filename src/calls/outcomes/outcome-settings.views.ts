import type { Locale } from '../../platform/i18n/catalogue.js';
import { labelOf } from '../desk/desk.views.js';
import { type KeptOutcome, type KeptReason, type Outcome, REDIALS, TONES } from './outcomes.types.js';
import { neededBy } from './outcome-change.policy.js';

/** What figures count by. */
const COUNTED = ['connected', 'effective', 'visit', 'converted'] as const;
/** What is said once, when it is added: figures and rollups count by it. */
const FIXED_FLAGS = [...COUNTED, 'closesTask', 'blocksCalls'] as const;
/** What else follows. */
const FOLLOWS = ['opensTicket', 'blocksCalls', 'needsReason'] as const;

type Posted = Readonly<Record<string, unknown>>;

/** By the rules of contact, none, or days of its own. */
const restKindOf = ({ coolingOffDays }: Outcome): string => (coolingOffDays === null ? 'rules' : coolingOffDays === 0 ? 'none' : 'days');

const rowOf = (outcome: KeptOutcome, locale: Locale) => ({
  ...outcome,
  name: labelOf(outcome, locale),
  other: labelOf(outcome, locale === 'zh' ? 'en' : 'zh'),
  retired: outcome.retiredAt !== null,
  counted: COUNTED.filter((flag) => outcome[flag]),
  follows: [...FOLLOWS.filter((flag) => outcome[flag]), ...(outcome.lineHealth ? [`health_${outcome.lineHealth}`] : [])],
  rest: restKindOf(outcome),
  needed: neededBy(outcome.code),
});

const reasonOf = (reason: KeptReason) => ({ ...reason, retired: reason.retiredAt !== null });

/** All in the order of the desk: the right hand, the left hand, what it does not offer any more. */
export function listView(outcomes: readonly KeptOutcome[], reasons: readonly KeptReason[], locale: Locale) {
  const rows = outcomes.map((outcome) => rowOf(outcome, locale));
  const offered = rows.filter(({ retired }) => !retired);
  const groups = [
    { key: 'effective', rows: offered.filter(({ effective }) => effective), movable: true },
    { key: 'other', rows: offered.filter(({ effective }) => !effective), movable: true },
    { key: 'retired', rows: rows.filter(({ retired }) => retired), movable: false },
  ];
  return { groups, reasons: reasons.map(reasonOf), reasonFields: ['code', 'labelZh', 'labelEn'] };
}

/** The rules that an outcome may take: a promised callback is of its own kind, and what is closed is not dialled again. */
const redialsOf = (outcome: Outcome | null): readonly string[] => {
  if (!outcome) return REDIALS;
  if (outcome.redial === 'callback') return ['callback'];
  return outcome.closesTask ? ['never'] : REDIALS.filter((redial) => redial !== 'callback');
};

const boxesOf = (outcome: KeptOutcome): Posted => ({
  ...outcome,
  rest: restKindOf(outcome),
  coolingOffDays: outcome.coolingOffDays ? outcome.coolingOffDays : '',
});

const EMPTY: Posted = { reach: 'effective', redial: 'other_slot', rest: 'none', lineHealth: '', tone: 'grey' };

/** The form of one. @param outcome null: one that is to be made @param posted what was typed, where the form comes back */
export function formView(outcome: KeptOutcome | null, locale: Locale, posted?: Posted) {
  return {
    outcome: outcome && rowOf(outcome, locale),
    box: posted ?? (outcome ? boxesOf(outcome) : EMPTY),
    redials: redialsOf(outcome),
    rests: ['none', 'rules', 'days'],
    tones: TONES,
    reaches: ['effective', 'connected', 'none'],
    healths: ['', 'suspended', 'invalid'],
    flags: FIXED_FLAGS.filter((flag) => flag !== 'connected' && flag !== 'effective'),
    fixed: FIXED_FLAGS,
    mayTicket: outcome?.effective ?? true,
  };
}

/** A box that was emptied is a fault, not one that is left as it is. */
export const filled = (value: unknown): unknown => (value === undefined || value === '' ? ' ' : value);
const isOn = (value: unknown): boolean => value === 'on' || value === true;
const restOf = ({ rest, coolingOffDays }: Posted): unknown => (rest === 'rules' ? null : rest === 'none' ? 0 : coolingOffDays || 'x');

/** The boxes of both forms as the fields that pages and API share; a box that is not ticked is not sent. */
export const changeOf = (posted: Posted): Posted => ({
  version: posted.version,
  labelZh: filled(posted.labelZh),
  labelEn: filled(posted.labelEn),
  key: filled(posted.key),
  redial: posted.redial,
  coolingOffDays: restOf(posted),
  opensTicket: isOn(posted.opensTicket),
  needsReason: isOn(posted.needsReason),
  tone: posted.tone,
});

export function additionOf(posted: Posted): Posted {
  const { version: _, ...shared } = changeOf(posted);
  return {
    ...shared,
    code: posted.code,
    connected: posted.reach !== 'none',
    effective: posted.reach === 'effective',
    visit: isOn(posted.visit),
    converted: isOn(posted.converted),
    closesTask: isOn(posted.closesTask),
    blocksCalls: isOn(posted.blocksCalls),
    lineHealth: posted.lineHealth === '' ? undefined : posted.lineHealth,
  };
}
