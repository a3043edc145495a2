import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BalanceRow, DispatchBalance } from '../../../src/calls/dispatch/dispatch.types.js';
import { CsvParser } from '../../../src/platform/spreadsheet/csv-parser.js';
import { sql } from '../../../src/platform/database/sql.js';
import { handIn, type Imported } from '../../support/hand-in.js';
import { empty } from '../../support/empty.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';
import { CallCentre, must } from './call-centre.js';

export interface Dispatch {
  id: string;
  dispatchNo: string;
  source: string | null;
  bizType: string | null;
  phone: string;
  customer: { id: string; name: string; starLevel: number };
  campaign: string;
  deadline: string;
  note: string | null;
  state: 'open' | 'returned';
  result: 'done' | 'not_reached' | 'returned' | null;
  reason: string | null;
  finishedAt: string | null;
  manager: string | null;
  attempts: number;
  taskId: string | null;
  corrected: boolean;
}

export type Balance = DispatchBalance & { rows: BalanceRow[] };

export interface TaskRow {
  id: string;
  campaign: string;
  state: string;
  owner: string | null;
  dueOn: string;
  deadlineOn: string | null;
  cycle: string;
  closeReason: string | null;
}

export const HEADER = '派单号,手机号码,活动,截止,来源系统,业务类型,备注';

/** Files of dispatches, and what becomes of them, on the floor of a call centre. */
export class DispatchWorld {
  private constructor(
    readonly test: TestApp,
    readonly centre: CallCentre,
    private readonly dataDir: string,
  ) {}

  static async open(): Promise<DispatchWorld> {
    const dataDir = mkdtempSync(join(tmpdir(), 'starcare-dispatch-'));
    const test = await createTestApp({ config: { dataDir } });
    return new DispatchWorld(test, await CallCentre.open(test), dataDir);
  }

  /** Tuesday at ten, no customers, no files, every care rule switched off. */
  async clear(): Promise<void> {
    await this.centre.clear();
    await empty(this.test.db, 'feeds.import', 'calls.dispatch_sheet');
    await this.test.db.run(sql`update care.rule set enabled = false`);
  }

  async close(): Promise<void> {
    await this.test.close();
    rmSync(this.dataDir, { recursive: true });
  }

  /** Hands in the rows below {@link HEADER}. */
  hand(rows: readonly string[], who = 'planner-e'): Promise<Imported> {
    return this.handFile([HEADER, ...rows].join('\n'), who);
  }

  async handFile(text: string | Buffer, who = 'planner-e', feed = 'dispatch'): Promise<Imported> {
    const client = await this.centre.house(who);
    return handIn(this.test, client, `feed=${feed}`, text);
  }

  async rejects(id: string, who = 'planner-e'): Promise<string> {
    return (await (await this.centre.house(who)).get(`/imports/${id}/rejects.csv`)).text;
  }

  /** The numbers of customers of a manager, in the order of the stars. */
  async people(manager: string, ...stars: number[]): Promise<{ id: string; phone: string }[]> {
    const ids = await this.centre.customers(manager, stars);
    return this.test.db.rows(
      sql`select customer_id as id, substr(number, 4) as phone from customers.line where customer_id = any(${ids}::bigint[]) order by id`,
    );
  }

  async list(query = '', who = 'planner-e'): Promise<Dispatch[]> {
    return ((await must((await this.centre.house(who)).get(`/dispatches?limit=200&${query}`), 200)) as { items: Dispatch[] }).items;
  }

  /** The one dispatch of that number. */
  async one(dispatchNo: string): Promise<Dispatch> {
    const [found, ...more] = await this.list(`dispatchNo=${encodeURIComponent(dispatchNo)}`);
    if (!found || more.length > 0) throw new Error(`${dispatchNo}: ${found ? 'several' : 'none'}`);
    return found;
  }

  /** `state result reason` of that number. */
  async ended(dispatchNo: string): Promise<string> {
    const { state, result, reason } = await this.one(dispatchNo);
    return [state, result, reason].filter(Boolean).join(' ');
  }

  async balance(who = 'planner-e', query = ''): Promise<Balance> {
    return (await must((await this.centre.house(who)).get(`/dispatches/balance?${query}`), 200)) as Balance;
  }

  /** The return file as it is sent, and as rows below its header. */
  async returns(query = '', who = 'planner-e'): Promise<{ text: string; rows: Record<string, string>[] }> {
    const answer = await (await this.centre.house(who)).get(`/dispatches/returns.csv?${query}`);
    if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`);
    const [header = [], ...rows] = new CsvParser(',').push(answer.text.replace(/^\ufeff/, ''));
    return { text: answer.text, rows: rows.map((cells) => Object.fromEntries(header.map((name, i) => [name, cells[i] ?? '']))) };
  }

  tasks(customerId: string): Promise<TaskRow[]> {
    return this.test.db.rows<TaskRow>(sql`
      select t.id, c.code as campaign, t.state, u.username as owner, t.due_on as "dueOn", t.deadline_on as "deadlineOn", t.cycle, t.close_reason as "closeReason"
      from calls.task t join campaigns.campaign c on c.id = t.campaign_id left join staff.app_user u on u.id = t.owner_id
      where t.customer_id = ${customerId} order by t.id`);
  }

  /** A running campaign that nobody is on: it takes dispatches only. */
  campaign(code: string, options: object = {}): Promise<void> {
    return this.centre.campaign(code, { kind: 'care', filter: undefined, ...options });
  }
}
