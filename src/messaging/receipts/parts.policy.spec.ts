import { answerOfParts, codeOfParts, type HeldMessage, matchHints, type PartAnswer, stronger, wordOfParts } from './parts.policy.js';

const accepted = (ref: string): PartAnswer => ({ outcome: 'accepted', ref });
const rejected: PartAnswer = { outcome: 'rejected', code: '0x0000000B' };
const unknown: PartAnswer = { outcome: 'unknown' };
const throttled: PartAnswer = { outcome: 'throttled' };
const notSent: PartAnswer = { outcome: 'not_sent', code: 'ECONNREFUSED' };

describe('R42 receipts of parts become one word', () => {
  it.each<[Parameters<typeof wordOfParts>[0], number, ReturnType<typeof wordOfParts>]>([
    [['delivered'], 1, 'delivered'],
    [['delivered', 'delivered'], 2, 'delivered'],
    [['delivered', null], 2, 'accepted'],
    [['delivered'], 2, 'accepted'],
    [['delivered', 'accepted'], 2, 'accepted'],
    [['delivered', 'undelivered', null], 3, 'accepted'],
    [['undelivered', 'accepted'], 2, 'accepted'],
    [['delivered', 'undelivered'], 2, 'undelivered'],
    [['undelivered'], 2, 'undelivered'],
    [['expired', 'delivered'], 2, 'expired'],
    [['expired', 'undelivered'], 2, 'undelivered'],
    [[null, null], 2, null],
    [[], 2, null],
  ])('%j of %d: %s', (states, parts, word) => expect(wordOfParts(states, parts)).toBe(word));

  it.each<[Parameters<typeof wordOfParts>[0], number, ReturnType<typeof wordOfParts>]>([
    [['undelivered', null], 2, 'undelivered'],
    [['undelivered', 'accepted'], 2, 'undelivered'],
    [['delivered', 'undelivered', null], 3, 'undelivered'],
    [['delivered', null], 2, 'accepted'],
    [['delivered', 'delivered'], 2, 'delivered'],
    [[null, null], 2, null],
  ])('%j of %d once its validity has run out: %s', (states, parts, word) => expect(wordOfParts(states, parts, true)).toBe(word));

  it.each<[Parameters<typeof codeOfParts>[0], number, string | null, string | null]>([
    [['undelivered', 'undelivered'], 2, 'UNDELIV 027', 'UNDELIV 027'],
    [['undelivered', 'expired'], 2, null, null],
    [['delivered', 'undelivered'], 2, 'UNDELIV 027', 'partly UNDELIV 027'],
    [['delivered', 'undelivered'], 2, null, 'partly'],
    // nothing was ever said of the other: it may have come
    [['undelivered', null], 2, 'UNDELIV 027', 'partly UNDELIV 027'],
    [['undelivered', 'accepted'], 2, 'UNDELIV 027', 'partly UNDELIV 027'],
    // the id of the other got lost: nobody knows
    [['undelivered'], 2, 'UNDELIV 027', 'partly UNDELIV 027'],
  ])('R8 %j of %d, %s: undelivered for %s', (states, parts, code, why) => expect(codeOfParts(states, parts, code)).toBe(why));

  it.each([
    [null, 'accepted', 'accepted'],
    ['accepted', 'delivered', 'delivered'],
    ['delivered', 'undelivered', 'delivered'],
    ['expired', 'delivered', 'delivered'],
    ['undelivered', 'expired', 'undelivered'],
    ['accepted', 'unknown', 'accepted'],
    [null, 'unknown', null],
  ] as const)('%s, then %s: %s', (known, said, now) => expect(stronger(known, said)).toBe(now));
});

describe('R1 answers to parts become one answer', () => {
  it.each<[readonly PartAnswer[], object]>([
    [[accepted('7')], { outcome: 'accepted', ref: '7' }],
    [[accepted('7'), accepted('8')], { outcome: 'accepted', ref: 'parts-of-m' }],
    [[accepted('7'), rejected], { outcome: 'unknown', half: 'rejected' }],
    [[rejected, unknown], { outcome: 'unknown' }],
    [[rejected, throttled], { outcome: 'rejected', code: '0x0000000B' }],
    [[notSent, rejected], { outcome: 'rejected', code: '0x0000000B' }],
    [[accepted('7'), unknown], { outcome: 'unknown' }],
    [[accepted('7'), throttled], { outcome: 'unknown', half: 'throttled' }],
    [[accepted('7'), notSent], { outcome: 'unknown', half: 'not_sent' }],
    [[accepted('7'), throttled, rejected], { outcome: 'unknown', half: 'rejected' }],
    [[accepted('7'), rejected, unknown], { outcome: 'unknown' }],
    [[unknown, notSent], { outcome: 'unknown' }],
    [[throttled, throttled], { outcome: 'throttled' }],
    [[notSent, throttled], { outcome: 'not_sent', code: 'ECONNREFUSED' }],
    [[notSent], { outcome: 'not_sent', code: 'ECONNREFUSED' }],
  ])('%j', (answers, result) => expect(answerOfParts('m', answers)).toEqual({ id: 'm', ...result }));
});

const NOON = new Date('2026-11-24T12:00:00Z');

describe('R1 a doubt is settled by a receipt that can mean one message alone', () => {
  const held = (id: string, number: string, more: Partial<HeldMessage> = {}): HeldMessage => ({
    id,
    gateway: 'g',
    parts: 1,
    since: NOON,
    hints: [`${number}:${id}`, number],
    ...more,
  });
  const said = (ref: string, hint: string, gateway = 'g'): { gateway: string; ref: string; hint: string; at: Date } => ({
    gateway,
    ref,
    hint,
    at: new Date('2026-11-24T12:05:00Z'),
  });
  const match = (...args: Parameters<typeof matchHints>): Record<string, string> =>
    Object.fromEntries([...matchHints(...args)].map(([key, { id }]) => [key, id]));

  it.each<[string, ReturnType<typeof said>[], HeldMessage[], Record<string, string>]>([
    ['by number and reference', [said('7', 'n:b')], [held('a', 'n'), held('b', 'n')], { 'g 7': 'b' }],
    ['by the number, when one message went there', [said('7', 'n')], [held('a', 'n'), held('b', 'm')], { 'g 7': 'a' }],
    ['not by the number, when two did', [said('7', 'n')], [held('a', 'n'), held('b', 'n')], {}],
    ['not by a reference of another', [said('7', 'n:x')], [held('a', 'n')], {}],
    ['not over another gateway', [said('7', 'n', 'h')], [held('a', 'n')], {}],
    ['both parts of one message', [said('7', 'n:a'), said('8', 'n:a'), said('8', 'n:a')], [held('a', 'n', { parts: 2 })], { 'g 7': 'a', 'g 8': 'a' }],
    [
      'not for a message that came later',
      [said('7', 'n')],
      [held('a', 'n'), held('b', 'n', { since: new Date('2026-11-24T13:00:00Z') })],
      { 'g 7': 'a' },
    ],
    ['not more receipts than parts', [said('7', 'n'), said('8', 'n')], [held('a', 'n')], {}],
  ])('%s', (_, receipts, messages, matched) => expect(match(receipts, messages)).toEqual(matched));
});
