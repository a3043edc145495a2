import type { SubmitResult } from '../gateways/gateway.types.js';
import { answersAgain, countsAsFailure, notTaken, outageIn, restAfter, slowDownBy } from './outage.policy.js';

const accepted: SubmitResult = { id: 'a', outcome: 'accepted', ref: '1' };
const rejected: SubmitResult = { id: 'r', outcome: 'rejected', code: '11' };
const unknown: SubmitResult = { id: 'u', outcome: 'unknown' };
const notSent: SubmitResult = { id: 'n', outcome: 'not_sent', code: 'ECONNREFUSED' };
const throttled: SubmitResult = { id: 't', outcome: 'throttled' };

const several = (count: number, one: SubmitResult): SubmitResult[] => Array.from({ length: count }, () => one);

describe('what follows from a gateway’s answers', () => {
  it.each([
    [1, 2_000],
    [2, 4_000],
    [5, 32_000],
    [6, 60_000],
    [400, 60_000],
  ])('after failure %i in a row it rests %i ms', (failures, rest) => expect(restAfter(failures)).toBe(rest));

  it.each([
    [[accepted], 0],
    [[accepted, throttled], 10],
    [[throttled, throttled, throttled], 30],
    [[throttled, { ...throttled, retryAfterMs: 700 }], 700],
  ])('throttling slows down: %j waits %i ms longer at 100 a second', (results: SubmitResult[], wait) =>
    expect(slowDownBy(results, { ratePerSecond: 100, failures: 0 })).toBe(wait),
  );

  it.each([
    [[throttled], 0, 10, null],
    [[throttled], 1, 2_000, null],
    [[throttled], 2, 4_000, null],
    [[throttled], 3, 8_000, 'throttled'],
    [[accepted, throttled], 3, 10, null],
  ])('all of it throttled again and again: %j after %i failures waits %i ms and rests with %s', (results: SubmitResult[], failures, wait, code) => {
    expect([slowDownBy(results, { ratePerSecond: 100, failures }), outageIn(results, failures)]).toEqual([wait, code]);
  });

  it('a gateway is down when nothing came through and it says why', () => {
    expect(outageIn([notSent, notSent])).toBe('ECONNREFUSED');
    expect(outageIn([notSent, unknown])).toBe('ECONNREFUSED');
    for (const fine of [
      [],
      [accepted, notSent],
      [rejected, notSent],
      [unknown],
      [throttled],
      several(19, unknown),
      [...several(30, unknown), accepted],
    ])
      expect(outageIn(fine)).toBeNull();
  });

  it.each([
    [several(20, unknown), 0, 'no_answer'],
    [[unknown], 1, 'no_answer'],
    [[{ ...throttled, retryAfterMs: 30_000 }], 0, null],
    [[{ ...throttled, retryAfterMs: 86_400_000 }], 0, 'throttled'],
  ])('R7 %j after %i failures rests with %s: the next batch would fare no better', (results: SubmitResult[], failures, code) =>
    expect(outageIn(results, failures)).toBe(code),
  );

  const half = (lack: 'rejected' | 'throttled' | 'not_sent'): SubmitResult => ({ id: 'h', outcome: 'unknown', half: lack });

  it.each([
    // it answers: too quick is no silence, and what was taken in part speaks against an outage
    [several(30, half('throttled')), 0, { rests: null, failure: true, wakes: true, slower: 300 }],
    [[half('throttled')], 1, { rests: null, failure: true, wakes: true, slower: 2_000 }],
    [[half('throttled')], 3, { rests: 'throttled', failure: true, wakes: true, slower: 8_000 }],
    [[half('not_sent'), notSent], 0, { rests: null, failure: false, wakes: true, slower: 0 }],
    [[...several(30, unknown), half('rejected')], 1, { rests: null, failure: false, wakes: true, slower: 0 }],
    [[half('rejected'), rejected], 1, { rests: null, failure: false, wakes: true, slower: 0 }],
    [[half('rejected'), half('throttled')], 0, { rests: null, failure: true, wakes: true, slower: 10 }],
    // nothing but halves: the next batch would be halves too
    [[half('rejected')], 0, { rests: null, failure: true, wakes: true, slower: 0 }],
    [[half('rejected')], 1, { rests: 'half_taken', failure: true, wakes: true, slower: 0 }],
    [several(20, half('not_sent')), 0, { rests: 'half_taken', failure: true, wakes: true, slower: 0 }],
  ])('R7 taken in part: %j after %i failures: %j', (results: SubmitResult[], failures, expected) => {
    const [rests, failure] = [outageIn(results, failures), countsAsFailure(results)];
    const slower = slowDownBy(results, { ratePerSecond: 100, failures });
    expect({ rests, failure, wakes: answersAgain(results), slower }).toEqual(expected);
  });

  it('a gateway that asks for a day is asked again after ten minutes', () => {
    expect(slowDownBy([{ ...throttled, retryAfterMs: 86_400_000 }], { ratePerSecond: 100, failures: 0 })).toBe(600_000);
  });

  it('only what was certainly not taken may be sent anew: never what is unknown', () => {
    expect(notTaken([accepted, rejected, unknown, notSent, throttled])).toEqual(['n', 't']);
  });
});
