import { ContactCommands } from '../../../src/contact/contact.commands.js';
import { ContactQueries } from '../../../src/contact/contact.queries.js';
import type { Ask, ReserveRequest, Verdict } from '../../../src/contact/contact.types.js';
import type { ManualClock } from '../../../src/kernel/clock.js';
import type { Database } from '../../../src/platform/database/database.js';
import { sql } from '../../../src/platform/database/sql.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';

export interface TestCustomer {
  customerId: string;
  number: string;
}

/** The gate as its callers use it, with customers made by hand. */
export class GateBench {
  private made = 0;

  private constructor(readonly test: TestApp) {}

  static async start(now: string): Promise<GateBench> {
    const bench = new GateBench(await createTestApp({ now }));
    await bench.db.run(sql`insert into staff.org_unit (code, name, kind, path) values ('gate', '城南', 'province', '/1/') on conflict do nothing`);
    return bench;
  }

  get db(): Database {
    return this.test.db;
  }

  get clock(): ManualClock {
    return this.test.clock;
  }

  get contact(): ContactCommands {
    return this.test.app.get(ContactCommands, { strict: false });
  }

  get queries(): ContactQueries {
    return this.test.app.get(ContactQueries, { strict: false });
  }

  async stop(): Promise<void> {
    await this.test.close();
  }

  async customer(facts: { status?: string; smsConsent?: boolean | null; callConsent?: boolean | null; health?: string } = {}): Promise<TestCustomer> {
    this.made += 1;
    const number = `+86139${String(this.made).padStart(8, '0')}`;
    const { status = 'active', smsConsent = true, callConsent = true, health = 'good' } = facts;
    const at = this.clock.now();
    const { id } = await this.db.one<{ id: string }>(sql`
      insert into customers.customer (name, status, sms_consent, call_consent, org_unit_id, created_at, updated_at)
      values ('测试', ${status}, ${smsConsent}, ${callConsent}, (select min(id) from staff.org_unit), ${at}, ${at}) returning id`);
    await this.db.run(sql`
      insert into customers.line (customer_id, number, health, created_at, updated_at) values (${id}, ${number}, ${health}, ${at}, ${at})`);
    return { customerId: id, number };
  }

  /** Reserves at the Clock's time in a transaction of its own. */
  async reserve(customer: TestCustomer, ask: Partial<Ask> = {}): Promise<Verdict> {
    const request: ReserveRequest = { channel: 'call', purpose: 'care', source: 'test', at: this.clock.now(), ...customer, ...ask };
    return this.db.tx((tx) => this.contact.reserve(tx, request));
  }

  async confirm(verdict: Verdict): Promise<void> {
    await this.db.tx((tx) => this.contact.confirm(tx, [verdict.touchId]));
  }
}
