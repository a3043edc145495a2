import { parseFen } from '../../kernel/money.js';

type Posted = Readonly<Record<string, string | undefined>>;

/** What a form of a case posts, as the API takes it: day and time of the next call are two boxes. */
export function stepFields(body: Posted): Record<string, string | undefined> {
  const { on, time, ...rest } = body;
  if (rest.deed !== 'call') return rest;
  return on && time ? { ...rest, at: `${on}T${time}:00+08:00` } : { ...rest, on };
}

/** Costs are typed in yuan; what is no amount goes on as it is and is refused at its box. */
export function measureFields({ cost, ...rest }: Posted): Record<string, string | undefined> {
  if (cost === undefined || cost === '') return rest;
  const fen = parseFen(cost);
  return { ...rest, costFen: fen === null ? cost : String(fen) };
}

/** The one form beside a call has a button for each deed: `note`, `call`, `offer:FEE20`, `accept:12`. */
export function pressed(body: Posted): { deed: string; about: string } {
  const [deed = '', about = ''] = (body.do ?? 'note').split(':');
  return { deed, about };
}
