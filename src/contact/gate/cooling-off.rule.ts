import type { GateRule, GateSettings, Rests, SettingField } from './gate.types.js';

const LONGEST_DAYS = 365;
const KINDS: readonly (keyof Rests)[] = ['afterRefusal', 'afterSuccess'];

/** The longer of what is set and what administrators demand. In force for rests that begin from now on; those that run keep their end. */
export const restDays = ({ rests, leastRests }: GateSettings, cause: 'refused' | 'converted'): number => {
  const kind = cause === 'converted' ? 'afterSuccess' : 'afterRefusal';
  return Math.max(rests[kind], leastRests[kind]);
};

const REST_SETTINGS = KINDS.flatMap((kind): SettingField[] => [
  { path: `rests.${kind}`, kind: 'count', level: 'working', min: 0, max: LONGEST_DAYS, atLeast: `leastRests.${kind}` },
  { path: `leastRests.${kind}`, kind: 'count', level: 'hard', min: 0, max: LONGEST_DAYS },
]);

/** After a refusal or a success the same product family rests; other families go on. */
export const coolingOffRule: GateRule = {
  reason: 'cooling_off',
  source: 'GOV-7',
  settings: REST_SETTINGS,
  applies: (question) => question.purpose === 'marketing' && question.channel !== 'inbound' && question.productFamily !== null,
  check(question, facts) {
    const resting = facts.coolingOff.find((one) => one.family === question.productFamily && one.until > question.at);
    return resting ? { reason: 'cooling_off', until: resting.until } : null;
  },
};
