import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { dayOf } from '../../kernel/day.js';
import { DomainError } from '../../kernel/errors.js';
import { parsePhone } from '../../kernel/phone.js';
import { Database } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { SegmentsQueries } from '../../segments/segments.queries.js';
import { inScope } from '../../staff/staff.queries.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import type { Preview, PreviewFault, PreviewItem } from '../messaging.types.js';
import { MessageValues } from '../wording/optional-values.types.js';
import { type CardRow, cardColumns, cardJoins } from '../wording/recipient-values.js';
import { bodyError, type MakerWording, messageMaker, readBody, unknownVariables } from '../wording/wording.js';

export interface PreviewAsk {
  wording: MakerWording & { purpose: string };
  segment: { id: string } | null;
  /** E.164 */
  numbers: readonly string[];
}

/** The same message maker as the sending uses, on real customers: what is shown is what would be sent (SMS-2). */
@Injectable()
export class PreviewQueries {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly segments: SegmentsQueries,
    private readonly values: MessageValues,
  ) {}

  async preview(user: CurrentUser, ask: PreviewAsk): Promise<Preview> {
    const cards = await this.cards(user, ask);
    const faults = new Faults();
    for (const number of ask.numbers) if (!cards.has(number)) faults.add('customer_unknown', null, number);
    const unknown = await this.unknownVariables(ask);
    if (unknown.length > 0) {
      for (const variable of unknown) for (const number of cards.keys()) faults.add('template_variable_unknown', variable, number);
      return { items: [], faults: faults.list() };
    }
    const maker = messageMaker(ask.wording);
    const values = await this.values.prepare(maker.variables, [...cards.values()], { now: this.clock.now(), on: this.database });
    const items: PreviewItem[] = [];
    for (const [number, card] of cards) {
      const made = maker.make(values(card));
      if ('fault' in made) {
        for (const variable of made.variables.length > 0 ? made.variables : [null]) faults.add(made.fault, variable, number);
      } else items.push({ phone: number, customerId: card.customerId, name: card.name, starLevel: card.starLevel, ...made });
    }
    return { items, faults: faults.list() };
  }

  /** The texts of {@link samples}. */
  async sampled(user: CurrentUser, ask: Omit<PreviewAsk, 'numbers'>): Promise<Preview> {
    return this.preview(user, { ...ask, numbers: await this.samples(user, ask.segment?.id ?? null) });
  }

  /** Three who show the span: the longest name, the shortest, and somebody in between; of the segment where there is one. */
  async samples(user: CurrentUser, segmentId: string | null): Promise<string[]> {
    const at = { orgPath: user.orgPath, today: dayOf(this.clock.now()) };
    const source = segmentId
      ? sql`(select line_id from (${await this.segments.membersSql(segmentId, at)}) x order by line_id limit 2000) m join customers.v_line l on l.id = m.line_id`
      : sql`(select id as line_id from customers.v_line order by id limit 2000) m join customers.v_line l on l.id = m.line_id`;
    const rows = await this.database.rows<{ number: string }>(sql`
      with known as (
        select l.number, row_number() over (order by length(c.name) desc, l.id) as place, count(*) over () as total from ${source}
        join customers.v_customer c on c.id = l.customer_id join staff.v_org_unit o on o.id = c.org_unit_id
        where c.name is not null and ${inScope(user, sql`o.path`)}
      )
      select number from known where place in (1, (total + 1) / 2, total) order by place`);
    return rows.map(({ number }) => number);
  }

  private async cards(user: CurrentUser, ask: PreviewAsk): Promise<Map<string, CardRow>> {
    const rows = await this.database.rows<CardRow>(sql`
      select ${cardColumns(ask.wording.purpose)} from unnest(${ask.numbers}::text[]) with ordinality as n(number, place)
      join customers.v_line x on x.number = n.number
      ${cardJoins(sql`x.id`, ask.segment?.id ?? null)}
      join staff.v_org_unit o on o.id = c.org_unit_id
      where ${inScope(user, sql`o.path`)} order by n.place`);
    return new Map(rows.map((row) => [row.number, row]));
  }

  private async unknownVariables(ask: PreviewAsk): Promise<string[]> {
    const read = readBody(ask.wording.body);
    if ('fault' in read) throw bodyError(read.fault);
    return unknownVariables(read.variables, ask.segment ? await this.segments.columnsOf(ask.segment.id) : []);
  }
}

/** @throws DomainError sms_phone_invalid naming the spelling that is none */
export function numbersOf(phones: readonly string[]): string[] {
  return phones.map((phone) => {
    const parsed = parsePhone(phone);
    if ('fault' in parsed) throw new DomainError('sms_phone_invalid', { param: 'phones', params: { phone } });
    return parsed.number;
  });
}

/** One entry a fault and variable, with everybody it concerns. */
class Faults {
  private readonly byKey = new Map<string, PreviewFault>();

  add(code: PreviewFault['code'], variable: string | null, phone: string): void {
    const key = `${code}:${variable ?? ''}`;
    const fault = this.byKey.get(key) ?? { code, variable, phones: [] };
    this.byKey.set(key, fault);
    fault.phones.push(phone);
  }

  list(): PreviewFault[] {
    return [...this.byKey.values()];
  }
}
