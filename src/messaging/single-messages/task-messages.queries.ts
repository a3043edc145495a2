import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { notFound } from '../../kernel/errors.js';
import { Database, type Queryable } from '../../platform/database/database.js';
import { type Sql, sql } from '../../platform/database/sql.js';
import { inScope, usableBy } from '../../staff/staff.queries.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { MessageValues } from '../wording/optional-values.types.js';
import { type CardRow, cardColumns, cardJoins } from '../wording/recipient-values.js';
import { type MakerWording, messageMaker } from '../wording/wording.js';
import { ruleColumns } from '../wording/wording-rules.queries.js';

export type TaskCard = CardRow & { campaignId: string; productFamily: string };

export interface TaskChoice {
  code: string;
  name: string;
  purpose: string;
  text: string;
  parts: number;
}

/** As many as somebody looks through during a call. */
const MOST = 30;

/** Whose tasks somebody sends messages for: a manager her own, a supervisor those of the scope. */
export const tasksOf = (user: CurrentUser): Sql => (user.role === 'manager' ? sql`t.owner_id = ${user.id}` : inScope(user, sql`o.path`));

/** @param mine a condition on the task `t` and the unit `o` of its customer: whose tasks are looked for. @throws DomainError not_found */
export async function taskCard(on: Queryable, taskId: string, mine: Sql): Promise<TaskCard> {
  const card = /^\d{1,18}$/.test(taskId)
    ? await on.maybe<TaskCard>(sql`
        select ${cardColumns()}, t.campaign_id as "campaignId", p.family as "productFamily"
        from calls.v_task t join reporting.campaign p on p.id = t.campaign_id ${cardJoins(sql`t.line_id`, null)}
        join staff.v_org_unit o on o.id = c.org_unit_id where t.id = ${taskId} and ${mine}`)
    : undefined;
  if (!card) throw notFound('task', taskId);
  return card;
}

/** What can be sent to the customer of a task, and to whom. */
@Injectable()
export class TaskMessagesQueries {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly values: MessageValues,
  ) {}

  /**
   * The approved templates that lack no word for this customer, each as it would arrive; service texts first, then care, then marketing.
   * Greetings are sent by their programme.
   * @throws DomainError not_found
   */
  async forTask(user: CurrentUser, taskId: string): Promise<{ taskId: string; name: string | null; shownAt: Date; choices: TaskChoice[] }> {
    const card = await taskCard(this.database, taskId, tasksOf(user));
    const templates = await this.database.rows<MakerWording & { code: string; name: string; purpose: string }>(sql`
      select t.code, m.name, t.purpose, t.signature, t.body, ${ruleColumns(sql`t.purpose`)}
      from messaging.v_template t join messaging.template m on m.id = t.id join staff.v_org_unit o on o.id = m.org_unit_id
      where m.retired_at is null and t.version is not null and t.purpose <> 'greeting' and ${usableBy(user, sql`o.path`)}
      order by array_position(array['service', 'care', 'marketing'], t.purpose), m.name, t.code limit 200`);
    const choices: TaskChoice[] = [];
    for (const { code, name, ...wording } of templates) {
      const maker = messageMaker(wording);
      const made = maker.make((await this.values.prepare(maker.variables, [card], { now: this.clock.now(), on: this.database }))(card));
      if (!('fault' in made) && choices.length < MOST) choices.push({ code, name, purpose: wording.purpose, text: made.text, parts: made.parts });
    }
    return { taskId, name: card.name, shownAt: this.clock.now(), choices };
  }
}
