import fc from 'fast-check';
import { BLOCK_SCOPES, CHANNELS, PURPOSES, type Ask, type Purpose, type Recipient } from '../../src/contact/contact.types.js';
import { decide, type Decision, GATE_RULES } from '../../src/contact/gate/gate.policy.js';
import { DEFAULT_SETTINGS } from '../../src/contact/settings/gate-settings.policy.js';
import type { GateContext, GateFacts, Question } from '../../src/contact/gate/gate.types.js';
import { addDays, dayStart } from '../../src/kernel/day.js';
import type { Tx } from '../../src/platform/database/database.js';
import { sql } from '../../src/platform/database/sql.js';
import { GateBench } from '../e2e/contact/gate-bench.js';

const CLOSED = ['2026-10-01', '2026-10-02', '2026-10-03'];
const CONTEXT: GateContext = { settings: DEFAULT_SETTINGS, closedDays: new Set(CLOSED) };
const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;

class RolledBack extends Error {}

/** Moments around one another: to the minute, so that the edges of windows, days, weeks and months are often hit exactly. */
const moment = fc
  .record({
    day: fc.integer({ min: 0, max: 20 }),
    minute: fc.oneof(fc.integer({ min: 0, max: 1_439 }), fc.constantFrom(0, 480, 540, 720, 840, 1_200, 1_260)),
  })
  .map(({ day, minute }) => new Date(dayStart(addDays('2026-09-20', day)).getTime() + minute * MINUTE));

const ago = fc.oneof(fc.integer({ min: -30, max: 9 * 1_440 }), fc.constantFrom(0, 7 * 1_440, 7 * 1_440 - 1, 7 * 1_440 + 1, 1_440, 30, 29));

type Blueprint = Omit<GateFacts, 'touches'> & {
  touches: { channel: (typeof CHANNELS)[number]; purpose: (typeof PURPOSES)[number]; state: string; source: string; ago: number; holds: number }[];
};

const until = fc.option(moment, { nil: null });
const blueprint: fc.Arbitrary<Blueprint> = fc.record({
  customer: fc.record({
    status: fc.constantFrom('active' as const, 'active' as const, 'active' as const, 'suspended' as const, 'churned' as const),
    smsConsent: fc.constantFrom(true, true, true, false, null),
    callConsent: fc.constantFrom(true, true, true, false, null),
  }),
  lineHealth: fc.constantFrom('good' as const, 'good' as const, 'good' as const, 'suspended' as const, 'invalid' as const),
  lineStatus: fc.constantFrom('active' as const, 'active' as const, 'active' as const, 'active' as const, 'suspended' as const, 'churned' as const),
  blocks: fc.uniqueArray(
    fc
      .record({
        channel: fc.constantFrom('call' as const, 'sms' as const, 'all' as const),
        scope: fc.constantFrom(...BLOCK_SCOPES),
        productFamily: fc.constantFrom('5g', 'broadband'),
        campaignId: fc.constantFrom('41', '42'),
        until,
      })
      .map(({ productFamily, campaignId, ...block }) => ({
        ...block,
        productFamily: block.scope === 'product' ? productFamily : null,
        campaignId: block.scope === 'campaign' ? campaignId : null,
      })),
    { maxLength: 3, selector: (block) => `${block.channel} ${block.scope} ${block.productFamily} ${block.campaignId}` },
  ),
  protections: fc.uniqueArray(fc.record({ kind: fc.constantFrom('complaint', 'abroad', 'porting'), until }), {
    maxLength: 2,
    selector: (one) => one.kind,
  }),
  coolingOff: fc.uniqueArray(fc.record({ family: fc.constantFrom('5g', 'broadband'), until: moment }), {
    maxLength: 2,
    selector: (one) => one.family,
  }),
  touches: fc.array(
    fc.record({
      channel: fc.constantFrom(...CHANNELS, 'call' as const, 'call' as const, 'sms' as const, 'sms' as const),
      purpose: fc.constantFrom(...PURPOSES, 'marketing' as const, 'greeting' as const),
      state: fc.constantFrom('confirmed', 'confirmed', 'history', 'reserved', 'voided', 'refused'),
      source: fc.constantFrom('desk', 'desk', 'api:robot', 'api:robot:spring', 'api:shop'),
      ago,
      holds: fc.integer({ min: 0, max: 90 }),
    }),
    { maxLength: 8 },
  ),
});

/** Nothing but history, at the edges of the periods: so that the caps alone decide. */
const regular: fc.Arbitrary<Blueprint> = fc
  .record({
    channel: fc.constantFrom('call' as const, 'sms' as const),
    purpose: fc.constantFrom('marketing' as const, 'greeting' as const),
    edges: fc.array(fc.constantFrom(0, 1, 600, 601, 1_440, 7 * 1_440 - 1, 7 * 1_440, 7 * 1_440, 7 * 1_440 + 1), { minLength: 1, maxLength: 6 }),
    state: fc.constantFrom('confirmed', 'history', 'reserved'),
  })
  .map(({ channel, purpose, edges, state }) => ({
    customer: { status: 'active', smsConsent: true, callConsent: true },
    lineHealth: 'good',
    lineStatus: 'active',
    blocks: [],
    protections: [],
    coolingOff: [],
    touches: edges.map((edge) => ({ channel, purpose, state, source: 'desk', ago: edge, holds: edge + 1 })),
  }));

const anybody = fc.oneof(blueprint, regular);

/** Tests to the house's own numbers stand in no ledger of customers: `before-start.e2e-spec.ts`. */
const question: fc.Arbitrary<Question & { purpose: Purpose }> = fc.record({
  channel: fc.constantFrom(...CHANNELS, 'call' as const, 'sms' as const),
  purpose: fc.constantFrom(...PURPOSES, 'marketing' as const),
  at: moment,
  productFamily: fc.constantFrom(null, '5g'),
  campaignId: fc.constantFrom(null, '41'),
  system: fc.constantFrom('', '', 'robot'),
  centralWish: fc.constantFrom(false, false, false, true),
  callWindow: fc.constantFrom(null, null, [['10:00', '11:00']] as const, [['07:00', '22:30']] as const),
});

const factsAt = (print: Blueprint, at: Date): GateFacts => ({
  ...print,
  touches: print.touches.map((touch) => {
    const then = new Date(at.getTime() - touch.ago * MINUTE);
    const expiresAt = touch.state === 'reserved' ? new Date(then.getTime() + touch.holds * MINUTE) : null;
    return { channel: touch.channel, purpose: touch.purpose, state: touch.state as 'reserved', source: touch.source, at: then, expiresAt };
  }),
});

describe('GOV-1 one decision, whether asked of one, of a set or of the pure rules', () => {
  let bench: GateBench;
  beforeAll(async () => {
    bench = await GateBench.start('2026-09-20T10:00:00+08:00');
  });
  afterAll(() => bench.stop());

  async function write(tx: Tx, facts: GateFacts, n: number): Promise<Recipient> {
    const number = `+86138${String(n).padStart(8, '0')}`;
    const { id } = await tx.one<{ id: string }>(sql`
      insert into customers.customer (status, sms_consent, call_consent, org_unit_id, created_at, updated_at)
      values (${facts.customer?.status}, ${facts.customer?.smsConsent}, ${facts.customer?.callConsent}, (select min(id) from staff.org_unit), now(), now()) returning id`);
    await tx.run(
      sql`insert into customers.line (customer_id, number, health, status, created_at, updated_at) values (${id}, ${number}, ${facts.lineHealth}, ${facts.lineStatus}, now(), now())`,
    );
    await tx.run(sql`insert into contact.block (number, channel, scope, product_family, campaign_id, reason, source, until, created_at)
      select ${number}, channel, scope, "productFamily", "campaignId", 'x', 'x', until, now() from jsonb_to_recordset(${JSON.stringify(facts.blocks)}::jsonb)
        as b(channel text, scope text, "productFamily" text, "campaignId" bigint, until timestamptz)`);
    await tx.run(sql`insert into contact.protection (customer_id, kind, ref, source, since, until)
      select ${id}::bigint, kind, 'x', 'x', now(), until from jsonb_to_recordset(${JSON.stringify(facts.protections)}::jsonb) as p(kind text, until timestamptz)`);
    await tx.run(sql`insert into contact.cooling_off (customer_id, family, until, cause)
      select ${id}::bigint, family, until, 'refused' from jsonb_to_recordset(${JSON.stringify(facts.coolingOff)}::jsonb) as o(family text, until timestamptz)`);
    await tx.run(sql`insert into contact.touch (id, allowed, state, customer_id, number, channel, purpose, source, at, expires_at)
      select platform.uuid_v7(at), state <> 'refused', state, ${id}::bigint, ${number}, channel, purpose, source, at, "expiresAt"
      from jsonb_to_recordset(${JSON.stringify(facts.touches)}::jsonb) as t(state text, channel text, purpose text, source text, at timestamptz, "expiresAt" timestamptz)`);
    return { customerId: id, number };
  }

  /** Runs on a world that is undone afterwards. */
  async function inWorld(facts: readonly GateFacts[], look: (tx: Tx, rows: Recipient[]) => Promise<void>): Promise<void> {
    const undone = bench.db.tx(async (tx) => {
      const rows: Recipient[] = [];
      for (const [n, one] of facts.entries()) rows.push(await write(tx, one, n));
      await look(tx, rows);
      throw new RolledBack();
    });
    await undone.catch((error: unknown) => {
      if (!(error instanceof RolledBack)) throw error;
    });
  }

  const worlds = fc.array(anybody, { minLength: 1, maxLength: 6 });
  const plain = ({ allowed, reasons, until: again }: Decision): Decision => ({ allowed, reasons, until: again });

  it('the batch and the single reservation give what the pure rules give', async () => {
    await fc.assert(
      fc.asyncProperty(worlds, question, async (prints, asked) => {
        const facts = prints.map((print) => factsAt(print, asked.at));
        await inWorld(facts, async (tx, rows) => {
          const ask: Ask = {
            ...asked,
            source: asked.system === '' ? 'desk' : `api:${asked.system}`,
            text: asked.centralWish ? '祝您国庆快乐' : null,
          };
          const pure = facts.map((one) => decide(asked, one, CONTEXT));
          await tx.run(sql`savepoint before_batch`);
          const batch = await bench.contact.reserveBatch(tx, { ...ask, rows });
          expect(rows.map((row) => plain(batch.get(row.customerId) as Decision))).toEqual(pure);
          await tx.run(sql`rollback to savepoint before_batch`);
          for (const [i, row] of rows.entries()) expect(plain(await bench.contact.reserve(tx, { ...ask, ...row }))).toEqual(pure[i]);
        });
      }),
      { numRuns: 150 },
    );
  });

  it('the page that explains sees the same facts', async () => {
    await fc.assert(
      fc.asyncProperty(anybody, question, async (print, asked) => {
        const facts = factsAt(print, asked.at);
        await inWorld([facts], async (tx, [row]) => {
          const read = await bench.queries.factsOf((row as Recipient).number, asked.at, tx);
          expect(decide(asked, read, CONTEXT)).toEqual(decide(asked, facts, CONTEXT));
        });
      }),
      { numRuns: 60 },
    );
  });

  it('what may be planned for a day is what some last moment of that day allows, hours apart', async () => {
    await fc.assert(
      fc.asyncProperty(worlds, question, async (prints, asked) => {
        const day = new Date(asked.at.getTime() + 8 * 60 * MINUTE).toISOString().slice(0, 10);
        const last = {
          ...asked,
          system: '',
          centralWish: false,
          at: new Date(dayStart(day).getTime() + DAY - 1),
          callWindow: [['00:00', '24:00']] as const,
        };
        const open: GateContext = {
          ...CONTEXT,
          settings: { ...DEFAULT_SETTINGS, hardWindow: { call: [['00:00', '24:00']], sms: [['00:00', '24:00']] }, callWindow: [['00:00', '24:00']] },
        };
        const facts = prints.map((print) => factsAt(print, asked.at));
        await inWorld(facts, async (tx, rows) => {
          const candidates = sql`select customer_id, id as line_id, number from customers.line where customer_id = any(${rows.map((row) => row.customerId)}::bigint[])`;
          const planned = await tx.rows<{ customerId: string; reason: string | null }>(
            sql`select customer_id as "customerId", reason from (${bench.queries.plannable(candidates, { ...asked, day })}) as p`,
          );
          const expected = rows.map((row, i) => ({
            customerId: row.customerId,
            reason: decide(last, facts[i] as GateFacts, open).reasons[0] ?? null,
          }));
          expect(planned.sort((a, b) => Number(a.customerId) - Number(b.customerId))).toEqual(expected);
        });
      }),
      { numRuns: 100 },
    );
  });

  it('the moment a refusal names is one at which it may be tried again, and none before it', () => {
    fc.assert(
      fc.property(anybody, question, (print, asked) => {
        const facts = factsAt(print, asked.at);
        const first = decide(asked, facts, CONTEXT);
        if (first.until === null) return;
        expect(decide({ ...asked, at: first.until }, facts, CONTEXT).allowed).toBe(true);
        expect(decide({ ...asked, at: new Date(first.until.getTime() - 1) }, facts, CONTEXT).allowed).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });

  it('names each reason once, in the order of precedence', () => {
    fc.assert(
      fc.property(anybody, question, (print, asked) => {
        const order = GATE_RULES.map((rule) => rule.reason);
        const places = decide(asked, factsAt(print, asked.at), CONTEXT).reasons.map((reason) => order.indexOf(reason));
        expect(places).toEqual([...new Set(places)].sort((a, b) => a - b));
      }),
    );
  });
});
