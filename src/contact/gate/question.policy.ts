import type { Question } from './gate.types.js';

/** What is asked, by default by this product, for no product line and no campaign, in the usual hours. */
export const questionOf = (asked: Pick<Question, 'channel' | 'purpose' | 'at'> & Partial<Question>): Question => ({
  productFamily: null,
  campaignId: null,
  callWindow: null,
  system: '',
  centralWish: false,
  ...asked,
});
