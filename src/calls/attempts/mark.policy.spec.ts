import { couldBeAsked } from './mark.policy.js';
import { DEFAULT_OUTCOMES } from '../outcomes/outcomes.policy.js';

describe('CAR-9 outcomes with which a follow-up call could have brought a mark', () => {
  it('are those of a talk with the customer, unless they will not say or will be called again', () => {
    expect(DEFAULT_OUTCOMES.filter(couldBeAsked).map(({ code }) => code)).toEqual(['converted', 'interested', 'reached', 'already_has', 'complaint']);
  });
});
