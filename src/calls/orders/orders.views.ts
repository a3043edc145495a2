import { type Confirmation, mayAsk } from './confirmation.policy.js';
import { IDENTITY_CHECKS } from './evidence.policy.js';
import type { OrderListForm } from './orders.forms.js';
import type { OrderEvent, OrderItem } from './orders.queries.js';

/** Colour of a confirmation. */
const TONES: Record<Confirmation, string> = { waiting: 'warn', confirmed: 'ok', declined: 'bad', expired: 'bad' };

export interface EvidenceLine {
  piece: 'identity' | 'tariff' | 'start' | 'contract' | 'recording';
  there: boolean;
  /** Not asked of this product. */
  spare: boolean;
}

/** Each piece an order has to show, there or not. */
export function evidenceLines(order: OrderItem): EvidenceLine[] {
  const lines: [EvidenceLine['piece'], boolean][] = [
    ['identity', order.identityCheck !== null],
    ['tariff', order.tariffRead],
    ['start', order.startRead],
    ['contract', order.contractRead],
    ['recording', order.recordingRef !== null],
  ];
  return lines.map(([piece, there]) => ({ piece, there, spare: piece === 'contract' && !there && !order.needsContract }));
}

/** What can be done to an order by this role. */
export function orderDeeds(order: OrderItem, role: string): Record<string, unknown> {
  const leads = role !== 'manager';
  const unconfirmed = order.confirmation !== null && order.confirmation !== 'confirmed';
  const closable = leads && order.state !== 'succeeded';
  return {
    closable,
    closeStates: [
      ...(unconfirmed || !order.complete ? [] : ['succeeded']),
      ...(order.state === 'expired' || order.state === 'failed' ? [] : ['failed']),
    ],
    askable: mayAsk(order),
    confirmable: leads && order.confirmation !== null && (unconfirmed || order.needsReview),
    incomplete: !order.complete || order.recordingRef === null,
  };
}

export const orderRow = (order: OrderItem): Record<string, unknown> => ({ ...order, tone: order.confirmation && TONES[order.confirmation] });

/** What an added piece of evidence is called. */
const PIECES: Record<string, string> = {
  product: 'orders.product',
  identity: 'orders.identity',
  tariffRead: 'orders.tariff',
  startRead: 'orders.start',
  contractRead: 'orders.contract',
  recordingRef: 'orders.recording',
};

export const historyView = (events: readonly OrderEvent[]): object[] =>
  events.map((event) => ({ ...event, pieces: event.kind === 'evidence' ? Object.keys(event.detail).flatMap((name) => PIECES[name] ?? []) : [] }));

/** The words a person has to judge: the latest that were not plain. */
export const lastReply = (events: readonly OrderEvent[]): string | undefined =>
  events.findLast(({ kind }) => kind === 'reply_unclear')?.detail.text ?? undefined;

/** The page of one order. */
export const orderView = (order: OrderItem, role: string): Record<string, unknown> => ({
  order: orderRow(order),
  lines: evidenceLines(order),
  checks: IDENTITY_CHECKS,
  ...orderDeeds(order, role),
});

/** The filter as an address. */
export const filterOf = ({ state, campaign, manager, olderDays, confirmation, lacks }: OrderListForm): Record<string, string | undefined> => ({
  state,
  campaign,
  manager,
  olderDays: olderDays?.toString(),
  confirmation,
  lacks,
});

/** The boxes to narrow a list with; what an address asks for and has no order stays chosen, by its code. */
export function chosenAmong(choices: readonly { code: string; name: string }[], chosen: string | undefined): { code: string; name: string }[] {
  const known = chosen === undefined || choices.some(({ code }) => code === chosen);
  return known ? [...choices] : [{ code: chosen, name: chosen }, ...choices];
}
