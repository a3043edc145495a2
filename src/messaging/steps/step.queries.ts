import { Injectable } from '@nestjs/common';
import { AudienceQueries } from '../../campaigns/audience.queries.js';
import { AudienceSets } from '../../campaigns/audience-sets.queries.js';
import { told } from '../../campaigns/experiment/experiment.queries.js';
import { type Campaign, familyOf, type SmsStep } from '../../campaigns/campaigns.types.js';
import { ContactQueries } from '../../contact/contact.queries.js';
import { Clock } from '../../kernel/clock.js';
import { type Day, dayOf } from '../../kernel/day.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { takesLonger } from '../../platform/database/reading.js';
import { rawSql, type Sql, sql } from '../../platform/database/sql.js';
import { inScope } from '../../staff/staff.queries.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { TemplatesQueries } from '../templates/templates.queries.js';
import type { StepCount, StepFigures, StepUplift } from './step.types.js';

export const letterOf = (place: number): string => String.fromCharCode(65 + place);

/** What the SMS step of a campaign would do, and what it did (CAM-1, CAM-10). */
@Injectable()
export class StepQueries {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly audience: AudienceQueries,
    private readonly sets: AudienceSets,
    private readonly templates: TemplatesQueries,
    private readonly contact: ContactQueries,
  ) {}

  /** How many of the audience would get each text on the first day, and who not and why; after a call: at most so many. Nothing is written. */
  async dryRun(campaign: Campaign, step: SmsStep): Promise<StepCount[]> {
    takesLonger();
    const today = dayOf(this.clock.now());
    const day = await this.audience.firstDay(campaign, today);
    const audience = campaign.frozenAt
      ? sql`select customer_id, line_id, excluded from campaigns.v_audience where campaign_id = ${campaign.id}`
      : await this.sets.audienceSql(campaign, day);
    return this.db.tx(async (tx) => {
      // the audience is told apart once, as a table of known size: within the question to the gate it took minutes for a hundred thousand
      await tx.run(sql`
        create temp table step_drawn on commit drop as
        select a.customer_id, a.line_id, l.number, campaigns.sms_variant_of(${step}::jsonb, ${campaign.id}::bigint, a.customer_id) as key
        from (${audience}) a join customers.v_line l on l.id = a.line_id where a.excluded is null`);
      await tx.run(rawSql('analyze step_drawn'));
      const counts: StepCount[] = [];
      for (const [place, { code }] of step.templates.entries()) counts.push(await this.textCount(tx, { campaign, code, place, day }));
      return counts;
    });
  }

  private async textCount(tx: Tx, { campaign, code, place, day }: { campaign: Campaign; code: string; place: number; day: Day }): Promise<StepCount> {
    const { purpose } = await this.templates.inUse({ code });
    const mine = sql`select d.customer_id, d.line_id, d.number from step_drawn d where d.key = ${letterOf(place)}`;
    const ask = { channel: 'sms', purpose, day, campaignId: campaign.id, productFamily: familyOf(campaign) } as const;
    const rows = await tx.rows<{ reason: string | null; people: number }>(
      sql`select p.reason, count(*)::int as people from (${this.contact.plannable(mine, ask)}) p group by 1 order by 2 desc, 1`,
    );
    const people = rows.reduce((sum, row) => sum + row.people, 0);
    const allowed = rows.find(({ reason }) => reason === null)?.people ?? 0;
    const refused = rows.flatMap((row) => (row.reason === null ? [] : [{ reason: row.reason, people: row.people }]));
    return { key: letterOf(place), template: code, purpose, people, allowed, refused };
  }

  /** Numbers of people in the audience to read the texts for: of each star one. */
  async sampleNumbers(campaign: Campaign, most = 3): Promise<string[]> {
    const samples = await this.audience.samples(campaign, dayOf(this.clock.now()));
    const rows = await this.db.rows<{ number: string }>(sql`
      select l.number from customers.v_line l join unnest(${samples.slice(0, most).map(({ lineId }) => lineId)}::bigint[]) with ordinality as s(id, place) on s.id = l.id
      order by s.place`);
    return rows.map(({ number }) => number);
  }

  /** What each text of the step brought, of the customers in the reader's scope, and the difference of each from the first. */
  async figures(user: CurrentUser, campaign: Campaign): Promise<{ texts: StepFigures[]; uplift: StepUplift[] }> {
    const texts = await this.db.rows<StepFigures>(sql`
      with sent as (${this.sentSql(user, campaign)})
      select key, template, max("blastCode") as "blastCode", count(*)::int as people,
             count(*) filter (where state = 'delivered')::int as delivered,
             count(*) filter (where state in ('rejected', 'undelivered', 'expired'))::int as failed,
             count(*) filter (where state in ('refused', 'cancelled'))::int as refused,
             count(*) filter (where state in ('planned', 'queued', 'submitted', 'accepted', 'in_doubt'))::int as waiting,
             count(*) filter (where reached)::int as reached, count(*) filter (where converted)::int as converted
      from sent group by key, template order by key`);
    const [first, ...others] = texts;
    if (!first) return { texts, uplift: [] };
    const measures = campaign.smsStep?.when === 'after' ? (['converted'] as const) : (['reached', 'converted'] as const);
    const uplift = others.flatMap((other) =>
      measures.map((measure): StepUplift => {
        const [of, against] = [other, first].map((text) => ({ people: text.people, happened: text[measure] })) as [Group, Group];
        return { measure, of: other.key, against: first.key, ...told(of, against, others.length) };
      }),
    );
    return { texts, uplift };
  }

  /** Everybody who was drawn for a text counts with it, whether it reached them or not: who is reached is not chance any more. */
  private sentSql(user: CurrentUser, campaign: Campaign): Sql {
    return sql`
      select b.variant as key, b.code as "blastCode", t.code as template, r.state,
             exists (select from calls.v_attempt a where a.customer_id = r.customer_id and a.campaign_id = ${campaign.id} and a.effective) as reached,
             exists (select from reporting.sale s where s.customer_id = r.customer_id and s.state in ('open', 'succeeded')
                     and (s.family = ${familyOf(campaign)} or s.standing) and s.opened_at >= b.started_at) as converted
      from messaging.blast b
      join messaging.template t on t.id = b.template_id
      join messaging.recipient r on r.blast_id = b.id
      join customers.v_customer c on c.id = r.customer_id join staff.v_org_unit o on o.id = c.org_unit_id
      where b.campaign_id = ${campaign.id} and b.variant is not null and r.reason is distinct from 'duplicate' and ${inScope(user, sql`o.path`)}`;
  }
}

interface Group {
  people: number;
  happened: number;
}
