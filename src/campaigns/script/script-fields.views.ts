import type { CallCard, Tier } from '../../customers/customers.types.js';
import type { Day } from '../../kernel/day.js';
import { formatFen } from '../../kernel/money.js';
import type { ScriptFields } from './script.types.js';

export interface ScriptContext {
  /** Who calls: the staff number is said in the opening. */
  agent: { name: string; no: string };
  today: Day;
  /** The segment's own columns for this customer. */
  attributes?: Record<string, unknown> | null;
}

/** Said to customers, hence in Chinese whatever the page's language. */
const TIERS: Record<Tier, string> = { diamond: '钻石卡', gold: '金卡', silver: '银卡', member: '会员', ordinary: '' };

const spokenDay = (day: Day | null | undefined): string | null => (day ? `${Number(day.slice(5, 7))}月${Number(day.slice(8))}日` : null);

/** What a script may fill in for one customer, as it is said. A segment's column never hides a field of the product. */
export function scriptFields(card: CallCard, context: ScriptContext): ScriptFields {
  const own = Object.entries(context.attributes ?? {}).map(([column, value]) => [
    column,
    value === null || value === undefined ? null : String(value as string | number),
  ]);
  return {
    ...(Object.fromEntries(own) as ScriptFields),
    name: card.name,
    honorific: card.name ? card.honorific : null,
    surname: card.surname,
    starLevel: card.starLevel > 0 ? String(card.starLevel) : null,
    tier: card.tier ? TIERS[card.tier] : null,
    city: card.city,
    district: card.district,
    package: card.line.package,
    arpu: card.line.arpuFen === null ? null : formatFen(card.line.arpuFen, true),
    joinedOn: card.joinedOn ? `${card.joinedOn.slice(0, 4)}年` : null,
    birthday: spokenDay(card.birthday?.nextOn),
    'manager.name': card.manager?.name,
    'manager.no': card.manager?.agentNo,
    'agent.name': context.agent.name,
    'agent.no': context.agent.no,
    today: spokenDay(context.today),
  };
}
