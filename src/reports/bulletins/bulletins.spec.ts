import type { Words } from '../../exports/exports.types.js';
import { Catalogue } from '../../platform/i18n/catalogue.js';
import { outcomeOf, outcomeOfFault, waitSeconds } from './answer.policy.js';
import type { BulletinContent } from './bulletins.types.js';
import { bodyOf, markdownOf, safeName, textOf, WECOM_BYTES } from './message.js';
import { slotsDue, slotVerdict } from './slots.policy.js';

const at = (time: string): Date => new Date(`2026-11-24T${time}:00+08:00`);

describe('REP-5 when a bulletin is due', () => {
  const ask = (now: string, since: string) => slotsDue(['12:00', '18:00'], { today: '2026-11-24', now: at(now), since: at(since) });

  it.each([
    ['11:59', '08:00', []],
    ['12:00', '08:00', ['12:00']],
    ['18:30', '08:00', ['12:00', '18:00']],
    ['18:30', '12:00', ['18:00']], // switched on at twelve: that one has gone by
    ['18:30', '14:00', ['18:00']],
  ])('at %s, on since %s: %j', (now, since, due) => expect(ask(now, since)).toEqual(due.map(at)));

  it.each([
    ['12:00', false, { send: true, late: false }],
    ['12:05', false, { send: true, late: false }],
    ['12:06', false, { send: true, late: true }],
    ['14:00', false, { send: true, late: true }],
    ['14:01', false, { send: false, reason: 'too_late' }],
    ['12:00', true, { send: false, reason: 'day_off' }],
  ])('the noon bulletin seen at %s, idle %s: %j', (now, idle, verdict) => expect(slotVerdict(at('12:00'), { now: at(now), idle })).toEqual(verdict));
});

describe('REP-5 what became of a delivery', () => {
  it.each([
    ['json', 200, '', 'sent', undefined],
    ['json', 204, '', 'sent', undefined],
    ['wecom', 200, '{"errcode":0,"errmsg":"ok"}', 'sent', undefined],
    ['wecom', 200, '{"errcode":93000,"errmsg":"invalid webhook url"}', 'failed', 'wecom_93000'],
    ['wecom', 200, '{"errcode":45009,"errmsg":"api freq out of limit"}', 'again', 'wecom_45009'],
    ['wecom', 200, '{"errcode":-1}', 'again', 'wecom_-1'],
    ['wecom', 200, '<html>login</html>', 'failed', 'not_a_robot'],
    ['json', 302, '', 'failed', 'redirected'],
    ['json', 400, '', 'failed', 'refused'],
    ['json', 401, '', 'failed', 'refused'],
    ['json', 408, '', 'again', 'refused_for_now'],
    ['json', 429, '', 'again', 'refused_for_now'],
    ['wecom', 503, '', 'again', 'refused_for_now'],
  ] as const)('%s, %i %s: %s %s', (kind, status, text, state, reason) => {
    expect(outcomeOf(kind, { status, text })).toMatchObject({ state, status, ...(reason ? { reason } : {}) });
  });

  it.each([
    ['wecom', 'connection_failed', false, 'again'],
    ['wecom', 'timed_out', false, 'again'],
    ['wecom', 'timed_out', true, 'doubtful'],
    ['wecom', 'answer_lost', true, 'doubtful'],
    ['json', 'timed_out', true, 'again'],
    ['json', 'host_unknown', false, 'again'],
    ['json', 'address_private', false, 'failed'],
    ['wecom', 'url_not_https', false, 'failed'],
    ['wecom', 'answer_too_long', true, 'failed'],
  ] as const)('%s without an answer, %s, sent %s: %s', (kind, fault, sent, state) => {
    expect(outcomeOfFault(kind, { fault, sent })).toMatchObject({ state, reason: fault });
  });

  it('waits half a minute, then doubles', () => expect([1, 2, 3, 4].map(waitSeconds)).toEqual([30, 60, 120, 240]));
});

describe('REP-5 what a bulletin says', () => {
  const texts = Catalogue.load('templates/locales');
  const t: Words['t'] = (key, params) => texts.t('zh', key, params);
  const line = (n: number) => ({ key: `m${n}`, name: `经理${n}`, attempts: 40, connected: 20, connectRate: 0.5, converted: 1, conversionRate: 0.05 });
  const content = (lines: number, more: Partial<BulletinContent> = {}): BulletinContent => ({
    unit: '东一组',
    day: '2026-11-24',
    time: '12:00',
    asOf: at('12:00'),
    late: false,
    total: { attempts: 80, connected: 40, converted: 2, connectRate: 0.5, conversionRate: 0.05 },
    callbacks: { promised: 3, kept: 2, open: 1 },
    by: 'manager',
    lines: Array.from({ length: lines }, (_, n) => line(n)),
    ...more,
  });

  it('in text: head, sums, promises, a line a manager', () => {
    expect(textOf(content(1), t)).toBe(
      '东一组 2026-11-24 12:00战报\n外呼80，接通40，接通率50.0%\n成交2，转化率5.0%\n约定回拨3，守约2，逾期未拨1\n\n经理0：外呼40，接通20（50.0%），成交1\n\n数据截至12:00，与系统报表同一口径',
    );
  });

  it('marks what is late, what is a test, and rates of too few calls', () => {
    const few = { attempts: 5, connected: 0, converted: 0, connectRate: 0, conversionRate: null };
    const text = textOf(content(0, { late: true, asOf: at('13:10'), total: few }), t);
    expect(text).toContain('补发：系统当时没有运行，数据截至13:10');
    expect(text).toContain('接通率0.0%，样本太少');
    expect(text).toContain('转化率—');
    expect(textOf(content(0, { time: null }), t)).toContain('东一组战报（测试）');
  });

  it.each([0, 1, 12, 200, 2000])('in markdown: %i managers stay within 4,096 bytes, and those left out are counted', (count) => {
    const markdown = markdownOf(content(count), t);
    expect(Buffer.byteLength(markdown)).toBeLessThanOrEqual(WECOM_BYTES);
    const shown = (markdown.match(/^> /gm) ?? []).length;
    const left = Number(/另有([\d,]+)行/.exec(markdown)?.[1]?.replace(',', '') ?? 0);
    expect(shown + left).toBe(count);
    expect(markdown).toMatch(/数据截至12:00/);
  });

  it('lets no name become a link, a mention or a colour', () => {
    expect(safeName('<@all> [点我](http://x) **a** `b`|_c_')).not.toMatch(/[<>[\]()*`|_@]/);
    const evil = markdownOf(content(0, { lines: [{ ...line(1), name: '<@all>\n# [x](http://evil.cn)' }], unit: '*东*' }), t);
    expect(evil).not.toContain('<@all>');
    expect(evil).not.toContain('](http');
    expect(evil.split('\n').filter((row) => row.startsWith('#'))).toEqual([]);
  });

  it('as JSON: id, figures, text and table', () => {
    const body = JSON.parse(bodyOf('json', content(2), { id: 'd1', t })) as { table: { rows: unknown[][]; titles: string[] } };
    expect(body).toMatchObject({ id: 'd1', type: 'bulletin', unit: '东一组', time: '12:00', total: { attempts: 80 }, callbacks: { kept: 2 } });
    expect(body.table.titles).toEqual(['客户经理', '外呼', '接通', '接通率', '成交', '转化率']);
    expect(body.table.rows[0]).toEqual(['经理0', 40, 20, 0.5, 1, 0.05]);
    expect(JSON.parse(bodyOf('wecom', content(1), { id: 'd1', t }))).toMatchObject({ msgtype: 'markdown' });
  });
});
