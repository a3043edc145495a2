import { asksApproval, type CaseFacts, misfitsOf, offersInOrder } from './offer-fit.policy.js';
import type { RetentionOffer } from './setup.types.js';

const TODAY = '2026-11-24';
const offer = (more: Partial<RetentionOffer> = {}): RetentionOffer => ({
  code: 'FEE20',
  name: '每月立减20元',
  kind: 'discount',
  text: '',
  catalogueCode: null,
  costFen: 12_000,
  starFrom: 0,
  starTo: 7,
  leastValueFen: 0,
  sources: [],
  reasons: [],
  restDays: 365,
  alwaysAsks: false,
  validUntil: null,
  enabled: true,
  ...more,
});
const facts = (more: Partial<CaseFacts> = {}): CaseFacts => ({ star: 5, valueFen: 19_900, source: 'termination', reason: null, taken: [], ...more });

describe('RET-1 an offer is for whom its rules say', () => {
  it.each<[string, Partial<RetentionOffer>, Partial<CaseFacts>, string[]]>([
    ['without rules everybody', {}, {}, []],
    ['switched off nobody', { enabled: false }, {}, ['ended']],
    ['on its last day still', { validUntil: TODAY }, {}, []],
    ['a day later no more', { validUntil: '2026-11-23' }, {}, ['ended']],
    ['below its stars not', { starFrom: 6 }, {}, ['star']],
    ['above its stars not', { starTo: 4 }, {}, ['star']],
    ['a customer of less value not', { leastValueFen: 20_000 }, {}, ['value']],
    ['of exactly that value yes', { leastValueFen: 19_900 }, {}, []],
    ['of another source not', { sources: ['contract-ending'] }, {}, ['source']],
    ['while the reason is not known an offer for a reason waits', { reasons: ['competition'] }, {}, ['reason']],
    ['once it is known it is there', { reasons: ['competition'] }, { reason: 'competition' }, []],
    ['taken less than a year ago not again', {}, { taken: [{ offer: 'FEE20', on: '2025-11-25' }] }, ['resting']],
    ['a year later again', {}, { taken: [{ offer: 'FEE20', on: '2025-11-24' }] }, []],
    ['another one that was taken does not count', {}, { taken: [{ offer: 'DATA20', on: TODAY }] }, []],
    ['every rule that says no is told', { starFrom: 7, sources: ['score'], enabled: false }, {}, ['ended', 'star', 'source']],
  ])('%s', (_, rules, known, misfits) => expect(misfitsOf(offer(rules), facts(known), TODAY)).toEqual(misfits));

  it.each<[string, number, boolean, boolean]>([
    ['what costs no more than the limit is given at once', 20_000, false, false],
    ['a fen more needs a second person', 20_001, false, true],
    ['and so does what is always asked for', 0, true, true],
  ])('%s', (_, cost, always, asks) => expect(asksApproval(cost, always, { approvalFen: 20_000 })).toBe(asks));

  it('the strategy says what to begin with; without one the cheapest comes first', () => {
    const [a, b, c] = [offer({ code: 'A', costFen: 3 }), offer({ code: 'B', costFen: 1 }), offer({ code: 'C', costFen: 2 })];
    expect(offersInOrder([a, b, c], []).map(({ code }) => code)).toEqual(['B', 'C', 'A']);
    expect(offersInOrder([a, b, c], ['C', 'X', 'A']).map(({ code }) => code)).toEqual(['C', 'A']);
  });
});
