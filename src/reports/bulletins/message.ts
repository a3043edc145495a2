import type { Words } from '../../exports/exports.types.js';
import { ENOUGH } from '../../kernel/statistics.js';
import { dayText, rateText, timeText } from '../../platform/views/formats.js';
import type { BulletinContent, BulletinLine } from './bulletins.types.js';

/** A markdown message of a WeCom group robot holds 4,096 bytes of UTF-8 (developer.work.weixin.qq.com, document 99110). */
export const WECOM_BYTES = 4096;

/** A name cannot become a link, a mention or a colour in somebody's group: what markdown reads is written in full width. */
const FULL_WIDTH: Record<string, string> = {
  '<': '＜',
  '>': '＞',
  '[': '［',
  ']': '］',
  '(': '（',
  ')': '）',
  '*': '＊',
  _: '＿',
  '`': '｀',
  '#': '＃',
  '@': '＠',
  '|': '｜',
  '&': '＆',
};
export const safeName = (name: string): string =>
  name
    .replace(/[<>[\]()*_`#@|&]/g, (sign) => FULL_WIDTH[sign] ?? '')
    .replace(/\s+/g, ' ')
    .slice(0, 40);

type T = Words['t'];

/** A rate in words: with the mark where there are too few calls below it. */
function rateWords(t: T, rate: number | null, of: number): string {
  if (rate === null) return '—';
  return of < ENOUGH ? t('bulletins.rate_few', { rate: rateText(rate) }) : rateText(rate);
}

function headOf({ unit, day, time, late, asOf }: BulletinContent, t: T): string[] {
  const title =
    time === null ? t('bulletins.text.test', { unit: safeName(unit) }) : t('bulletins.text.title', { unit: safeName(unit), day: dayText(day), time });
  return late ? [title, t('bulletins.text.late', { time: timeText(asOf) })] : [title];
}

function totalLines({ total, callbacks }: BulletinContent, t: T): string[] {
  return [
    t('bulletins.text.calls', { attempts: total.attempts, connected: total.connected, rate: rateWords(t, total.connectRate, total.attempts) }),
    t('bulletins.text.sales', { converted: total.converted, rate: rateWords(t, total.conversionRate, total.connected) }),
    t('bulletins.text.callbacks', callbacks),
  ];
}

const lineWords = (t: T, { name, attempts, connected, connectRate, converted }: BulletinLine): string =>
  t('bulletins.text.line', { name: safeName(name), attempts, connected, rate: rateWords(t, connectRate, attempts), converted });

/** As plain text, whole. */
export function textOf(content: BulletinContent, t: T): string {
  const lines = content.lines.map((line) => lineWords(t, line));
  return [...headOf(content, t), ...totalLines(content, t), '', ...lines, '', t('bulletins.text.asOf', { time: timeText(content.asOf) })].join('\n');
}

/** As the markdown of a WeCom robot: 4,096 bytes at most; managers that do not fit are counted, never cut in half. */
export function markdownOf(content: BulletinContent, t: T): string {
  const [title = '', ...more] = headOf(content, t);
  const head = [`**${title}**`, ...more.map((line) => `<font color="warning">${line}</font>`), ...totalLines(content, t)];
  const foot = `<font color="comment">${t('bulletins.text.asOf', { time: timeText(content.asOf) })}</font>`;
  const lines = content.lines.map((line) => `> ${lineWords(t, line)}`);
  const whole = (shown: number): string => {
    const left = lines.length - shown;
    return [...head, ...lines.slice(0, shown), ...(left > 0 ? [t('bulletins.text.rest', { count: left })] : []), foot].join('\n');
  };
  const all = whole(lines.length);
  return Buffer.byteLength(all) <= WECOM_BYTES ? all : whole(fitting(lines, WECOM_BYTES - Buffer.byteLength(whole(0))));
}

/** How many lines, each with its break, fit into so many bytes. */
function fitting(lines: readonly string[], bytes: number): number {
  let [left, shown] = [bytes, 0];
  for (const line of lines) {
    left -= Buffer.byteLength(line) + 1;
    if (left < 0) break;
    shown += 1;
  }
  return shown;
}

/** The body of a delivery, as it is sent. @param id tells a repetition from a new one */
export function bodyOf(kind: 'wecom' | 'json', content: BulletinContent, { id, t }: { id: string; t: T }): string {
  if (kind === 'wecom') return JSON.stringify({ msgtype: 'markdown', markdown: { content: markdownOf(content, t) } });
  const columns = ['name', 'attempts', 'connected', 'connectRate', 'converted', 'conversionRate'] as const;
  const { lines, asOf, ...figures } = content;
  return JSON.stringify({
    id,
    type: 'bulletin',
    ...figures,
    asOf: asOf.toISOString(),
    text: textOf(content, t),
    table: {
      columns,
      titles: columns.map((name) => (name === 'name' ? t(`reports.cut.${content.by}`) : t(`metric.${name}`))),
      rows: lines.map((line) => columns.map((name) => line[name])),
    },
  });
}
