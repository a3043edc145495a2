import { InvalidInput } from '../../kernel/errors.js';
import { readSettings, settingsFromForm } from './settings.policy.js';
import { starRevisit } from './star-revisit.rule.js';
import { birthday } from './birthday.rule.js';

const faultsOf = (given: object): string[] => {
  try {
    readSettings(starRevisit.fields, { ...given });
    return [];
  } catch (error) {
    return error instanceof InvalidInput ? error.faults.map((fault) => `${fault.param}: ${fault.code}`) : [String(error)];
  }
};

describe('CAR-1 settings of a rule', () => {
  it.each([
    [{ period: 'weekly' }, 'settings.period: setting_choice'],
    [{ months: { 7: 0 } }, 'settings.months.7: setting_range'],
    [{ months: { 8: 1 } }, 'settings.months: setting_star_unknown'],
    [{ months: 3 }, 'settings.months: setting_by_star'],
    [{ horizonDays: 400 }, 'settings.horizonDays: setting_range'],
    [{ horizonDays: 1.5 }, 'settings.horizonDays: setting_range'],
    [{ anyCampaign: 'yes' }, 'settings.anyCampaign: setting_flag'],
    [{ topics: [''] }, 'settings.topics: setting_words'],
    [{ colour: 'blue' }, 'settings.colour: setting_unknown'],
  ])('%j is refused', (given, fault) => {
    expect(faultsOf(given)).toEqual([fault]);
  });

  it('what is left out has its default', () => {
    expect(readSettings(starRevisit.fields, { period: 'rolling', months: { 7: 2 } })).toMatchObject({
      period: 'rolling',
      months: { 7: 2, 6: 2, 5: 3, 4: 5, 3: 5, 2: 5, 1: 5 },
      horizonDays: 31,
      anyCampaign: true,
    });
  });

  it('a form gives the same settings as the API', () => {
    const body = {
      period: 'calendar',
      horizonDays: '31',
      topics: 'bill、rights',
      'months.7': '1',
      'months.6': '2',
      'months.5': '3',
      'months.4': '5',
      'months.3': '5',
      'months.2': '5',
      'months.1': '5',
    };
    expect(settingsFromForm(starRevisit.fields, body)).toMatchObject({
      period: 'calendar',
      horizonDays: 31,
      anyCampaign: false,
      topics: ['bill', 'rights'],
      months: { 7: 1, 1: 5 },
    });
    expect(settingsFromForm(birthday.fields, { 'callStars.7': 'on', 'callStars.6': 'on', sms: 'on' })).toMatchObject({
      callStars: [7, 6],
      sms: true,
    });
  });
});
