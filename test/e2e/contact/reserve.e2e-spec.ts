import type { Ask, BlockRequest, Purpose } from '../../../src/contact/contact.types.js';
import { sql } from '../../../src/platform/database/sql.js';
import { figure } from '../../support/figure.js';
import { GateBench } from './gate-bench.js';

// a Tuesday
const TEN = '2026-11-24T10:00:00+08:00';

describe('GOV-1 one gate decides over every contact', () => {
  let bench: GateBench;
  beforeAll(async () => {
    bench = await GateBench.start(TEN);
  });
  afterAll(() => bench.stop());
  beforeEach(() => bench.clock.set(TEN));

  const block = (number: string, scope: 'all' | 'marketing', channel: 'call' | 'sms' | 'all' = 'all', until: Date | null = null): Promise<string> =>
    bench.db.tx((tx) => bench.contact.block(tx, { number, channel, scope, reason: '客户要求', source: 'test', until, actorId: null }));

  const reach = (number: string, what: Pick<BlockRequest, 'scope' | 'productFamily' | 'campaignId'>): Promise<string> =>
    bench.db.tx((tx) => bench.contact.block(tx, { number, channel: 'all', reason: '客户要求', source: 'test', actorId: null, ...what }));
  const product = (number: string, productFamily: string): Promise<string> => reach(number, { scope: 'product', productFamily });

  describe('refusals', () => {
    it('GOV-2 a number on the do-not-contact list is refused, service included, and the refusal stands in the ledger', async () => {
      const customer = await bench.customer();
      await block(customer.number, 'all');
      const verdict = await bench.reserve(customer, { purpose: 'service' });
      expect(verdict).toMatchObject({ allowed: false, reasons: ['blocked'], until: null, expiresAt: null });
      const touch = await bench.db.one(sql`select state, allowed, reasons, source from contact.touch where id = ${verdict.touchId}`);
      expect(touch).toEqual({ state: 'refused', allowed: false, reasons: ['blocked'], source: 'test' });
    });

    it('GOV-2 a block for SMS does not stop calls; SYS-5 both answers are counted for Prometheus', async () => {
      const answers = ['channel="sms",answer="blocked"', 'channel="call",answer="allowed"'];
      const figures = () => Promise.all(answers.map((labels) => figure(bench.test, 'starcare_gate_answers_total', labels)));
      const [refused = 0, allowed = 0] = await figures();
      const customer = await bench.customer();
      await block(customer.number, 'all', 'sms');
      expect((await bench.reserve(customer, { channel: 'sms' })).reasons).toEqual(['blocked']);
      expect((await bench.reserve(customer, { channel: 'call' })).allowed).toBe(true);
      expect(await figures()).toEqual([refused + 1, allowed + 1]);
    });

    it('GOV-2 opting out stops marketing and filler greetings, not service and not care', async () => {
      const customer = await bench.customer();
      await block(customer.number, 'marketing', 'sms');
      const ask = async (purpose: 'marketing' | 'greeting' | 'service' | 'care'): Promise<string[]> =>
        (await bench.reserve(customer, { channel: 'sms', purpose })).reasons;
      expect(await ask('marketing')).toEqual(['opted_out']);
      expect(await ask('greeting')).toEqual(['opted_out']);
      expect(await ask('service')).toEqual([]);
      expect(await ask('care')).toEqual([]);
    });

    it('GOV-2 a block with an end says when it may be tried again, moved into the window', async () => {
      const customer = await bench.customer();
      await block(customer.number, 'all', 'call', new Date('2026-11-25T12:30:00+08:00'));
      const verdict = await bench.reserve(customer);
      expect(verdict.reasons).toEqual(['blocked']);
      expect(verdict.until).toEqual(new Date('2026-11-25T14:00:00+08:00'));
    });

    it('GOV-2 an opt-out cannot be lifted by a person, only by the customer', async () => {
      const customer = await bench.customer();
      await block(customer.number, 'marketing', 'sms');
      const lift = (consentedAnew: boolean): Promise<void> =>
        bench.db.tx((tx) =>
          bench.contact.unblock(tx, { number: customer.number, channel: 'sms', scope: 'marketing', reason: '误操作', actorId: null, consentedAnew }),
        );
      await expect(lift(false)).rejects.toMatchObject({ code: 'opt_out_stays' });
      await lift(true);
      expect((await bench.reserve(customer, { channel: 'sms', purpose: 'marketing' })).allowed).toBe(true);
    });

    it('R22 an opt-out of one product line stops its marketing by every channel it names, and nothing else', async () => {
      const customer = await bench.customer();
      await reach(customer.number, { scope: 'product', productFamily: '5g' });
      const ask = async (more: Partial<Ask>): Promise<string[]> =>
        (await bench.reserve(customer, { channel: 'sms', purpose: 'marketing', productFamily: '5g', ...more })).reasons;
      expect(await ask({})).toEqual(['opted_out']);
      expect(await ask({ channel: 'call' })).toEqual(['opted_out']);
      expect(await ask({ productFamily: 'broadband' })).toEqual([]);
      expect(await ask({ productFamily: null })).toEqual([]);
      for (const purpose of ['greeting', 'care', 'service'] as const) expect(await ask({ purpose })).toEqual([]);
    });

    it('R13, R22 an opt-out of one campaign acts on that one only, care included, service not', async () => {
      const customer = await bench.customer();
      await reach(customer.number, { scope: 'campaign', campaignId: '41' });
      const ask = async (campaignId: string | null, purpose: Purpose = 'marketing'): Promise<string[]> =>
        (await bench.reserve(customer, { channel: 'sms', campaignId, purpose })).reasons;
      for (const purpose of ['marketing', 'greeting', 'care'] as const) expect(await ask('41', purpose)).toEqual(['opted_out']);
      for (const purpose of ['service', 'callback'] as const) expect(await ask('41', purpose)).toEqual([]);
      expect(await ask('42')).toEqual([]);
      expect(await ask(null)).toEqual([]);
    });

    it('R22 opt-outs of two product lines are two, each said twice is one, and each ends by itself only when the customer consents anew', async () => {
      const { number } = await bench.customer();
      const [first, again, other] = [await product(number, '5g'), await product(number, '5g'), await product(number, 'tv')];
      expect([again === first, other === first]).toEqual([true, false]);
      const lift = (consentedAnew: boolean): Promise<void> =>
        bench.db.tx((tx) =>
          bench.contact.unblock(tx, { number, channel: 'all', scope: 'product', productFamily: '5g', reason: 'x', actorId: null, consentedAnew }),
        );
      await expect(lift(false)).rejects.toMatchObject({ code: 'opt_out_stays' });
      await lift(true);
      expect(await bench.db.rows(sql`select product_family as family from contact.v_block where number = ${number}`)).toEqual([{ family: 'tv' }]);
    });

    it('GOV-3 marketing needs consent, and not known is no', async () => {
      const unknown = await bench.customer({ smsConsent: null, callConsent: true });
      const refused = await bench.customer({ callConsent: false });
      expect((await bench.reserve(unknown, { channel: 'sms', purpose: 'marketing' })).reasons).toEqual(['no_consent']);
      expect((await bench.reserve(refused, { purpose: 'marketing' })).reasons).toEqual(['no_consent']);
      expect((await bench.reserve(unknown, { channel: 'sms', purpose: 'care' })).allowed).toBe(true);
    });

    it('GOV-1 a customer who left gets neither marketing nor care, but a promised callback', async () => {
      const customer = await bench.customer({ status: 'churned' });
      expect((await bench.reserve(customer, { purpose: 'marketing' })).reasons).toEqual(['inactive']);
      expect((await bench.reserve(customer, { purpose: 'care' })).reasons).toEqual(['inactive']);
      expect((await bench.reserve(customer, { purpose: 'callback' })).allowed).toBe(true);
    });

    it('CUS-1 a void number is not dialled', async () => {
      const customer = await bench.customer({ health: 'invalid' });
      expect((await bench.reserve(customer)).reasons).toEqual(['invalid_number']);
    });

    it('GOV-7 a protected customer gets no marketing until the last protection is released', async () => {
      const customer = await bench.customer();
      const protection = (ref: string) => ({ customerId: customer.customerId, kind: 'complaint' as const, ref, source: 'tickets' });
      await bench.db.tx(async (tx) => {
        await bench.contact.protect(tx, protection('T1'));
        await bench.contact.protect(tx, protection('T2'));
        await bench.contact.unprotect(tx, protection('T1'));
      });
      expect(await bench.reserve(customer, { purpose: 'marketing' })).toMatchObject({ reasons: ['protected'], until: null });
      expect((await bench.reserve(customer, { purpose: 'care' })).allowed).toBe(true);
      await bench.db.tx((tx) => bench.contact.unprotect(tx, protection('T2')));
      expect((await bench.reserve(customer, { purpose: 'marketing' })).allowed).toBe(true);
    });

    it('GOV-7 after a refusal the same product family rests, another one does not', async () => {
      const customer = await bench.customer();
      const until = new Date('2027-02-22T10:00:00+08:00');
      await bench.db.tx((tx) =>
        bench.contact.coolOff(tx, { customerId: customer.customerId, family: '5g', from: bench.clock.now(), cause: 'refused' }),
      );
      expect(await bench.reserve(customer, { purpose: 'marketing', productFamily: '5g' })).toMatchObject({ reasons: ['cooling_off'], until });
      expect((await bench.reserve(customer, { purpose: 'marketing', productFamily: 'broadband' })).allowed).toBe(true);
    });

    it.each([
      ['2026-11-24T07:59:00+08:00', '2026-11-24T09:00:00+08:00'],
      ['2026-11-24T12:00:00+08:00', '2026-11-24T14:00:00+08:00'],
      ['2026-11-24T20:00:00+08:00', '2026-11-25T09:00:00+08:00'],
    ])('GOV-4 no calls at %s, again from %s', async (at, until) => {
      bench.clock.set(at);
      expect(await bench.reserve(await bench.customer())).toMatchObject({ reasons: ['quiet_hours'], until: new Date(until) });
    });

    it('GOV-4 a promised callback obeys only the hard window', async () => {
      bench.clock.set('2026-11-24T12:30:00+08:00');
      expect((await bench.reserve(await bench.customer(), { purpose: 'callback' })).allowed).toBe(true);
      bench.clock.set('2026-11-24T21:00:00+08:00');
      expect((await bench.reserve(await bench.customer(), { purpose: 'callback' })).reasons).toEqual(['quiet_hours']);
    });

    it('GOV-4 a campaign may name its own window, inside the hard one', async () => {
      const callWindow = [['07:00', '22:00']] as const;
      bench.clock.set('2026-11-24T13:00:00+08:00');
      expect((await bench.reserve(await bench.customer(), { callWindow })).allowed).toBe(true);
      bench.clock.set('2026-11-24T21:30:00+08:00');
      expect(await bench.reserve(await bench.customer(), { callWindow })).toMatchObject({
        reasons: ['quiet_hours'],
        until: new Date('2026-11-25T08:00:00+08:00'),
      });
    });

    it('GOV-4 on the statutory days of Spring Festival and National Day only promised callbacks and service go out', async () => {
      bench.clock.set('2026-10-02T10:00:00+08:00');
      const customer = await bench.customer();
      expect(await bench.reserve(customer)).toMatchObject({ reasons: ['quiet_hours'], until: new Date('2026-10-04T09:00:00+08:00') });
      expect((await bench.reserve(customer, { purpose: 'callback' })).allowed).toBe(true);
      bench.clock.set('2026-02-16T10:00:00+08:00'); // New Year's Eve
      expect((await bench.reserve(customer, { channel: 'sms' })).reasons).toEqual(['quiet_hours']);
    });

    it('GOV-6 a festival greeting is never sent from here', async () => {
      bench.clock.set('2026-10-01T10:00:00+08:00');
      expect(await bench.reserve(await bench.customer(), { channel: 'sms', purpose: 'greeting' })).toMatchObject({
        reasons: ['central_greeting', 'quiet_hours'],
        until: null,
      });
    });

    it('GOV-5 the third call of a day is refused until the next morning', async () => {
      const customer = await bench.customer();
      await bench.confirm(await bench.reserve(customer));
      await bench.confirm(await bench.reserve(customer, { purpose: 'marketing' }));
      expect(await bench.reserve(customer)).toMatchObject({ reasons: ['cap_reached'], until: new Date('2026-11-25T09:00:00+08:00') });
    });

    it('GOV-5 the third marketing message is refused until a week after the first of two', async () => {
      const customer = await bench.customer();
      const sms = { channel: 'sms', purpose: 'marketing' } as const;
      bench.clock.set('2026-11-19T18:02:00+08:00');
      await bench.confirm(await bench.reserve(customer, sms));
      bench.clock.set('2026-11-20T09:00:00+08:00');
      await bench.confirm(await bench.reserve(customer, sms));
      bench.clock.set(TEN);
      expect(await bench.reserve(customer, sms)).toMatchObject({ reasons: ['cap_reached'], until: new Date('2026-11-26T18:02:00+08:00') });
      bench.clock.set('2026-11-26T18:02:00+08:00');
      expect((await bench.reserve(customer, sms)).allowed).toBe(true);
    });

    it('GOV-5 two filler greetings a month; birthday and service messages are not filler', async () => {
      const customer = await bench.customer();
      const greeting = { channel: 'sms', purpose: 'greeting' } as const;
      await bench.confirm(await bench.reserve(customer, { channel: 'sms', purpose: 'care' }));
      await bench.confirm(await bench.reserve(customer, greeting));
      await bench.confirm(await bench.reserve(customer, greeting));
      expect(await bench.reserve(customer, greeting)).toMatchObject({ reasons: ['cap_reached'], until: new Date('2026-12-01T08:00:00+08:00') });
      expect((await bench.reserve(customer, { channel: 'sms', purpose: 'care' })).allowed).toBe(true);
    });

    it('R25 limits are counted by customer at the moment of dialling, whichever number is dialled and however the row came back', async () => {
      const customer = await bench.customer();
      await bench.db.run(sql`insert into customers.line (customer_id, number, created_at, updated_at)
        values (${customer.customerId}, '+8613700137000', ${bench.clock.now()}, ${bench.clock.now()})`);
      const second = { ...customer, number: '+8613700137000' };
      await bench.confirm(await bench.reserve(customer, { campaignId: '1' }));
      await bench.confirm(await bench.reserve(second, { campaignId: '2' }));
      for (const line of [customer, second]) expect((await bench.reserve(line, { campaignId: '3' })).reasons).toEqual(['cap_reached']);
    });

    it('R25 a promised callback is not refused by caps', async () => {
      const customer = await bench.customer();
      await bench.confirm(await bench.reserve(customer));
      await bench.confirm(await bench.reserve(customer));
      expect((await bench.reserve(customer, { purpose: 'callback' })).allowed).toBe(true);
    });

    it('R25 callbacks have an allowance of their own: the fourth of a day waits for the morning, and each counts as a call', async () => {
      const customer = await bench.customer();
      for (let i = 0; i < 3; i += 1) await bench.confirm(await bench.reserve(customer, { purpose: 'callback' }));
      const refused = { allowed: false, reasons: ['cap_reached'] };
      expect(await bench.reserve(customer, { purpose: 'callback' })).toMatchObject({ ...refused, until: new Date('2026-11-25T08:00:00+08:00') });
      expect(await bench.reserve(customer)).toMatchObject(refused);
    });

    it('GOV-5 calls and messages are counted apart: a full cap of one leaves the other alone', async () => {
      const customer = await bench.customer();
      const sms = { channel: 'sms', purpose: 'marketing' } as const;
      for (let i = 0; i < 2; i += 1) await bench.confirm(await bench.reserve(customer, sms));
      expect((await bench.reserve(customer, sms)).reasons).toEqual(['cap_reached']);
      for (let i = 0; i < 2; i += 1) await bench.confirm(await bench.reserve(customer, { purpose: 'marketing' }));
      expect((await bench.reserve(customer, { purpose: 'marketing' })).reasons).toEqual(['cap_reached']);
    });

    it('GOV-8 while another system holds a customer for a call nobody else dials, and the other way round', async () => {
      const [ours, theirs] = [await bench.customer(), await bench.customer()];
      const robot = { source: 'api:robot:spring' };
      const held = { allowed: false, reasons: ['cap_reached'], until: new Date('2026-11-24T10:30:00+08:00') };
      await bench.reserve(theirs, robot);
      expect(await bench.reserve(theirs, { purpose: 'callback' })).toMatchObject(held);
      expect((await bench.reserve(theirs, { channel: 'sms' })).allowed).toBe(true);
      const desk = await bench.reserve(ours, { source: 'desk' });
      expect(await bench.reserve(ours, robot)).toMatchObject(held);
      await bench.confirm(desk);
      expect((await bench.reserve(ours, robot)).allowed).toBe(true);
    });

    it('GOV-6 a message that wishes a happy National Day is refused on any day, whatever it calls itself', async () => {
      const customer = await bench.customer();
      const ask = async (text: string, purpose: 'care' | 'marketing' | 'service' = 'care'): Promise<string[]> =>
        (await bench.reserve(customer, { channel: 'sms', purpose, text })).reasons;
      expect(await ask('【中国电信】张先生，祝您国庆节快乐！')).toEqual(['central_greeting']);
      expect(await ask('新春快乐，办理宽带立减100元', 'marketing')).toEqual(['central_greeting']);
      expect(await ask('国庆期间营业厅9点开门')).toEqual([]);
      expect(await ask('您的账单已出。祝您春节愉快', 'service')).toEqual([]);
    });

    it('GOV-1 a refusal keeps what each rule saw and the setting it was held against', async () => {
      bench.clock.set('2026-11-24T22:00:00+08:00');
      const customer = await bench.customer({ smsConsent: false });
      await block(customer.number, 'marketing', 'sms', new Date('2026-12-24T10:00:00+08:00'));
      const { touchId } = await bench.reserve(customer, { channel: 'sms', purpose: 'marketing' });
      const { facts } = await bench.db.one<{ facts: object }>(sql`select facts from contact.touch where id = ${touchId}`);
      expect(facts).toEqual({
        opted_out: { by: '客户要求', scopes: 'marketing', until: '2026-12-24T02:00:00+00:00' },
        no_consent: { consent: false },
        quiet_hours: { slots: '08:00–21:00' },
      });
    });

    it('gives every reason at once, what lasts before what passes', async () => {
      bench.clock.set('2026-11-24T22:00:00+08:00');
      const customer = await bench.customer({ smsConsent: null, status: 'suspended' });
      await block(customer.number, 'marketing');
      expect((await bench.reserve(customer, { channel: 'sms', purpose: 'marketing' })).reasons).toEqual([
        'inactive',
        'opted_out',
        'no_consent',
        'quiet_hours',
      ]);
    });

    it('says not found for a customer who does not exist, and writes nothing', async () => {
      await expect(bench.reserve({ customerId: '999999', number: '+8613000000000' })).rejects.toMatchObject({ code: 'not_found' });
    });
  });

  describe('what counts', () => {
    it('a reservation counts while it lasts: given back or run out it counts no more', async () => {
      const customer = await bench.customer();
      const first = await bench.reserve(customer);
      await bench.reserve(customer);
      expect(await bench.reserve(customer)).toMatchObject({ allowed: false, until: new Date('2026-11-24T10:30:00+08:00') });
      await bench.db.tx((tx) => bench.contact.release(tx, [first.touchId]));
      expect((await bench.reserve(customer)).allowed).toBe(true);
      bench.clock.set('2026-11-24T10:31:00+08:00');
      await bench.reserve(customer);
      expect((await bench.reserve(customer)).allowed).toBe(true);
    });

    it('incoming calls, visits and WeCom do not count against calls, and an incoming call is never refused', async () => {
      bench.clock.set('2026-11-24T22:00:00+08:00');
      const customer = await bench.customer();
      await block(customer.number, 'all');
      const incoming = await bench.reserve(customer, { channel: 'inbound', purpose: 'service' });
      expect(incoming.allowed).toBe(true);
      bench.clock.set(TEN);
      const other = await bench.customer();
      for (const channel of ['inbound', 'wecom', 'visit', 'inbound'] as const) await bench.confirm(await bench.reserve(other, { channel }));
      expect((await bench.reserve(other)).allowed).toBe(true);
    });

    it('GOV-1 history that arrives by feed counts against the caps, and the same history twice is one', async () => {
      const customer = await bench.customer();
      const days = ['2026-11-20', '2026-11-20', '2026-11-21', '2026-11-22', '2026-11-23'];
      const select = sql`
        select overlay(platform.uuid_floor((d || ' 11:00+08')::timestamptz)::text placing lpad(n::text, 12, '0') from 25)::uuid as id,
               ${customer.customerId}::bigint as customer_id, ${customer.number}::text as number, 'call' as channel, 'care' as purpose,
               null::bigint as campaign_id, 'feed' as source, (d || ' 11:00+08')::timestamptz as at
        from unnest(${days}::text[]) with ordinality as r(d, n)`;
      expect(await bench.db.tx((tx) => bench.contact.recordHistory(tx, select))).toBe(5);
      expect(await bench.db.tx((tx) => bench.contact.recordHistory(tx, select))).toBe(0);
      expect(await bench.reserve(customer)).toMatchObject({ reasons: ['cap_reached'], until: new Date('2026-11-27T11:00:00+08:00') });
    });

    it('a touch taken months ago finds its month', async () => {
      const customer = await bench.customer();
      const select = sql`select platform.uuid_v7('2024-03-05 11:00+08') as id, ${customer.customerId}::bigint as customer_id, ${customer.number}::text as number,
        'call' as channel, 'care' as purpose, null::bigint as campaign_id, 'feed' as source, '2024-03-05 11:00+08'::timestamptz as at`;
      await bench.db.tx((tx) => bench.contact.recordHistory(tx, select));
      const row = await bench.db.one<{ part: string }>(
        sql`select tableoid::regclass::text as part from contact.touch where customer_id = ${customer.customerId}`,
      );
      expect(row.part).toBe('contact.touch_202403');
    });
  });

  it('the first contact of a month nobody prepared makes its partition', async () => {
    bench.clock.set('2028-05-09T10:00:00+08:00');
    const verdict = await bench.reserve(await bench.customer());
    const { part } = await bench.db.one<{ part: string }>(
      sql`select tableoid::regclass::text as part from contact.touch where id = ${verdict.touchId}`,
    );
    expect(part).toBe('contact.touch_202805');
  });

  describe('at the same time', () => {
    it('GOV-5 of 20 parallel reservations against room for one exactly one is allowed', async () => {
      const customer = await bench.customer();
      await bench.confirm(await bench.reserve(customer));
      const verdicts = await Promise.all(Array.from({ length: 20 }, () => bench.reserve(customer)));
      expect(verdicts.filter((verdict) => verdict.allowed)).toHaveLength(1);
    });

    it('batches that share customers in opposite order do not wait for each other for ever', async () => {
      const customers = await Promise.all(Array.from({ length: 30 }, () => bench.customer()));
      const ask = { channel: 'call', purpose: 'care', source: 'test', at: bench.clock.now() } as const;
      const batches = Array.from({ length: 8 }, (_, i) => (i % 2 ? customers : [...customers].reverse()));
      const verdicts = await Promise.all(batches.map((rows) => bench.db.tx((tx) => bench.contact.reserveBatch(tx, { ...ask, rows }))));
      const allowed = verdicts.flatMap((map) => [...map.values()]).filter((verdict) => verdict.allowed);
      expect(allowed).toHaveLength(60);
    });

    it('a batch above the number of locks holds the whole gate, single asks wait', async () => {
      const made = await bench.db.rows<{ customerId: string; number: string }>(sql`
        with c as (insert into customers.customer (org_unit_id, created_at, updated_at)
          select (select min(id) from staff.org_unit), ${bench.clock.now()}, ${bench.clock.now()} from generate_series(1, 2500) returning id),
        l as (insert into customers.line (customer_id, number, created_at, updated_at)
          select id, '+86137' || lpad(id::text, 8, '0'), ${bench.clock.now()}, ${bench.clock.now()} from c returning customer_id, number)
        select customer_id as "customerId", number from l`);
      const ask = { channel: 'call', purpose: 'care', source: 'test', at: bench.clock.now() } as const;
      const one = made[0] as (typeof made)[number];
      const [batch, ...singles] = await Promise.all([
        bench.db.tx((tx) => bench.contact.reserveBatch(tx, { ...ask, rows: made })),
        ...Array.from({ length: 5 }, () => bench.reserve(one)),
      ]);
      expect(batch.size).toBe(2500);
      const granted = [batch.get(one.customerId), ...singles].filter((verdict) => verdict?.allowed);
      expect(granted).toHaveLength(2);
    });
  });

  it('R39 the database refuses an attempt and a message without an allowed touch', async () => {
    const customer = await bench.customer();
    await block(customer.number, 'all');
    const refused = await bench.reserve(customer, { channel: 'sms' });
    const message = (touchId: string): Promise<number> =>
      bench.db
        .run(sql`insert into messaging.message (id, customer_id, line_id, number, touch_id, purpose, body, parts, encoding, gateway_code, state, created_at)
        values (platform.uuid_v7(${bench.clock.now()}), ${customer.customerId}, (select id from customers.line where number = ${customer.number}), ${customer.number}, ${touchId}, 'care', '您好', 1, 'ucs2', 'simulator', 'queued', ${bench.clock.now()})`);
    await expect(message(refused.touchId)).rejects.toThrow(/foreign key/);
    await expect(message('00000000-0000-7000-8000-000000000000')).rejects.toThrow(/foreign key/);
    const allowed = await bench.reserve(await bench.customer(), { channel: 'sms' });
    expect(await message(allowed.touchId)).toBe(1);
  });
});
