import type { CareRule, Decision, RuleCode, Sentence } from '../care.types.js';

const nothing = (): Decision => ({ due: [], why: { key: 'care.why.announced', params: {} }, nextOn: null });
const sentence = (): Sentence => ({ key: 'care.why.announced', params: {} });

/** A rule that has its place but plans nothing yet: it can be seen, not switched on. */
const announced = (code: RuleCode, sort: number, icon: string): CareRule => ({
  code,
  sort,
  icon,
  available: false,
  fields: [],
  counting: 'own-task',
  decide: nothing,
  candidates: () => null,
  sentence,
});

export const ANNOUNCED_RULES: readonly CareRule[] = [announced('calendar-greeting', 70, 'snowflake')];
