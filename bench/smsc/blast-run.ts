import { BlastsCommands } from '../../src/messaging/blasts/blasts.commands.js';
import { TemplatesCommands } from '../../src/messaging/templates/templates.commands.js';
import { sql } from '../../src/platform/database/sql.js';
import { NOW, type PostHouse } from './house.js';
import type { Smsc } from './smsc.js';

export const BODY = '{{honorific}}您好，您的{{package}}套餐有新优惠，详询10000';

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Wakes up ten times a second until it is so. */
export async function until(done: () => Promise<boolean>): Promise<void> {
  while (!(await done())) await pause(100);
}

export async function addTemplate(house: PostHouse): Promise<void> {
  const form = { code: 'bench', name: '基准', purpose: 'marketing', signature: '中国电信', body: BODY } as const;
  await house.get(TemplatesCommands).create(house.admin, form);
  await house.db.run(sql`update messaging.template_version set approved_at = ${NOW}`);
}

/** Nothing is left of the run before. */
async function clear({ db }: PostHouse): Promise<void> {
  await db.run(sql`delete from platform.outbox`);
  await db.run(
    sql`truncate messaging.recipient, messaging.message, messaging.gateway_message, messaging.receipt, messaging.said, messaging.blast cascade`,
  );
  await db.run(sql`truncate contact.touch cascade`);
}

/** How the recipients of all blasts stand. */
export interface Standing {
  audience: number;
  delivered: number;
  refused: number;
  inDoubt: number;
  /** None of these. */
  left: number;
}

/** A blast to everybody, from its frozen audience to its last receipt. */
export class BlastRun {
  private runs = 0;

  constructor(
    private readonly house: PostHouse,
    private readonly say: (line: string) => void,
  ) {}

  private get code(): string {
    return `run-${this.runs}`;
  }

  /** Audience frozen, nobody sent to yet. */
  async prepare(): Promise<void> {
    const { db, get, admin } = this.house;
    await clear(this.house);
    this.runs += 1;
    const blasts = get(BlastsCommands);
    await blasts.create(admin, { code: this.code, template: 'bench', segment: 'everybody', gateway: 'bench' });
    await db.run(sql`update messaging.blast set not_before = ${new Date('2027-01-01')}`);
    const begin = performance.now();
    await blasts.start(admin, this.code);
    this.say(`audience frozen in ${((performance.now() - begin) / 1000).toFixed(2)} s`);
    // the run that the start wakes may come late: it is to find nothing to send
    await blasts.pause(admin, this.code);
    await db.pool.query('vacuum analyze messaging.recipient');
    await db.run(sql`update messaging.blast set not_before = null`);
  }

  async start(): Promise<void> {
    await this.house.get(BlastsCommands).resume(this.house.admin, this.code);
  }

  async state(): Promise<string> {
    return (await this.house.db.one<{ state: string }>(sql`select state from messaging.blast where code = ${this.code}`)).state;
  }

  standing(): Promise<Standing> {
    return this.house.db.one<Standing>(sql`
      select count(*)::int as audience, count(*) filter (where state = 'delivered')::int as delivered, count(*) filter (where state = 'refused')::int as refused,
             count(*) filter (where state = 'in_doubt')::int as "inDoubt", count(*) filter (where state not in ('delivered', 'refused', 'in_doubt'))::int as left
      from messaging.recipient`);
  }

  /**
   * What must hold after every run: one submit a recipient and no more, every receipt applied, one touch in the ledger for each of the audience, and the
   * figures of the product say the same.
   */
  async faults(smsc: Smsc): Promise<string[]> {
    const { submits, numbers, twice, open } = await smsc.count();
    const { audience, delivered, refused, inDoubt, left } = await this.standing();
    const { touches, confirmed } = await this.house.db.one<{ touches: number; confirmed: number }>(sql`
      select count(*)::int as touches, count(*) filter (where allowed and state = 'confirmed')::int as confirmed from contact.touch`);
    const wrong: string[] = [];
    const expect = (is: boolean, sentence: string): void => void (is || wrong.push(sentence));
    expect(submits === numbers, `${numbers} recipients got ${submits} messages: ${JSON.stringify(twice)}`);
    expect(
      delivered === numbers && left === 0,
      `${numbers} handed over, ${delivered} delivered, ${inDoubt} in doubt, ${left} neither of these nor refused`,
    );
    expect(open === 0, `${open} receipts not acknowledged`);
    expect(touches === audience, `${touches} touches in the ledger of ${audience} recipients`);
    expect(confirmed === delivered, `${confirmed} touches confirmed of ${delivered} delivered`);
    expect(delivered + refused + inDoubt + left === audience, `the states add up to ${delivered + refused + inDoubt + left} of ${audience}`);
    return wrong;
  }
}
