import { Injectable } from '@nestjs/common';
import { decodeCursor, type Page, pageOf } from '../../kernel/cursor.js';
import { Database } from '../../platform/database/database.js';
import { type Sql, sql, whereAll } from '../../platform/database/sql.js';
import { inScope } from '../../staff/staff.queries.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { NOBODY } from './task-list.forms.js';

export interface TaskListRow {
  taskId: string;
  customerId: string;
  lineId: string;
  customerName: string | null;
  number: string;
  star: number;
  ownerName: string | null;
  teamName: string | null;
  state: string;
  closeReason: string | null;
  dueOn: string;
  callbackAt: Date | null;
  attempts: number;
  outcomeZh: string | null;
  outcomeEn: string | null;
  outcomeTone: string | null;
  lastAttemptAt: Date | null;
}

/** Whose tasks: of a person, or of the people of a unit. */
export interface Whose {
  owner?: string | undefined;
  team?: string | undefined;
}

export interface TaskListAsk extends Whose {
  state?: string | undefined;
  limit?: number;
  cursor?: string | undefined;
}

/** Who has tasks of a campaign, and how many in all; without a username those of nobody. */
export interface TaskOwner {
  username: string | null;
  name: string | null;
  team: string | null;
  teamName: string | null;
  tasks: number;
}

const TASK_ROW = sql`
  select task_id as "taskId", customer_id as "customerId", line_id as "lineId", customer_name as "customerName", number, star, owner_name as "ownerName",
         team_name as "teamName", state, close_reason as "closeReason", due_on as "dueOn", callback_at as "callbackAt", attempts,
         outcome_zh as "outcomeZh", outcome_en as "outcomeEn", outcome_tone as "outcomeTone", last_attempt_at as "lastAttemptAt"
  from reporting.task t`;

/** Who is unknown, or outside the scope, has none. */
const ownedBy = (owner: string): Sql => (owner === NOBODY ? sql`owner_id is null` : sql`lower(owner_username) = lower(${owner})`);

const tasksOf = (user: CurrentUser, campaignId: string, { owner, team }: Whose): (Sql | null)[] => [
  sql`campaign_id = ${campaignId}`,
  inScope(user, sql`org_path`),
  owner ? ownedBy(owner) : null,
  team ? sql`starts_with(org_path, (select path from staff.v_org_unit where code = ${team}))` : null,
];

const inState = (state: string | undefined): Sql | null => (state ? sql`state = ${state}` : null);

/** The list of a campaign: who is to be called, by whom, how far it is. */
@Injectable()
export class TaskLists {
  constructor(private readonly db: Database) {}

  /** Newest activity does not reorder it: the order is that of the tasks. */
  async tasks(user: CurrentUser, campaignId: string, ask: TaskListAsk): Promise<Page<TaskListRow>> {
    const limit = Math.min(ask.limit ?? 50, 200);
    const key = decodeCursor(ask.cursor, 1);
    const conditions = [...tasksOf(user, campaignId, ask), inState(ask.state), key && sql`task_id > ${key[0]}::bigint`];
    const rows = await this.db.rows<TaskListRow>(sql`${TASK_ROW} ${whereAll(conditions)} order by task_id limit ${limit + 1}`);
    return pageOf(rows, limit, (last) => [last.taskId]);
  }

  /** The same, all of them, for an export. */
  async allTasks(user: CurrentUser, campaignId: string, ask: TaskListAsk): Promise<{ count: number; rows: AsyncIterable<TaskListRow> }> {
    const select = sql`${TASK_ROW} ${whereAll([...tasksOf(user, campaignId, ask), inState(ask.state)])}`;
    return { count: await this.db.count(select), rows: this.db.stream<TaskListRow>(sql`${select} order by task_id`) };
  }

  /** How many of somebody's tasks are in each state. */
  async states(user: CurrentUser, campaignId: string, whose: Whose): Promise<Record<string, number>> {
    const rows = await this.db.rows<{ state: string; tasks: number }>(
      sql`select state, count(*)::int as tasks from reporting.task t ${whereAll(tasksOf(user, campaignId, whose))} group by 1`,
    );
    return Object.fromEntries(rows.map((row) => [row.state, row.tasks]));
  }

  /** Who of the scope can be chosen, by team and name; nobody's last. */
  owners(user: CurrentUser, campaignId: string): Promise<TaskOwner[]> {
    return this.db.rows<TaskOwner>(sql`
      with counted as materialized (select owner_id, count(*)::int as tasks from reporting.task_state where campaign_id = ${campaignId} and owner_id is not null group by 1)
      select u.username, u.name, u.team_code as team, u.team_name as "teamName", c.tasks
      from counted c join staff.v_user u on u.id = c.owner_id where ${inScope(user, sql`u.org_path`)}
      union all
      select * from (select null, null, null, null, count(*)::int as tasks from reporting.task t
                     ${whereAll([...tasksOf(user, campaignId, { owner: NOBODY })])}) n where n.tasks > 0
      order by 4 nulls last, 2 nulls last`);
  }
}
