import type { Outcome } from '../outcomes/outcomes.types.js';

/** The customer was spoken with and will not say: nothing can be asked any more. */
const WILL_NOT_SAY = 'refused';

/** A call that ends with this outcome is the last about its matter: the customer was there to be asked for their mark (CAR-9). */
export const couldBeAsked = ({ code, effective, visit, closesTask }: Pick<Outcome, 'code' | 'effective' | 'visit' | 'closesTask'>): boolean =>
  effective && visit && closesTask && code !== WILL_NOT_SAY;
