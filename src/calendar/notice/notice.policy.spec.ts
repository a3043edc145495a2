import { yearTable } from '../year.policy.js';
import { readNotice } from './notice.policy.js';

const NOTICE_2026 = `国务院办公厅关于2026年部分节假日安排的通知
经国务院批准，现将2026年元旦、春节、清明节、劳动节、端午节、中秋节和国庆节放假调休日期的具体安排通知如下。
一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。
节假日期间，各地区、各部门要妥善安排好值班和安全、保卫、疫情防控等工作，遇有重大突发事件，要按规定及时报告并妥善处置，确保人民群众祥和平安度过节日假期。
国务院办公厅
2025年11月4日`;

const NOTICE_2025 = `一、元旦：1月1日（周三）放假1天，不调休。
二、春节：1月28日（农历除夕、周二）至2月4日（农历正月初七、周二）放假调休，共8天。1月26日（周日）、2月8日（周六）上班。
三、清明节：4月4日（周五）至6日（周日）放假，共3天。
四、劳动节：5月1日（周四）至5日（周一）放假调休，共5天。4月27日（周日）上班。
五、端午节：5月31日（周六）至6月2日（周一）放假，共3天。
六、国庆节、中秋节：10月1日（周三）至8日（周三）放假调休，共8天。9月28日（周日）、10月11日（周六）上班。`;

const NOTICE_2024 = `一、元旦：1月1日放假，与周末连休。
二、春节：2月10日至17日放假调休，共8天。2月4日（星期日）、2月18日（星期日）上班。鼓励各单位结合带薪年休假等制度落实，安排职工在除夕（2月9日）休息。
三、清明节：4月4日至6日放假调休，共3天。4月7日（星期日）上班。
四、劳动节：5月1日至5日放假调休，共5天。4月28日（星期日）、5月11日（星期六）上班。
五、端午节：6月10日放假，与周末连休。
六、中秋节：9月15日至17日放假调休，共3天。9月14日（星期六）上班。
七、国庆节：10月1日至7日放假调休，共7天。9月29日（星期日）、10月12日（星期六）上班。`;

const workingDays = (year: number, notice?: Parameters<typeof yearTable>[1]): string[] =>
  yearTable(year, notice)
    .days.filter((one) => one.working)
    .map((one) => one.day);

const asTable = (text: string, year: number): string =>
  readNotice(text, year)
    .days.map((one) => `${one.day},${one.working ? 'work' : 'off'},${one.name}`)
    .join('\n');

describe('CAR-5 the yearly notice as it is published', () => {
  it.each([
    [2026, NOTICE_2026, 33, 6],
    [2025, NOTICE_2025, 28, 5],
    [2024, NOTICE_2024, 28, 8],
  ])('%s read from its own words gives the calendar that the almanac knows', (year, text, off, work) => {
    const notice = readNotice(text, year);
    expect(notice).toMatchObject({ read: off + work, off, work, duplicate: 0, faulty: 0, faults: [], warnings: [] });
    expect(workingDays(year, new Map(notice.days.map((one) => [one.day, one])))).toEqual(workingDays(year));
  });

  it('all of it on one line is the same notice', () => {
    expect(readNotice(NOTICE_2026.replaceAll('\n', ''), 2026).days).toEqual(readNotice(NOTICE_2026, 2026).days);
  });

  it('a table, its runs of days and JSON say the same', () => {
    const { days } = readNotice(NOTICE_2026, 2026);
    expect(readNotice(asTable(NOTICE_2026, 2026), 2026).days).toEqual(days);
    expect(
      readNotice(`日期;类型;名称\n${asTable(NOTICE_2026, 2026).replaceAll(',', ';').replaceAll('off', '休').replaceAll('work', '班')}`, 2026).days,
    ).toEqual(days);
    expect(readNotice(JSON.stringify({ year: 2026, days }), 2026).days).toEqual(days);
    expect(readNotice('2026年2月15日至23日 休 春节\n2026/2/14 班 春节\n20260228 上班 春节', 2026)).toMatchObject({ off: 9, work: 2, faults: [] });
  });

  it('a year of which the first days belong to the year before says which lines do not belong here', () => {
    const notice = readNotice('一、元旦：2022年12月31日至2023年1月2日放假调休，共3天。', 2023);
    expect(notice).toMatchObject({ read: 3, off: 2, faulty: 1, faults: [{ line: 1, value: '2022-12-31', code: 'year', params: { year: '2023' } }] });
  });
});

describe('CAR-5 a notice with faults', () => {
  it.each<[what: string, text: string, code: string, line: number]>([
    ['a day there is not', '2027-02-30,off,春节', 'day', 1],
    ['no day at all', '2027-01-01,off,元旦\n春节,off,春节', 'day', 2],
    ['a run the wrong way round', '2027-02-11~2027-02-05,off,春节', 'range', 1],
    ['a run as long as a month', '2027-02-01~2027-02-28,off,春节', 'range', 1],
    ['neither off nor work', '2027-01-01,调休,元旦', 'state', 1],
    ['another year', '2028-01-01,off,元旦', 'year', 1],
    ['off and at work', '2027-02-06,off,春节\n2027-02-06,work,春节', 'contradiction', 2],
    ['a make-up day on a Monday', '2027-02-15,work,春节', 'on_weekday', 1],
    ['another weekday than the day has', '日期,类型,名称,星期\n2027-01-01,off,元旦,周四', 'weekday', 2],
    ['a weekday left out beside others', 'day,state,name,weekday\n2027-01-01,off,元旦,周五\n2027-02-06,off,春节,', 'weekday_missing', 3],
    ['another number of days than it says', '一、元旦：1月1日（周五）至3日（周日）放假，共4天。', 'count', 1],
    ['another weekday in the words of the notice', '一、元旦：1月1日（周四）至3日（周日）放假，共3天。', 'weekday', 1],
    ['nothing', '# 2027', 'nothing', 1],
    ['broken JSON', '[{"day": "2027-01-01"', 'nothing', 1],
    ['JSON without a state', '[{"day":"2027-01-01","state":"off"},{"day":"2027-02-06"}]', 'state', 2],
  ])('%s is told by line', (_what, text, code, line) => {
    expect(readNotice(text, 2027).faults).toMatchObject([{ code, line }]);
  });

  it('counts every statement once: read = off + work + duplicate + faulty', () => {
    const text = ['2027-01-01 off 元旦', '2027-01-01 off 元旦', '2027-02-14 work 春节', '2027-02-15 work 春节', '昨天 off 春节', '', '# end'].join(
      '\n',
    );
    expect(readNotice(text, 2027)).toMatchObject({ read: 5, off: 1, work: 1, duplicate: 1, faulty: 2 });
  });
});

describe('CAR-5 a notice worth a second look', () => {
  it('names the statutory days it leaves out, and says when no weekend is worked', () => {
    const { warnings, faults } = readNotice('2027-01-01~2027-01-03 off 元旦\n2027-02-05~2027-02-11 off 春节', 2027);
    expect(faults).toEqual([]);
    expect(warnings.map(({ code, params }) => `${code} ${params.day ?? ''}`)).toEqual([
      'statutory 2027-04-05',
      'statutory 2027-05-01',
      'statutory 2027-05-02',
      'statutory 2027-06-09',
      'statutory 2027-09-15',
      'statutory 2027-10-01',
      'statutory 2027-10-02',
      'statutory 2027-10-03',
      'no_makeup ',
    ]);
  });

  it('what the law says stands, named or not', () => {
    const table = yearTable(2027, new Map([['2027-02-14', { working: true, name: '春节' }]]));
    expect(table.published).toBe(true);
    expect(table.days.find((one) => one.day === '2027-10-01')).toMatchObject({ working: false, kind: 'holiday', name: '国庆节' });
    expect(table.days.find((one) => one.day === '2027-02-14')).toMatchObject({ working: true, kind: 'makeup', name: '春节' });
  });
});
