import { sql } from '../../../src/platform/database/sql.js';
import { handIn, type Imported } from '../../support/hand-in.js';
import { drainJobs } from '../../support/drain-jobs.js';
import { empty } from '../../support/empty.js';
import { type ApiClient, createHouse, type House } from '../../support/house.js';
import { type TestApp, TUESDAY_10 } from '../../support/test-app.js';

/** What the desk answers. */
export interface Task {
  id: string;
  campaign: string;
  state: string;
  customer: { id: string; name: string; phone: string; starLevel: number };
  reasons: string[];
  script: { opening: unknown[] } | null;
  closingLine: string | null;
  dueOn: string;
  callbackAt: string | null;
  notBefore: string | null;
  attempts: number;
  leaseUntil: string | null;
}

export interface Attempt {
  id: string;
  ordinal: number;
  outcome: string;
  flags: string[];
  order: { product: string | null; state: string } | null;
  task: { state: string; notBefore: string | null; callbackAt: string | null } | null;
}

export const counts = ({ state, created, updated, unchanged, duplicate, rejected }: Imported): unknown => ({
  state,
  created,
  updated,
  unchanged,
  duplicate,
  rejected,
});

interface Problem {
  error: { code: string; message: string; param?: string };
}

let numbers = 0;

/** A floor of the house with customers and lists, by the product's own API; only customers are laid by hand. */
export class CallCentre {
  private constructor(
    readonly test: TestApp,
    readonly house: House,
  ) {}

  static async open(test: TestApp): Promise<CallCentre> {
    return new CallCentre(test, await createHouse(test));
  }

  /** An empty floor on Tuesday at ten: the people stay, customers, lists and contacts go. */
  async clear(): Promise<void> {
    await this.moveTo(TUESDAY_10.slice(0, 16));
    await empty(this.test.db, 'customers.customer', 'contact.touch', 'contact.block', 'platform.outbox', 'staff.session');
    await empty(this.test.db, 'campaigns.transition', 'campaigns.approval', 'calls.redial_list', 'reports.breach', 'reports.watched');
    await this.test.db.run(sql`delete from campaigns.campaign where not standing`);
  }

  /** Moves the clock; nobody has to log in again. @param at Shanghai time, `2026-11-24T14:00` */
  async moveTo(at: string): Promise<void> {
    this.test.clock.set(`${at}:00+08:00`);
    await this.test.db.run(
      sql`update staff.api_token set expires_at = ${new Date(this.test.clock.now().getTime() + 3_600_000)} where kind = 'session'`,
    );
  }

  /** @returns ids in the order of the stars; every one may be called for marketing */
  async customers(manager: string, stars: readonly number[]): Promise<string[]> {
    const now = this.test.clock.now();
    const ids: string[] = [];
    for (const star of stars) {
      numbers += 1;
      const { id } = await this.test.db.one<{ id: string }>(sql`
        with c as (
          insert into customers.customer (name, gender, star_level, city, manager_id, org_unit_id, call_consent, sms_consent, created_at, updated_at)
          select ${`客户${numbers}`}, 'male', ${star}, '东城', u.id, u.org_unit_id, true, true, ${now}, ${now} from staff.app_user u where u.username = ${manager}
          returning id),
        l as (insert into customers.line (customer_id, number, created_at, updated_at)
          select id, ${`+8613${String(900_000_000 + numbers)}`}, ${now}, ${now} from c)
        select id from c`);
      ids.push(id);
    }
    return ids;
  }

  /** Launches a campaign on everybody in the east, or wherever `who` plans, and fills its lists. */
  async campaign(code: string, options: object = {}, who = 'planner-e'): Promise<void> {
    const planner = await this.house(who);
    const form = {
      code,
      name: `活动${code}`,
      kind: 'marketing',
      startsOn: '2026-11-01',
      endsOn: '2026-12-31',
      filter: { starLevel: [0, 1, 2, 3, 4, 5, 6, 7] },
      ...options,
    };
    await must(planner.post('/campaigns', form), 201);
    await must(planner.post(`/campaigns/${code}/launch`), 200, 201);
    await drainJobs(this.test.app);
  }

  /** A campaign that is never launched: history may name it. */
  async draft(code: string): Promise<void> {
    const form = { code, name: `活动${code}`, kind: 'marketing', startsOn: '2025-05-01', filter: { starLevel: [5] } };
    await must((await this.house('planner-e')).post('/campaigns', form), 201);
  }

  /** Hands in a file and waits for its end. */
  async hand(feed: string, rows: readonly string[], who = 'planner-e'): Promise<Imported> {
    const client = await this.house(who);
    return handIn(this.test, client, `feed=${feed}`, rows.join('\n'));
  }

  async next(who: string, campaign?: string): Promise<{ task?: Task; reason?: string }> {
    const answer = await (await this.house(who)).post('/call-desk/next', campaign ? { campaign } : {});
    if (answer.status === 204) return { reason: answer.headers['x-reason'] as string };
    if (answer.status !== 200) throw new Error(`next: ${answer.status} ${answer.text}`);
    return { task: (answer.body as { task: Task }).task };
  }

  /** The next customer; throws when there is none. */
  async take(who: string): Promise<Task> {
    const { task, reason } = await this.next(who);
    if (!task) throw new Error(`nobody is next for ${who}: ${reason}`);
    return task;
  }

  async record(who: string, taskId: string, form: object): Promise<Attempt> {
    return (await must((await this.house(who)).post(`/tasks/${taskId}/attempts`, { talkSeconds: 0, ...form }), 201)) as Attempt;
  }

  /** Takes the next customer and records an outcome at once. */
  async call(who: string, form: object): Promise<{ task: Task; attempt: Attempt }> {
    const task = await this.take(who);
    return { task, attempt: await this.record(who, task.id, form) };
  }

  async tasks(who: string, query = ''): Promise<Task[]> {
    return ((await must((await this.house(who)).get(`/tasks?limit=200&${query}`), 200)) as { items: Task[] }).items;
  }

  touches(state: string): Promise<{ customerId: string; reasons: string[] }[]> {
    return this.test.db.rows(sql`select customer_id as "customerId", reasons from contact.touch where state = ${state} order by id`);
  }
}

/** The body of an answer with one of these codes. */
export async function must(sent: ReturnType<ApiClient['get']>, ...status: number[]): Promise<unknown> {
  const answer = await sent;
  if (!status.includes(answer.status)) throw new Error(`${answer.status} ${answer.text}`);
  return answer.body;
}

/** The refusal as `status code param`. */
export async function refusal(sent: ReturnType<ApiClient['get']>): Promise<string> {
  const answer = await sent;
  const { error } = answer.body as Problem;
  return [answer.status, error?.code, error?.param].filter(Boolean).join(' ');
}
