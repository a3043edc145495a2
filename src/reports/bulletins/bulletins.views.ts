import type { Bulletin, Delivery, DeliveryState } from './bulletins.types.js';

const CHIPS: Readonly<Record<DeliveryState, string>> = { waiting: 'info', sending: 'info', sent: 'ok', failed: 'bad', doubtful: 'warn', skipped: '' };

/** What was sent, as people read it; undefined for a body that is none of ours. */
function words(body: string | null): string | undefined {
  if (body === null) return undefined;
  const { markdown, text } = JSON.parse(body) as { markdown?: { content: string }; text?: string };
  return markdown ? markdown.content.replace(/<\/?font[^>]*>|\*\*/g, '') : text;
}

export const deliveryView = (delivery: Delivery) => ({
  ...delivery,
  chip: CHIPS[delivery.state],
  wecomCode: /^wecom_(-?\d+)$/.exec(delivery.reason ?? '')?.[1],
  words: words(delivery.body),
});

export const bulletinView = (bulletin: Bulletin) => ({
  ...bulletin,
  href: `/reports/bulletins/${bulletin.id}`,
  timesText: bulletin.times.join(' '),
  chip: bulletin.lastState ? CHIPS[bulletin.lastState] : '',
});
