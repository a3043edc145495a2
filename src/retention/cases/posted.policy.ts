import { parseFen } from '../../kernel/money.js';

type Posted = Readonly<Record<string, string | undefined>>;

/** What a form of a case posts, as the API takes it: day and time of the next call are two boxes. */
export function stepFields(body: Posted): Record<string, string | undefined> {
  const { deed, reason, direction, note, to, on, time } = body;
  const said = { deed, reason, direction, note };
  if (deed !== 'call') return said;
  return on && time ? { ...said, to, at: `${on}T${time}:00+08:00` } : { ...said, to, on };
}

/** Costs are typed in yuan; what is no amount goes on as it is and is refused at its box. */
export function measureFields({ kind, offer, cost, measureNote }: Posted): Record<string, string | undefined> {
  if (offer) return { kind: 'offer', offer };
  const said = { kind, note: measureNote };
  if (cost === undefined || cost === '') return said;
  const fen = parseFen(cost);
  return { ...said, costFen: fen === null ? cost : String(fen) };
}

/** The one form beside a call has a button for each deed: `note`, `call`, `offer:FEE20`, `accept:12`. */
export function pressed(body: Posted): { deed: string; about: string } {
  const [deed = '', about = ''] = (body.do ?? 'note').split(':');
  return { deed, about };
}
