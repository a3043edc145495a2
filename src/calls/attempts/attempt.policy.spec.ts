import { DEFAULT_OUTCOMES } from '../outcomes/outcomes.policy.js';
import { type AttemptFacts, decideAttempt } from './attempt.policy.js';

const at = new Date('2026-11-24T10:00:00+08:00');

function facts(code: string, change: Partial<AttemptFacts> = {}): AttemptFacts {
  const outcome = DEFAULT_OUTCOMES.find((row) => row.code === code);
  if (!outcome) throw new Error(code);
  return {
    outcome,
    at,
    callbackAt: null,
    attempts: 1,
    campaign: { kind: 'marketing', productFamily: '5g', maxAttempts: 3, minGapMinutes: 120 },
    given: { reason: true, order: true, orderProduct: true },
    ...change,
  };
}

describe('What follows from an outcome (CAM-6)', () => {
  it.each([
    ['converted', 'done'],
    ['interested', 'done'],
    ['reached', 'done'],
    ['refused', 'done'],
    ['already_has', 'done'],
    ['complaint', 'done'],
    ['do_not_call', 'done'],
    ['invalid_number', 'not_reached'],
    ['callback', 'open'],
    ['wrong_person', 'open'],
    ['no_answer', 'open'],
    ['busy', 'open'],
    ['powered_off', 'open'],
    ['suspended', 'open'],
    ['rejected', 'open'],
    ['out_of_area', 'open'],
    ['cut_off', 'open'],
    ['assistant', 'open'],
  ])('%s leaves the task %s', (code, state) => {
    expect(decideAttempt(facts(code)).task.state).toBe(state);
  });

  it('the last attempt the campaign allows closes the task as not reached (CAM-4)', () => {
    expect(decideAttempt(facts('no_answer', { attempts: 3 })).task).toEqual({ state: 'not_reached', closeReason: 'max_attempts' });
  });

  it('a callback promised in the last attempt is still kept (CAM-4)', () => {
    const callbackAt = new Date('2026-11-25T10:20:00+08:00');
    expect(decideAttempt(facts('callback', { attempts: 3, callbackAt })).task).toEqual({ state: 'open', notBefore: null, callbackAt });
  });

  it('an attempt after a callback supersedes the promise (R35)', () => {
    const { task } = decideAttempt(facts('no_answer', { callbackAt: at }));
    expect(task).toMatchObject({ state: 'open', callbackAt: null });
  });

  it('a number that does not exist is never dialled again and marks the line (CAM-4)', () => {
    expect(decideAttempt(facts('invalid_number'))).toMatchObject({ lineHealth: 'invalid', task: { closeReason: 'invalid_number' } });
  });

  it('somebody who answers clears an old mark of the line', () => {
    expect(decideAttempt(facts('wrong_person')).lineHealth).toBe('good');
    expect(decideAttempt(facts('no_answer')).lineHealth).toBeNull();
  });

  it('asking not to be called blocks the number (GOV-2)', () => {
    expect(decideAttempt(facts('do_not_call')).block).toBe(true);
    expect(decideAttempt(facts('refused')).block).toBe(false);
  });

  it('a refusal and a success rest the product family as the contact rules say, other outcomes by days of their own (GOV-7)', () => {
    expect(decideAttempt(facts('refused')).coolOff).toEqual({ family: '5g', days: null });
    expect(decideAttempt(facts('converted')).coolOff).toEqual({ family: '5g', days: null });
    const own = { ...facts('already_has'), outcome: { ...facts('already_has').outcome, coolingOffDays: 14 } };
    expect(decideAttempt(own).coolOff).toEqual({ family: '5g', days: 14 });
    expect(decideAttempt(facts('reached')).coolOff).toBeNull();
  });

  it('a refusal in a care call rests nothing: nothing was sold', () => {
    const care = { kind: 'care', productFamily: 'marketing', maxAttempts: 3, minGapMinutes: 120 };
    expect(decideAttempt(facts('refused', { campaign: care })).coolOff).toBeNull();
  });

  it.each([
    ['refused', { reason: false, order: false, orderProduct: false }, ['reason_missing']],
    ['reached', { reason: false, order: false, orderProduct: false }, []],
    ['converted', { reason: false, order: false, orderProduct: false }, ['order_missing']],
    ['converted', { reason: false, order: true, orderProduct: false }, ['product_missing']],
    ['converted', { reason: false, order: true, orderProduct: true }, []],
  ])('%s with %j is taken and flagged %j (CAM-6)', (code, given, flags) => {
    expect(decideAttempt(facts(code, { given })).flags).toEqual(flags);
  });

  it.each([
    ['reached', true, []],
    ['reached', false, ['switch_contradicts']],
    ['no_answer', true, ['switch_contradicts']],
    ['no_answer', false, []],
    ['no_answer', null, []],
  ])('%s where the switch saw it answered: %s is flagged %j (R37)', (code, switchConnected, flags) => {
    expect(decideAttempt(facts(code, { switchConnected })).flags).toEqual(flags);
  });
});

describe('The outcomes a system starts with (CAM-6)', () => {
  const of = (test: (o: (typeof DEFAULT_OUTCOMES)[number]) => boolean): string[] => DEFAULT_OUTCOMES.filter(test).map((o) => o.code);

  it('carry eighteen different keys, none of them a command of the desk', () => {
    const keys = DEFAULT_OUTCOMES.map((o) => o.key);
    expect(new Set(keys).size).toBe(18);
    expect(keys.filter((key) => 'GHBONTZP'.includes(key))).toEqual([]);
  });

  it('count as connected, effective and visit as the requirement lists them', () => {
    expect(of((o) => !o.connected)).toEqual(['no_answer', 'busy', 'powered_off', 'suspended', 'invalid_number', 'rejected', 'out_of_area']);
    expect(of((o) => o.connected && !o.effective)).toEqual(['cut_off', 'assistant']);
    expect(of((o) => o.visit)).toEqual(['converted', 'interested', 'reached', 'refused', 'already_has', 'complaint']);
    expect(of((o) => o.needsReason)).toEqual(['interested', 'refused', 'already_has']);
  });
});
