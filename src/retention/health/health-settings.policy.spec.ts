import { InvalidInput } from '../../kernel/errors.js';
import { checkHealthSettings, HEALTH_FIELDS, healthSettingsFrom, INITIAL_HEALTH } from './health-settings.policy.js';

function faultsOf(wanted: Record<string, unknown>): string[] {
  try {
    checkHealthSettings(INITIAL_HEALTH, wanted);
    return [];
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    return error.faults.map(({ param, code }) => `${param} ${code}`);
  }
}

describe('CUS-5 the thresholds of health', () => {
  it.each<[string, Record<string, unknown>, string[]]>([
    ['as delivered', { ...INITIAL_HEALTH }, []],
    ['the least of all', Object.fromEntries(HEALTH_FIELDS.map(({ name }) => [name, 0])), []],
    ['the most of all', Object.fromEntries(HEALTH_FIELDS.map(({ name, max }) => [name, max])), []],
    ['one above its limit', { intentDays: 366 }, ['intentDays retention_setting_range']],
    ['one below nothing', { callDays: -1 }, ['callDays retention_setting_range']],
    ['a fraction', { scoreHigh: 70.5 }, ['scoreHigh retention_setting_range']],
    ['a word', { scoreHigh: 'viel' }, ['scoreHigh retention_setting_range']],
    ['a name there is not', { scoreMedium: 5 }, ['scoreMedium invalid_whitelist_validation']],
    ['two faults at once', { dropSub: 101, subsMakeHigh: 8 }, ['dropSub retention_setting_range', 'subsMakeHigh retention_setting_range']],
    ['a lower level above the higher', { scoreSub: 71 }, ['scoreSub retention_health_reversed']],
    ['a higher level below the lower one in force', { scoreHigh: 39 }, ['scoreSub retention_health_reversed']],
    ['both the same', { scoreSub: 70 }, []],
    ['a lower level where the higher does not count', { complaintsHigh: 0, complaintsSub: 9 }, []],
  ])('%s', (_, wanted, faults) => expect(faultsOf(wanted)).toEqual(faults));

  it('what makes no sense any more counts as not chosen', () =>
    expect(healthSettingsFrom({ scoreHigh: 999, scoreSub: 30, gone: 1 })).toEqual({ ...INITIAL_HEALTH, scoreSub: 30 }));
});
