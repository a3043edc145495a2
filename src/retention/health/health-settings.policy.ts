import { InvalidInput } from '../../kernel/errors.js';
import type { HealthReasonCode, HealthSettings } from './health.types.js';

/** Under which reason a threshold stands on its page; `together` is about all of them. */
export type HealthGroup = Exclude<HealthReasonCode, 'suspended' | 'refusals' | 'unreached'> | 'calls' | 'together';

/** One threshold: form, check and help text derive from it. Its label is `retention.health_setting.<name>`. */
export interface HealthField {
  name: keyof HealthSettings;
  group: HealthGroup;
  unit: 'days' | 'percent' | 'count' | 'reasons';
  /** 0 to this, whole. */
  max: number;
  /** What 0 means: the rule does not count unless said. */
  zero?: 'today' | 'all';
}

export const HEALTH_FIELDS: readonly HealthField[] = [
  { name: 'intentDays', group: 'intent', unit: 'days', max: 365 },
  { name: 'intentPercent', group: 'intent', unit: 'percent', max: 100, zero: 'all' },
  { name: 'scoreHigh', group: 'score', unit: 'percent', max: 100 },
  { name: 'scoreSub', group: 'score', unit: 'percent', max: 100 },
  { name: 'complaintDays', group: 'complaints', unit: 'days', max: 365, zero: 'today' },
  { name: 'complaintsHigh', group: 'complaints', unit: 'count', max: 20 },
  { name: 'complaintsSub', group: 'complaints', unit: 'count', max: 20 },
  { name: 'dropHigh', group: 'use_drop', unit: 'percent', max: 100 },
  { name: 'dropSub', group: 'use_drop', unit: 'percent', max: 100 },
  { name: 'callDays', group: 'calls', unit: 'days', max: 365, zero: 'today' },
  { name: 'refusalsSub', group: 'calls', unit: 'count', max: 50 },
  { name: 'unreachedSub', group: 'calls', unit: 'count', max: 50 },
  { name: 'subsMakeHigh', group: 'together', unit: 'reasons', max: 7 },
];

/** Of each pair the first is of the lower level: it may not ask for more than the second. */
const PAIRS: readonly [keyof HealthSettings, keyof HealthSettings][] = [
  ['scoreSub', 'scoreHigh'],
  ['complaintsSub', 'complaintsHigh'],
  ['dropSub', 'dropHigh'],
];

export const INITIAL_HEALTH: HealthSettings = {
  intentDays: 90,
  intentPercent: 50,
  scoreHigh: 70,
  scoreSub: 40,
  complaintDays: 90,
  complaintsHigh: 3,
  complaintsSub: 1,
  dropHigh: 80,
  dropSub: 50,
  callDays: 90,
  refusalsSub: 2,
  unreachedSub: 5,
  subsMakeHigh: 3,
};

const isSound = (value: unknown, max: number): value is number => typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= max;

/** What was chosen over what the product brings; what makes no sense any more counts as not chosen. */
export function healthSettingsFrom(chosen: Readonly<Record<string, unknown>>): HealthSettings {
  const sound = HEALTH_FIELDS.flatMap(({ name, max }) => (isSound(chosen[name], max) ? [[name, chosen[name]] as const] : []));
  return { ...INITIAL_HEALTH, ...Object.fromEntries(sound) };
}

/**
 * @param now what is in force
 * @param wanted what is to stand over it
 * @throws InvalidInput retention_setting_range at each value outside its limits; retention_health_reversed at a lower level that asks for more than the higher
 */
export function checkHealthSettings(now: HealthSettings, wanted: Readonly<Record<string, unknown>>): Partial<HealthSettings> {
  const limits = new Map<string, number>(HEALTH_FIELDS.map(({ name, max }) => [name, max]));
  const faults = Object.entries(wanted).flatMap(([name, value]) => {
    const max = limits.get(name);
    if (max === undefined) return [{ param: name, code: 'invalid_whitelist_validation' }];
    return isSound(value, max) ? [] : [{ param: name, code: 'retention_setting_range', params: { min: 0, max } }];
  });
  if (faults.length > 0) throw new InvalidInput(faults);
  const then: HealthSettings = { ...now, ...wanted };
  const reversed = PAIRS.filter(([sub, high]) => then[high] > 0 && then[sub] > then[high]);
  if (reversed.length > 0)
    throw new InvalidInput(reversed.map(([sub, high]) => ({ param: sub, code: 'retention_health_reversed', params: { high: then[high] } })));
  return wanted;
}
