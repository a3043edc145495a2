import { formatFen } from '../kernel/money.js';
import { advise } from './advice.policy.js';
import type { AdvisedOption, Advice, LineMonths, Offer, UseMonth } from './offers.types.js';

const TODAY = '2026-11-24';
const GB = 1024;

const offer = (code: string, kind: Offer['kind'], yuan: number, more: Partial<Offer> = {}): Offer => ({
  code,
  name: `${code} name`,
  kind,
  priceFen: yuan * 100,
  dataMb: null,
  voiceMin: null,
  contractMonths: null,
  excludes: [],
  validUntil: null,
  ...more,
});
const P199 = offer('P199', 'package', 199, { dataMb: 50 * GB, voiceMin: 1000 });
const P239 = offer('P239', 'package', 239, { dataMb: 100 * GB, voiceMin: 1500 });
const P299 = offer('P299', 'package', 299, { dataMb: 150 * GB, voiceMin: 2000 });
const D10 = offer('D10', 'data-pack', 15, { dataMb: 10 * GB });
const D20 = offer('D20', 'data-pack', 30, { dataMb: 20 * GB });
const V200 = offer('V200', 'business-pack', 20, { voiceMin: 200 });
const V500 = offer('V500', 'business-pack', 40, { voiceMin: 500 });
const CARD = offer('CARD', 'second-card', 10);
const CATALOGUE = [P299, P239, P199, D20, D10, V500, V200, offer('CARD2', 'second-card', 15), CARD];

/** One month: [quota, used] of data in GB, [quota, used] of voice in minutes, fee beyond the package and bill in yuan. */
type Told = [data: [number | null, number | null], voice: [number | null, number | null], extra: number | null, bill: number | null];

const MONTHS = ['2026-08-01', '2026-09-01', '2026-10-01'];
const mb = (gb: number | null): number | null => (gb === null ? null : Math.round(gb * GB));
const fen = (yuan: number | null): number | null => (yuan === null ? null : Math.round(yuan * 100));

function line(told: readonly Told[], name: string | null = 'P199 name'): LineMonths {
  const months = MONTHS.slice(-told.length);
  const uses = told.map(([data, voice, extra], i): UseMonth => ({
    month: months[i] ?? '',
    dataQuotaMb: mb(data[0]),
    dataUsedMb: mb(data[1]),
    voiceQuotaMin: voice[0],
    voiceUsedMin: voice[1],
    extraFeeFen: fen(extra),
  }));
  const bills = told.flatMap(([, , , bill], i) => (bill === null ? [] : [{ month: months[i] ?? '', amountFen: Math.round(bill * 100) }]));
  return { package: name, uses, bills };
}

/** An option as one would say it: action, code, a month on average, difference a month and a year, marks. */
function said({ action, offer: what, covers, sum }: AdvisedOption): string {
  const signed = (value: number): string => `${value > 0 ? '+' : ''}${formatFen(value)}`;
  const money = sum ? [formatFen(sum.averageFen), signed(sum.monthlyDifferenceFen), signed(sum.yearlyDifferenceFen)] : [];
  const marks = [covers === false ? 'not all' : '', sum?.costsMore ? 'costs more' : ''];
  return [action, what?.code ?? '', ...money, ...marks].filter(Boolean).join(' ');
}
const options = (advice: Advice): string[] => advice.options.map(said);

const CALM: [number, number] = [1000, 500];
/** 50 GB at 199, 3 yuan for each GB beyond. */
const OVER: Told[] = [
  [[50, 65.2], CALM, 45.6, 244.6],
  [[50, 67.5], CALM, 52.5, 251.5],
  [[50, 62.4], CALM, 37.2, 236.2],
];
/** The same at 1 yuan. */
const CHEAP: Told[] = [
  [[50, 65.2], CALM, 15.2, 214.2],
  [[50, 67.5], CALM, 17.5, 216.5],
  [[50, 62.4], CALM, 12.4, 211.4],
];
const VOICE_OVER: Told[] = [
  [[50, 30], [1000, 1150], 30, 229],
  [[50, 31], [1000, 1300], 60, 259],
  [[50, 32], [1000, 1250], 50, 249],
];
const LOW: Told[] = [
  [[50, 4], CALM, 0, 199],
  [[50, 5], CALM, 0, 199],
  [[50, 14], CALM, 0, 199],
];
const SILENT: Told[] = LOW.map(([, , extra, bill]): Told => [[50, 30], [1000, 100], extra, bill]);

describe('CAR-7 data overflow', () => {
  it('is answered with a data pack first and a bigger package then, each with its sum', () => {
    const advice = advise(line(OVER), CATALOGUE, TODAY);
    expect(advice.months).toEqual(MONTHS);
    expect(advice.situations).toEqual(['data-overflow']);
    expect(advice.paid?.averageFen).toBe(24_410);
    expect(options(advice)).toEqual(['data-pack D20 229.00 -15.10 -181.20', 'upgrade P239 239.00 -5.10 -61.20']);
    expect(advice.options[1]?.sum?.months).toEqual(MONTHS.map((month) => ({ month, fen: 23_900 })));
    expect(advice.gaps).toEqual([]);
  });

  it.each<[string, Told[], Offer[], string[]]>([
    ['a pack that leaves some overflow saves its share of the fee', OVER, [P199, D10], ['data-pack D10 229.10 -15.00 -180.00 not all']],
    [
      'beside the cheapest one that does not reach, the cheapest that does',
      CHEAP,
      [P199, D10, D20],
      ['data-pack D10 219.03 +5.00 +60.00 not all costs more', 'data-pack D20 229.00 +14.97 +179.60 costs more'],
    ],
    [
      'where data is only slowed down each one costs more, and says so',
      OVER.map(([data, voice]): Told => [data, voice, 0, 199]),
      CATALOGUE,
      [
        'data-pack D10 214.00 +15.00 +180.00 not all costs more',
        'data-pack D20 229.00 +30.00 +360.00 costs more',
        'upgrade P239 239.00 +40.00 +480.00 costs more',
      ],
    ],
    [
      'what is not sold any more is not offered',
      OVER,
      [P199, { ...D20, validUntil: '2026-11-23' }, { ...P239, validUntil: '2026-11-24' }],
      ['upgrade P239 239.00 -5.10 -61.20'],
    ],
    ['a pack the package excludes is not offered', OVER, [{ ...P199, excludes: ['D20'] }, D20], []],
    ['a pack that excludes the package is not offered', OVER, [P199, { ...D20, excludes: ['X', 'P199'] }], []],
    [
      'packages exclude each other by nature: that is what a change is',
      OVER,
      [
        { ...P199, excludes: ['P239'] },
        { ...P239, excludes: ['P199'] },
      ],
      ['upgrade P239 239.00 -5.10 -61.20'],
    ],
    ['a package with too few minutes is no way out', OVER, [P199, { ...P239, voiceMin: 400 }], []],
    ['nor one that says nothing of minutes', OVER, [P199, { ...P239, voiceMin: null }], []],
    ['nor one with no more data', OVER, [P199, { ...P239, dataMb: 50 * GB }], []],
    ['a pack that brings no data is none', OVER, [P199, { ...D20, dataMb: null }], []],
    ['nor the package itself, whatever the catalogue says it has by now', OVER, [{ ...P199, dataMb: 100 * GB }], []],
    ['nor, for calls, a package with too little data', VOICE_OVER, [P199, { ...P299, dataMb: 20 * GB }], []],
    ['of two that cost the same the first by code', OVER, [P199, { ...D20, code: 'D20B' }, D20], ['data-pack D20 229.00 -15.10 -181.20']],
    ['an empty catalogue offers nothing', OVER, [], []],
  ])('%s', (_case, told, catalogue, expected) => {
    expect(options(advise(line(told), catalogue, TODAY))).toEqual(expected);
  });
});

describe('CAR-7 the other situations', () => {
  it.each<[string, Told[], string[], string[]]>([
    ['little data used: coaching, which costs nothing', LOW, ['data-underuse'], ['coaching 199.00 0.00 0.00']],
    [
      'calls beyond the package: a business pack, then a bigger package',
      VOICE_OVER,
      ['other-overflow'],
      ['business-pack V200 229.00 -16.67 -200.00 not all', 'business-pack V500 239.00 -6.67 -80.00', 'upgrade P239 239.00 -6.67 -80.00'],
    ],
    [
      'few calls: a second card, at the least price; it costs more and says so',
      SILENT,
      ['other-underuse'],
      ['second-card CARD 209.00 +10.00 +120.00 costs more'],
    ],
    [
      'much data and few calls are two things',
      OVER.map(([data, , extra, bill]): Told => [data, [1000, 100], extra, bill]),
      ['data-overflow', 'other-underuse'],
      ['data-pack D20 229.00 -15.10 -181.20', 'upgrade P239 239.00 -5.10 -61.20', 'second-card CARD 254.10 +10.00 +120.00 costs more'],
    ],
    ['a package that fits needs no advice', LOW.map(([, voice, extra, bill]): Told => [[50, 30], voice, extra, bill]), [], []],
    ['one month beyond of three is none', [OVER[0] as Told, LOW[1] as Told, LOW[2] as Told], [], []],
    ['nor one of two', [OVER[0] as Told, LOW[1] as Told], [], []],
    [
      'two months beyond of three are',
      [OVER[0] as Told, OVER[1] as Told, LOW[2] as Told],
      ['data-overflow'],
      ['data-pack D10 226.70 -5.00 -60.00 not all', 'data-pack D20 229.00 -2.70 -32.40', 'upgrade P239 239.00 +7.30 +87.60 costs more'],
    ],
    ['exactly the quota is not beyond it', LOW.map(([, voice]): Told => [[50, 50], voice, 0, 199]), [], []],
    ['exactly 30 per cent is not underuse', LOW.map(([, voice]): Told => [[50, 15], voice, 0, 199]), [], []],
    ['no quota is not underused', LOW.map(([, voice]): Told => [[0, 0], voice, 0, 199]), [], []],
    ['what is not known is not judged', LOW.map((): Told => [[50, 30], [null, null], null, 199]), [], []],
  ])('%s', (_case, told, situations, expected) => {
    const advice = advise(line(told), CATALOGUE, TODAY);
    expect(advice.situations).toEqual(situations);
    expect(options(advice)).toEqual(expected);
  });
});

describe('CAR-7 what is not known is said, and nothing is made up for it', () => {
  const both = OVER.map(([data, , extra, bill]): Told => [data, [1000, 1200], extra, bill]);
  const noFee = OVER.map(([data, voice, , bill]): Told => [data, voice, null, bill]);

  it.each<[string, LineMonths, Offer[], string[], string[]]>([
    ['one month is too few', line(OVER.slice(0, 1)), CATALOGUE, ['too_few_months'], []],
    ['two months do', line(OVER.slice(1)), [P199, D20], [], ['data-pack D20 229.00 -14.85 -178.20']],
    [
      'without a bill no offer is worked out',
      line(OVER.map(([data, voice, extra]): Told => [data, voice, extra, null])),
      CATALOGUE,
      ['bills_missing'],
      [],
    ],
    ['coaching needs no bill', line(LOW.map(([data, voice, extra]): Told => [data, voice, extra, null])), CATALOGUE, ['bills_missing'], ['coaching']],
    [
      'a month without a bill is left out of the sums',
      line([[[50, 65.2], CALM, 45.6, null], ...OVER.slice(1)]),
      [P199, D20],
      [],
      ['data-pack D20 229.00 -14.85 -178.20'],
    ],
    [
      'a package the catalogue does not know is priced by the bills: the least paid beside the fee beyond it',
      line([...OVER.slice(0, 2), [[50, 62.4], CALM, 37.2, 256.2]], '老套餐'),
      [P239],
      ['package_unknown'],
      ['upgrade P239 245.67 -5.10 -61.20'],
    ],
    ['the package may be told by its code', line(OVER, ' P199 '), [P199, P239], [], ['upgrade P239 239.00 -5.10 -61.20']],
    [
      'one that is no longer sold is known all the same',
      line(OVER),
      [{ ...P199, validUntil: '2024-12-31' }, P239],
      [],
      ['upgrade P239 239.00 -5.10 -61.20'],
    ],
    ['an offer may exclude a package the catalogue does not know', line(OVER, 'OLD1'), [{ ...D20, excludes: ['OLD1'] }], ['package_unknown'], []],
    ['a line without a package is priced by the bills too', line(OVER, null), [P239], ['package_unknown'], ['upgrade P239 239.00 -5.10 -61.20']],
    [
      'where the fee beyond the package is not known nothing counts as saved',
      line(noFee),
      [P199, D20, P239],
      ['extra_fee_unknown'],
      ['data-pack D20 274.10 +30.00 +360.00 costs more', 'upgrade P239 284.10 +40.00 +480.00 costs more'],
    ],
    ['and no package is compared whose price cannot be told', line(noFee, '老套餐'), [P239], ['package_unknown', 'extra_fee_unknown'], []],
    [
      'data and voice beyond in one month: what mends one of them saves nothing for sure, what mends both saves all',
      line(both),
      [P199, D20, V500, P239],
      ['extra_fee_not_split'],
      ['data-pack D20 274.10 +30.00 +360.00 costs more', 'upgrade P239 239.00 -5.10 -61.20', 'business-pack V500 284.10 +40.00 +480.00 costs more'],
    ],
    [
      'another quota within these months',
      line([[[30, 40], CALM, 30, 159], ...OVER.slice(1)]),
      [P199, D20],
      ['quota_changed'],
      ['data-pack D20 205.67 -9.90 -118.80'],
    ],
  ])('%s', (_case, facts, catalogue, gaps, expected) => {
    const advice = advise(facts, catalogue, TODAY);
    expect(advice.gaps).toEqual(gaps);
    expect(options(advice)).toEqual(expected);
  });
});

describe('CAR-7 the months judged are the newest three whole ones', () => {
  const use = (month: string): UseMonth => ({ month, dataQuotaMb: 1, dataUsedMb: 2, voiceQuotaMin: null, voiceUsedMin: null, extraFeeFen: 0 });
  it.each<[string, string[], string, string[]]>([
    ['the running month is none of them', ['2026-09-01', '2026-10-01', '2026-11-01'], TODAY, ['2026-09-01', '2026-10-01']],
    ['nor is one to come', ['2026-09-01', '2026-10-01', '2027-01-01'], TODAY, ['2026-09-01', '2026-10-01']],
    ['of more the newest, in order', ['2026-10-01', '2026-07-01', '2026-09-01', '2026-08-01'], TODAY, MONTHS],
    [
      'when the newest file is late the ones before it',
      ['2026-06-01', '2026-07-01', '2026-08-01'],
      TODAY,
      ['2026-06-01', '2026-07-01', '2026-08-01'],
    ],
    ['nothing older than half a year', ['2026-03-01', '2026-04-01', '2026-05-01', '2026-06-01'], TODAY, ['2026-05-01', '2026-06-01']],
    ['over the turn of the year', ['2025-11-01', '2025-12-01', '2026-01-01'], '2026-01-02', ['2025-11-01', '2025-12-01']],
  ])('%s', (_case, known, today, judged) => {
    expect(advise({ package: null, uses: known.map(use), bills: [] }, [], today).months).toEqual(judged);
  });
});

describe('CAR-7 the day the data of this month is used up', () => {
  /** 2 GB a day in 92 days. */
  const TWO_A_DAY: Told[] = [
    [[50, 62], CALM, 0, 199],
    [[50, 60], CALM, 0, 199],
    [[50, 62], CALM, 0, 199],
  ];
  const withNow = (told: readonly Told[], quotaGb: number, usedGb: number): LineMonths => {
    const facts = line(told);
    const now = {
      month: '2026-11-01',
      dataQuotaMb: quotaGb * GB,
      dataUsedMb: usedGb * GB,
      voiceQuotaMin: null,
      voiceUsedMin: null,
      extraFeeFen: null,
    };
    return { ...facts, uses: [...facts.uses, now] };
  };
  it.each<[string, LineMonths, string, string | null]>([
    ['25 days at 2 GB a day use 50 GB', line(TWO_A_DAY), '2026-11-03', '2026-11-25'],
    ['it may lie in the past', line(TWO_A_DAY), '2026-11-28', '2026-11-25'],
    ['a calm line does not use it up', line(LOW), TODAY, null],
    ['on the last day of the month it still is', line(TWO_A_DAY.map(([, ...rest]): Told => [[60, 61.4], ...rest])), TODAY, '2026-11-30'],
    ['what this month has used counts as used by today: 10 GB are left for 5 days', withNow(TWO_A_DAY, 50, 40), '2026-11-10', '2026-11-14'],
    ['too much is left for this month', withNow(TWO_A_DAY, 50, 5), '2026-11-24', null],
    ['already beyond: not later than today', withNow(TWO_A_DAY, 50, 51), '2026-11-10', '2026-11-10'],
    ['already beyond for a while', withNow(TWO_A_DAY, 50, 60), '2026-11-28', '2026-11-25'],
    ['used up to the last', withNow(TWO_A_DAY, 50, 50), '2026-11-28', '2026-11-25'],
    ['the quota of this month wins', withNow(TWO_A_DAY, 100, 40), '2026-11-10', null],
    ['nothing used, nothing used up', line(LOW.map(([, ...rest]): Told => [[50, 0], ...rest])), TODAY, null],
    ['no quota known', line(LOW.map(([, ...rest]): Told => [[null, 60], ...rest])), TODAY, null],
  ])('%s', (_case, facts, today, day) => {
    expect(advise(facts, [], today).dataUsedUpOn).toBe(day);
  });
});

describe('CAR-7 the threshold of underuse is a setting', () => {
  it('a line that uses 40 per cent underuses at 50', () => {
    const facts = line(LOW.map(([, ...rest]): Told => [[50, 20], ...rest]));
    expect(advise(facts, [], TODAY).situations).toEqual([]);
    expect(advise(facts, [], TODAY, { underuseShare: 0.5 }).situations).toEqual(['data-underuse']);
  });
});
