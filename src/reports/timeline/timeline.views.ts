import { addDays, dayOf } from '../../kernel/day.js';
import type { ChannelCount, TimelineRow } from './timeline.types.js';

const ICONS: Record<string, string> = {
  call: 'phone-outgoing',
  inbound: 'phone-incoming',
  sms: 'message',
  wecom: 'brand-wechat',
  qq: 'brand-qq',
  weibo: 'brand-weibo',
  visit: 'map-pin',
  event: 'calendar-event',
  ticket: 'ticket',
  promise: 'checklist',
};
const KIND_ICONS: Partial<Record<TimelineRow['kind'], string>> = { refusal: 'ban', reply: 'message-reply', replanned: 'calendar-repeat' };
/** The colour of the icon: words, pictures, people; grey for what did not take place. */
const LOOKS: Record<string, string> = { sms: 'sms', wecom: 'wx', qq: 'wx', weibo: 'wx', visit: 'ev', event: 'ev' };

const MESSAGE_TONES: Record<string, string> = { delivered: 'ok', failed: 'bad', expired: 'warn', inDoubt: 'warn', refused: 'warn' };
const REPLY_TONES: Record<string, string> = { opt_out: 'warn', consent: 'ok', expected: 'ok' };

export interface TimelineItem extends TimelineRow {
  icon: string;
  look: string;
  chip: string;
  /** A state that has a word of its own in the data; the others have one in the catalogue. */
  label: string | null;
}

export interface TimelineDay {
  day: string;
  /** Today or yesterday, which have a word of their own. */
  recent: boolean;
  items: TimelineItem[];
}

const chipOf = ({ kind, state, tone }: TimelineRow): string =>
  kind === 'message' ? (MESSAGE_TONES[state] ?? '') : kind === 'reply' ? (REPLY_TONES[state] ?? '') : kind === 'refusal' ? 'warn' : (tone ?? '');

const item = (row: TimelineRow, locale: string): TimelineItem => ({
  ...row,
  icon: KIND_ICONS[row.kind] ?? ICONS[row.channel] ?? 'phone',
  look: row.kind === 'refusal' || row.kind === 'replanned' ? 'sys' : (LOOKS[row.channel] ?? ''),
  chip: chipOf(row),
  label: locale === 'zh' ? row.stateZh : row.stateEn,
});

/** Newest first, a heading a day. */
export function byDay(rows: readonly TimelineRow[], locale: string, now: Date): TimelineDay[] {
  const days: TimelineDay[] = [];
  const yesterday = addDays(dayOf(now), -1);
  for (const row of rows) {
    const day = dayOf(row.at);
    if (days[days.length - 1]?.day !== day) days.push({ day, recent: day >= yesterday, items: [] });
    days[days.length - 1]?.items.push(item(row, locale));
  }
  return days;
}

export interface ChannelPill extends Partial<ChannelCount> {
  count: number;
  current: boolean;
  /** `?channel=sms`, or nothing for all of them. */
  query: string;
}

/** All of it, then each channel there is something of; the asked one also when there is nothing. */
export function channelPills(counts: readonly ChannelCount[], asked: string | undefined): ChannelPill[] {
  const all = { count: counts.reduce((sum, { count }) => sum + count, 0), current: asked === undefined, query: '' };
  const known = asked === undefined || counts.some(({ channel }) => channel === asked) ? counts : [...counts, { channel: asked, count: 0 }];
  return [all, ...known.map(({ channel, count }) => ({ channel, count, current: channel === asked, query: `?channel=${channel}` }))];
}
